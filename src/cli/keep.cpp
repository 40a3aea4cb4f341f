#include "cli/keep.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/handlers.hpp"
#include "cli/if_exists.hpp"
#include "cli/list_checks.hpp"
#include "cli/select.hpp"
#include "cli/trigger.hpp"
#include "worker/fire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace sched::cli {
namespace {

/// Writes one list of drafts; see keep_tasks().
class Keeper {
 public:
  Keeper(store::Store& store, std::vector<TaskDraft>& drafts, IfExists if_exists, time::Instant now,
         std::vector<DraftError>& errors)
      : store_(store),
        drafts_(drafts),
        if_exists_(if_exists),
        now_(now),
        errors_(errors),
        kept_(drafts.size()),
        before_(drafts.size()) {}

  std::vector<Kept> keep() {
    each([this](std::size_t i) { checks_.name(drafts_[i], i); });
    each([this](std::size_t i) { checks_.settle(drafts_[i]); });
    if (!errors_.empty()) {
      return {};
    }
    each([this](std::size_t i) { write(i); });
    if (!errors_.empty()) {
      return {};  // What was not written has no number that an edge could name.
    }
    add_new();
    each([this](std::size_t i) { connect_new(i); });
    each([this](std::size_t i) { give_handlers(i); });
    if (!errors_.empty()) {
      return {};
    }
    // What is replaced comes last and looks for cycles in all that is there by then; a cycle
    // without any of it lies within the list.
    const std::vector<std::size_t> order = in_order();
    if (!errors_.empty()) {
      return {};
    }
    for (const std::size_t i : order) {
      attempt(i, errors_, [&] { connect_replaced(i); });
    }
    each([this](std::size_t i) { refuse_handler_cycle(i); });
    if (!errors_.empty()) {
      return {};
    }
    // In the order of --after, so that what is above has its run first.
    for (const std::size_t i : order) {
      if (is_plain(i)) {
        plain_.push_back(i);
        continue;
      }
      fire_plain();
      if (kept_[i].how != Kept::How::existed) {
        first_run(i);
      } else {
        kept_[i].next_at = store_.tasks().task(kept_[i].id).next_at;
      }
      if (kept_[i].how != Kept::How::added) {
        if (const auto newest = store_.runs().newest_of(kept_[i].id)) {
          kept_[i].run = newest->id;
        }
      }
    }
    fire_plain();
    return std::move(kept_);
  }

 private:
  template <typename Step>
  void each(Step step) {
    for (std::size_t i = 0; i < drafts_.size(); ++i) {
      attempt(i, errors_, [&] { step(i); });
    }
  }

  /// A key was found, and the new name may be that of another task.
  void refuse_others_name(const model::Task& task) {
    const auto taken = task.name.empty() ? std::nullopt : store_.tasks().find_by_name(task.name);
    if (taken && *taken != task.id) {
      throw base::bad_input(fmt::format("there is a task {} already", base::quote(task.name)),
                            "choose another name");
    }
  }

  void write(std::size_t i) {
    TaskDraft& draft = drafts_[i];
    Kept& kept = kept_[i];
    model::Task& task = draft.task;
    task.tags = draft.tags.value_or(task.tags);
    task.created_at = now_;
    kept.has_deadlines = !task.deadlines.empty();
    if (new_keys_.contains(task.key)) {
      add_new();
    }
    if (const auto found = find_existing(store_, task, if_exists_)) {
      kept.id = *found;
      kept.how = if_exists_ == IfExists::replace ? Kept::How::replaced : Kept::How::existed;
      if (kept.how == Kept::How::replaced) {
        const model::Task& old = before_[i].emplace(store_.tasks().task(*found));
        task.id = *found;
        task.paused = old.paused;
        task.name = task.name.empty() ? old.name : task.name;
        refuse_others_name(task);
        task.key = task.key.empty() ? old.key : task.key;
        leave_moments(store_, old, task, now_);
        store_.tasks().update(task);
      }
      kept.label = store_.tasks().label(kept.id);
      return;
    }
    new_.push_back(i);
    if (!task.key.empty()) {
      new_keys_.insert(task.key);
    }
  }

  /// Writes the new ones that were not yet, all together.
  void add_new() {
    std::vector<model::Task*> tasks;
    tasks.reserve(new_.size());
    for (const std::size_t i : new_) {
      tasks.push_back(&drafts_[i].task);
    }
    store_.tasks().add(tasks);
    for (const std::size_t i : new_) {
      kept_[i].id = drafts_[i].task.id;
      kept_[i].label = model::label(drafts_[i].task);
    }
    new_.clear();
    new_keys_.clear();
  }

  /// New, after nothing, and to run once: as most of a long list are.
  bool is_plain(std::size_t i) const {
    return kept_[i].how == Kept::How::added && (!drafts_[i].after || drafts_[i].after->empty()) &&
           worker::fires_alone(drafts_[i].task);
  }

