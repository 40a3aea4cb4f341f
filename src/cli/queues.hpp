#pragma once

#include "cli/draft.hpp"
#include "store/store.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sched::cli {

/// Throws not_found with the nearest name.
model::Queue select_queue(store::Store& store, const std::string& word);

/// The queue of this name, for a task that was in queue `now`; a draining one takes no other task.
/// Throws invalid_input.
model::Queue open_queue(store::Store& store, const std::string& name, model::QueueId now);

/// The fields of a task that a queue can have defaults for.
const std::vector<std::string>& default_fields();

/// Reads "timeout=1h"; refuses what no task could have.
std::pair<std::string, std::string> read_default(const std::string& text);

/// Throws invalid_input where a queue's default names a handler that is not there.
void require_handlers(store::Store& store, const model::Queue& queue);

/// Puts new tasks into their queues, with what these have for tasks that do not say otherwise.
class QueueSettler {
 public:
  explicit QueueSettler(store::Store& store) : store_(store) {}
  void settle(TaskDraft& draft, time::Instant now);

 private:
  store::Store& store_;
  std::map<std::string, model::Queue> known_;
};

}  // namespace sched::cli
