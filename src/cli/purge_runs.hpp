#pragma once

#include "cli/session.hpp"

#include <vector>

namespace sched::cli {

/// Removes these finished runs with their logs, and one-time tasks with their only run, as far as
/// nothing that stays needs them. Says on stdout what went, and what stays; the exit code.
int purge_runs(Session& session, const std::vector<model::RunId>& runs);

}  // namespace sched::cli
