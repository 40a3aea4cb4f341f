#pragma once

#include "cli/draft.hpp"
#include "store/store.hpp"

#include <string>
#include <utility>
#include <vector>

namespace sched::cli {

/// Fields to change, by name, each with its values; `command` in place of the old one when given.
struct TaskChange {
  std::vector<std::pair<std::string, std::vector<std::string>>> fields;
  std::optional<std::vector<std::string>> command;
  std::optional<std::string> name;
};

/// Changes a task and lets its unfinished runs follow: priority and moment at once, the rest from
/// the next attempt on. Returns the names of what was given. Throws base::Error, then nothing may
/// be committed. Wants a Transaction.
std::vector<std::string> change_task(store::Store& store, const DraftContext& context,
                                     model::TaskId id, const TaskChange& change,
                                     std::vector<std::string>& warnings);

}  // namespace sched::cli
