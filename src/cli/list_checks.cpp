#include "cli/list_checks.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/if_exists.hpp"
#include "cli/resources.hpp"
#include "cli/trigger.hpp"
#include "rules/check_task.hpp"
#include "security/names.hpp"

#include <fmt/format.h>

namespace sched::cli {

void attempt(std::size_t place, std::vector<DraftError>& errors,
             const std::function<void()>& step) {
  try {
    step();
  } catch (const base::Error& error) {
    if (error.kind() == base::ErrorKind::store) {
      throw;
    }
    errors.push_back({place, error});
  }
}

base::Error after_itself(const std::string& text) {
  return base::bad_input(
      fmt::format("--after {}: a task can't come after itself", base::quote(text)));
}

void ListChecks::name(const TaskDraft& draft, std::size_t place) {
  const std::string& name = draft.task.name;
  if (name.empty()) {
    return;
  }
  if (const auto complaint = security::check_task_name(name)) {
    throw *complaint;
  }
  if (!by_name_.emplace(name, place).second) {
    throw base::bad_input(fmt::format("the name {} stands twice in this list", base::quote(name)),
                          "give each task a name of its own");
  }
}

void ListChecks::settle(TaskDraft& draft) {
  const std::size_t edges = draft.after ? draft.after->size() : 0;
  queues_.settle(draft, now_);
  settle_needs(store_, draft.task.needs, now_);
  settle_trigger(draft, edges > 0, now_);
  const auto complaints = rules::check_task(draft.task, edges);
  if (!complaints.errors.empty()) {
    throw complaints.errors.front();
  }
  draft.warnings.insert(draft.warnings.end(), complaints.warnings.begin(),
                        complaints.warnings.end());
}

std::optional<std::size_t> ListChecks::place_of(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<DraftError> cycle_within(std::size_t count, const rules::PlacesAbove& above,
                                       const std::function<std::string(std::size_t)>& label) {
  const auto cycle = rules::list_cycle(count, above);
  if (cycle.empty()) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  names.reserve(cycle.size());
  for (const std::size_t i : cycle) {
    names.push_back(label(i));
  }
  return DraftError{cycle.front(),
                    base::bad_input("dependencies form a cycle: " + base::join(names, " after "),
                                    "a task can't come after itself")};
}

std::optional<std::vector<std::size_t>> order_in_parts(store::Store& store, const DraftList& drafts,
                                                       IfExists if_exists, time::Instant now,
                                                       std::vector<DraftError>& errors) {
  ListChecks checks(store, now);
  std::vector<std::pair<std::size_t, std::vector<std::string>>> after;
  bool whole = false;
  for (std::size_t i = 0; i < drafts.size; ++i) {
    attempt(i, errors, [&] {
      TaskDraft draft = drafts.make(i);
      checks.name(draft, i);
      checks.settle(draft);
      const bool exists = find_existing(store, draft.task, if_exists).has_value();
      whole = whole || !draft.handlers.empty() || (exists && if_exists == IfExists::replace);
      if (draft.after && !draft.after->empty()) {
        after.emplace_back(i, std::move(*draft.after));
      }
    });
  }
  if (!errors.empty()) {
    return std::nullopt;  // Whom a line comes after may be one that could not be read.
  }
  rules::PlacesAbove above;
  for (const auto& [i, texts] : after) {
    attempt(i, errors, [&, i = i, &texts = texts] {
      for (const std::string& text : texts) {
        const model::AfterReference reference = model::parse_after(text).value();
        const auto place = checks.place_of(reference.task);
        if (!place) {
          select_upstream(store, text, reference);
        } else if (*place == i) {
          throw after_itself(text);
        } else {
          above[i].push_back(*place);
        }
      }
    });
  }
  if (errors.empty()) {
    if (const auto cycle = cycle_within(drafts.size, above,
                                        [&](std::size_t i) { return drafts.make(i).task.name; })) {
      errors.push_back(*cycle);
    }
  }
  if (!errors.empty() || whole) {
    return std::nullopt;
  }
  return rules::list_order(drafts.size, above);
}

}  // namespace sched::cli
