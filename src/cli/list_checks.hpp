#pragma once

#include "cli/keep.hpp"
#include "cli/queues.hpp"
#include "rules/list_order.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace sched::cli {

/// Has `step` look at the draft of that place; a complaint goes to `errors`, trouble with the store
/// on to the caller.
void attempt(std::size_t place, std::vector<DraftError>& errors, const std::function<void()>& step);

/// That a task is to come after itself, as `text` of --after has it.
base::Error after_itself(const std::string& text);

/// What is asked of each draft of a list before any of them is written.
class ListChecks {
 public:
  ListChecks(store::Store& store, time::Instant now) : store_(store), now_(now) {}

  /// Takes its name, and throws when that is refused or stands in the list already.
  void name(const TaskDraft& draft, std::size_t place);
  /// Puts it into its queue and settles its trigger; throws what speaks against it.
  void settle(TaskDraft& draft);
  /// Where in the list a task of this name stands.
  std::optional<std::size_t> place_of(const std::string& name) const;

 private:
  store::Store& store_;
  QueueSettler queues_{store_};
  time::Instant now_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

/// A cycle within a list as an error of its first line; `label` has a name for each place.
std::optional<DraftError> cycle_within(std::size_t count, const rules::PlacesAbove& above,
                                       const std::function<std::string(std::size_t)>& label);

/// A list of drafts that are made when they are wanted, each time anew: `make` throws base::Error.
struct DraftList {
  std::size_t size = 0;
  std::function<std::size_t(std::size_t)> bytes;  ///< About: what it is made of.
  std::function<TaskDraft(std::size_t)> make;
};

/// The order in which a list can be kept part by part, each draft behind those of the list that it
/// comes after. Empty where it has to be kept as a whole: some of it has handlers, or replaces what
/// is there. Looks for all complaints that keeping it would bring, and writes nothing.
std::optional<std::vector<std::size_t>> order_in_parts(store::Store& store, const DraftList& drafts,
                                                       IfExists if_exists, time::Instant now,
                                                       std::vector<DraftError>& errors);

}  // namespace sched::cli
