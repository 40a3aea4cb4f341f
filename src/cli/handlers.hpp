#pragma once

#include "cli/draft.hpp"
#include "store/store.hpp"

#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace sched::cli {

/// The task of that name among those that are being added with it, if it is one of them.
using FindInList = std::function<std::optional<model::TaskId>(const std::string&)>;

/// Puts --on-failure, --on-success and --fallback of the draft in the place of what the task has of
/// these kinds. Adds to the draft's warnings. Throws base::Error for a name that is not there, or
/// its own. Wants a Transaction. Warns of a --max-fails for a tag that the task has not.
void set_handlers(store::Store& store, model::TaskId task, TaskDraft& draft,
                  const FindInList& in_list = {});

/// Looks for tasks that would run each other at their ends for ever.
class HandlerCycles {
 public:
  explicit HandlerCycles(store::Store& store) : store_(store) {}

  /// Throws invalid_input when such a cycle can be reached from the task, and names it in full.
  /// To be asked of each task of which handlers, dependencies or trigger were written, when all
  /// are.
  void refuse(model::TaskId task);

 private:
  store::Store& store_;
  std::unordered_set<model::TaskId> safe_;
};

/// "backup, build": the tasks whose ends this one handles; "" when there are none.
std::string handled_names(store::Store& store, model::TaskId handler);

}  // namespace sched::cli