  /// Gives those their runs, all together.
  void fire_plain() {
    std::vector<const model::Task*> tasks;
    tasks.reserve(plain_.size());
    for (const std::size_t i : plain_) {
      tasks.push_back(&drafts_[i].task);
    }
    const auto runs = worker::fire_all_at_add(store_, tasks, now_);
    for (std::size_t at = 0; at < plain_.size(); ++at) {
      kept_[plain_[at]].run = runs[at];
    }
    plain_.clear();
  }

  void connect_new(std::size_t i) {
    const TaskDraft& draft = drafts_[i];
    for (const std::string& text : draft.after.value_or(std::vector<std::string>{})) {
      if (kept_[i].how == Kept::How::added) {
        add_edge(i, text);
      } else if (kept_[i].how == Kept::How::replaced) {
        note_above(i, model::parse_after(text).value().task);
      }
    }
  }

  void connect_replaced(std::size_t i) {
    if (kept_[i].how == Kept::How::replaced) {
      replace_edges(store_, kept_[i].id, drafts_[i].after.value_or(std::vector<std::string>{}));
    }
  }

  void give_handlers(std::size_t i) {
    if (kept_[i].how == Kept::How::existed) {
      return;
    }
    if (kept_[i].how == Kept::How::replaced) {
      store_.handlers().clear(kept_[i].id);
    }
    set_handlers(store_, kept_[i].id, drafts_[i], [this](const std::string& name) {
      const auto place = checks_.place_of(name);
      return place ? std::optional(kept_[*place].id) : std::nullopt;
    });
  }

  /// A new task that handles nobody and has no handlers can't be part of one.
  void refuse_handler_cycle(std::size_t i) {
    if (kept_[i].how == Kept::How::replaced || !drafts_[i].handlers.empty()) {
      handler_cycles_.refuse(kept_[i].id);
    }
  }

  /// The place in the list of a task that one of the list comes after; empty when it is elsewhere.
  std::optional<std::size_t> note_above(std::size_t i, const std::string& name) {
    const auto in_list = checks_.place_of(name);
    if (in_list) {
      above_[i].push_back(*in_list);
    }
    return in_list;
  }

  void add_edge(std::size_t i, const std::string& text) {
    const model::AfterReference reference = model::parse_after(text).value();
    model::Dependency edge;
    edge.task = kept_[i].id;
    edge.condition = reference.condition;
    if (const auto in_list = note_above(i, reference.task)) {
      edge.upstream = kept_[*in_list].id;
    } else {
      edge.upstream = select_upstream(store_, text, reference);
    }
    if (edge.upstream == edge.task) {
      throw after_itself(text);
    }
    store_.tasks().add_dependency(edge);
  }

  /// Indices with everything above first; a cycle within the list becomes an error of its lines.
  std::vector<std::size_t> in_order() {
    if (const auto cycle = cycle_within(drafts_.size(), above_,
                                        [this](std::size_t at) { return kept_[at].label; })) {
      errors_.push_back(*cycle);
    }
    return rules::list_order(drafts_.size(), above_);
  }

  void first_run(std::size_t i) {
    const bool is_new = kept_[i].how == Kept::How::added;
    model::Task stored;
    if (!is_new) {
      stored = store_.tasks().task(kept_[i].id);
    }
    model::Task& task = is_new ? drafts_[i].task : stored;
    // A task with a moment of its own fires at that alone, whatever is above it.
    const bool is_upstream = task.trigger == model::TriggerKind::upstream;
    bool repeats = repeats_by_itself(task);
    for (const model::Dependency& edge : store_.tasks().upstream_of(task.id)) {
      repeats = repeats || (is_upstream && store_.tasks().task(edge.upstream).repeats);
    }
    if (repeats != task.repeats) {
      task.repeats = repeats;
      store_.tasks().update(task);
    }
    if (before_[i]) {
      kept_[i].next_at = go_on(store_, *before_[i], task, now_);
    } else if (task.schedule) {
      kept_[i].next_at = begin_schedule(store_, task, now_);
    }
    if (task.trigger == model::TriggerKind::timed) {
      end_single_run(store_, task, now_);
    }
    if (!is_new && !store_.runs().unfinished_of(task.id).empty()) {
      let_runs_follow(store_, task, true, now_);
    } else {
      kept_[i].run = worker::fire_at_add(store_, task, now_);
    }
  }

  store::Store& store_;
  std::vector<TaskDraft>& drafts_;
  IfExists if_exists_;
  time::Instant now_;
  ListChecks checks_{store_, now_};
  HandlerCycles handler_cycles_{store_};
  std::vector<DraftError>& errors_;
  std::vector<Kept> kept_;
  std::vector<std::optional<model::Task>> before_;  ///< Those that were replaced.
  rules::PlacesAbove above_;
  std::vector<std::size_t> new_;  ///< To be added.
  std::set<std::string_view> new_keys_;
  std::vector<std::size_t> plain_;  ///< To get their runs.
};

}  // namespace

std::vector<Kept> keep_tasks(store::Store& store, std::vector<TaskDraft>& drafts,
                             IfExists if_exists, time::Instant now,
                             std::vector<DraftError>& errors) {
  return Keeper(store, drafts, if_exists, now, errors).keep();
}

}  // namespace sched::cli
