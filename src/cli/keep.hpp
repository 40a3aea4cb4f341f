#pragma once

#include "cli/draft.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::cli {

/// What to do with a key or name that is there already.
enum class IfExists {
  usual,    ///< A key is skipped, a name is an error.
  skip,     ///< The task that is there is the answer.
  replace,  ///< It takes the new definition; runs that have not begun follow it.
  error,
};
IfExists parse_if_exists(const std::string& text);

struct Kept {
  enum class How { added, existed, replaced };
  How how = How::added;
  model::TaskId id;
  std::string label;
  std::optional<model::RunId> run;  ///< The run that it got; none while it waits for its trigger.
  std::optional<time::Instant> next_at;  ///< Its next firing, with a schedule.
  bool has_deadlines = false;            ///< It was given some.
};

/// An error of one draft among many.
struct DraftError {
  std::size_t index = 0;
  base::Error error;
};

/// Writes tasks with their edges and first runs. Edges may name tasks of the same list, in any
/// order. Complaints come back in `errors`, and then nothing may be committed. Wants a Transaction.
std::vector<Kept> keep_tasks(store::Store& store, std::vector<TaskDraft>& drafts,
                             IfExists if_exists, time::Instant now,
                             std::vector<DraftError>& errors);

/// The task that `reference`, read from `text`, comes after. Throws not_found, or invalid_input
/// when what stands behind the last ':' of a task that is there must be a misspelt condition.
model::TaskId select_upstream(store::Store& store, const std::string& text,
                              const model::AfterReference& reference);

/// Puts --after in the place of all edges of a task that exists. Throws base::Error for a name that
/// is not there and for a cycle, which is named in full. Wants a Transaction.
void replace_edges(store::Store& store, model::TaskId task, const std::vector<std::string>& after);

}  // namespace sched::cli
