#include "worker/follow_up.hpp"

#include "worker/advance.hpp"
#include "worker/fire.hpp"
#include "worker/max_fails.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace sched::worker {
namespace {

void append(std::vector<model::RunId>& all, const std::vector<model::RunId>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

model::Cause cause_of(store::Store& store, const FinalEnd& end, model::HandlerKind kind) {
  return {kind,        end.run.id, end.run.attempts, store.tasks().label(end.run.task),
          end.outcome, end.reason};
}

/// The run of a handler for this end, or empty when that is there already. A fallback stands for
/// the same moment as what it replaces, the others for the end.
std::optional<model::RunId> fire_handler(store::Store& store, const FinalEnd& end,
                                         const model::Handler& handler, time::Instant now) {
  const model::Cause cause = cause_of(store, end, handler.kind);
  const bool in_its_place = handler.kind == model::HandlerKind::fallback;
  const auto run =
      fire(store, store.tasks().task(handler.handler),
           {model::trigger_of(cause), in_its_place ? end.run.nominal_at : now, now}, now);
  if (run) {
    store.handlers().note_cause(*run, cause);
  }
  return run;
}

/// What has its end here, by what is to become of it.
class FollowUp {
 public:
  FollowUp(store::Store& store, const std::vector<FinalEnd>& ends, time::Instant now)
      : store_(store), ends_(ends), now_(now) {}

  Followed follow() {
    tell_dependents();
    run_fallbacks();
    run_handlers();
    for (const FinalEnd& end : ends_) {
      if (model::is_failure(end.outcome)) {
        stop_flow(end);
        if (end.bounds_tags && !followed_.in_place.contains(end.run.id)) {
          hold_tagged(store_, store_.tasks().task(end.run.task).max_fails);
        }
      } else if (end.outcome == model::Outcome::succeeded) {
        make_good_replaced(end);
      }
    }
    return std::move(followed_);
  }

 private:
  /// First of all, for advance() counts each end once, and a run that is written afterwards sees
  /// these ends when its edges are counted. What a fallback replaces is told to none: those below
  /// wait for the fallback.
  void tell_dependents() {
    std::vector<model::RunId> told;
    for (const FinalEnd& end : ends_) {
      if (end.has_handlers) {
        for (const model::Handler& handler : store_.handlers().of(end.run.task)) {
          if (model::handles(handler.kind, end.outcome)) {
            (handler.kind == model::HandlerKind::fallback ? fallbacks_ : handlers_)
                .emplace_back(&end, handler);
          }
        }
      }
      const bool is_replaced = !fallbacks_.empty() && fallbacks_.back().first == &end;
      if (!is_replaced) {
        told.push_back(end.run.id);
      }
    }
    append(followed_.skipped, advance(store_, told, now_));
    for (const auto& [end, handler] : fallbacks_) {
      append(followed_.skipped, pass_turn(store_, end->run.task, now_));
    }
  }

  /// Whether the handler looks at the newest run of a task that has just failed and will be
  /// replaced.
  bool looks_at_replaced(const model::Handler& handler) {
    const auto edges = store_.tasks().upstream_of(handler.handler);
    return std::any_of(edges.begin(), edges.end(), [this](const model::Dependency& edge) {
      return std::any_of(fallbacks_.begin(), fallbacks_.end(), [&](const auto& fallback) {
        return fallback.second.task == edge.upstream;
      });
    });
  }

  void run_fallbacks() {
    if (fallbacks_.size() > 1) {
      // So that it finds the run in its place.
      std::stable_partition(fallbacks_.begin(), fallbacks_.end(), [this](const auto& fallback) {
        return !looks_at_replaced(fallback.second);
      });
    }
    std::vector<model::RunId> waiting;
    for (const auto& [end, handler] : fallbacks_) {
      const auto run = fire_handler(store_, *end, handler, now_);
      if (run) {
        if (end->run.flow) {
          store_.runs().set_flow(*run, end->run.flow);
        }
        store_.bindings().move(end->run.id, *run);
        store_.runs().add_to_reason(end->run.id, in_place_text(store_, *run));
        followed_.in_place.emplace(end->run.id, *run);
      }
      for (const store::Dependent& dependent :
           store_.bindings().dependents_of(run.value_or(end->run.id))) {
        waiting.push_back(dependent.run);
      }
    }
    // Only now: one may have looked at two of them.
    for (const model::RunId run : waiting) {
      append(followed_.skipped, refresh(store_, run, now_));
    }
  }

  void run_handlers() {
    for (const auto& [end, handler] : handlers_) {
      fire_handler(store_, *end, handler, now_);
    }
  }

  void stop_flow(const FinalEnd& end) {
    if (end.run.flow && !followed_.in_place.contains(end.run.id)) {
      append(followed_.skipped, stop_failed_flow(store_, end.run.flow, now_));
    }
  }

  /// A fallback succeeded: what it replaced, and what that replaced, needs nobody any more.
  void make_good_replaced(const FinalEnd& end) {
    std::string trigger = end.run.trigger;
    model::RunId here = end.run.id;
    while (model::kind_in_trigger(trigger) == model::HandlerKind::fallback) {
      const auto cause = store_.handlers().cause_of(here);
      const auto replaced = cause ? store_.runs().find(cause->run) : std::nullopt;
      if (!replaced || replaced->attempts != cause->attempt) {
        return;  // It is gone, or was tried again by hand and stands for itself.
      }
      store_.dead_letters().resolve(
          replaced->id, fmt::format("fallback {} succeeded", model::label(end.run.id)), now_);
      here = replaced->id;
      trigger = replaced->trigger;
    }
  }

  store::Store& store_;
  const std::vector<FinalEnd>& ends_;
  time::Instant now_;
  std::vector<std::pair<const FinalEnd*, model::Handler>> fallbacks_;
  std::vector<std::pair<const FinalEnd*, model::Handler>> handlers_;
  Followed followed_;
};

}  // namespace

std::string in_place_text(store::Store& store, model::RunId fallback) {
  return fmt::format("; {} of {} runs in its place", model::label(fallback),
                     store.tasks().label(store.runs().run(fallback).task));
}

Followed follow_up(store::Store& store, const std::vector<FinalEnd>& ends, time::Instant now) {
  return FollowUp(store, ends, now).follow();
}

void take_place_back(store::Store& store, const model::Run& run) {
  const model::RunId last = store.handlers().in_place_of(run.id);
  if (last == run.id) {
    return;
  }
  const auto in_place = store.runs().find(last);
  if (in_place && in_place->outcome && in_place->outcome != model::Outcome::succeeded) {
    store.bindings().move(last, run.id, run.task);
  }
}

}  // namespace sched::worker
