#pragma once

#include "cli/change_task.hpp"
#include "cli/session.hpp"

#include <string>
#include <vector>

namespace sched::cli {

// What `retry` and `dead` do to finished runs.

/// Reads "timeout=2h" of each --edit; throws invalid_input.
TaskChange read_edits(const std::vector<std::string>& edits);

/// Changes the tasks of these runs and sends the runs back to work: all of them or, when one can't
/// be retried, none (throws base::Error). Says so on stdout.
void retry_named(Session& session, const std::vector<model::RunId>& runs, const TaskChange& change,
                 bool downstream);

/// Sends back those of very many where there is something to retry; the exit code.
int retry_chosen(Session& session, const std::vector<model::RunId>& runs, bool downstream);

}  // namespace sched::cli
