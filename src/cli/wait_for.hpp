#pragma once

#include "cli/session.hpp"
#include "model/ids.hpp"
#include "time/instant.hpp"

#include <optional>
#include <vector>

namespace sched::cli {

/// What to wait for, and what the exit code is to say.
struct WaitOptions {
  bool any = false;                       ///< The first end is enough; else all of them.
  std::optional<time::Duration> timeout;  ///< Empty: for ever.
  bool exit_code = false;                 ///< That of the command; only with one run.
};

/// Waits until the runs have ended and says on stderr how those ended that did not succeed; with
/// --json they stand on stdout.
///
/// Comes back with the exit code: 0 all succeeded (with `any`: the first did), 1 one ended
/// otherwise, 6 timed out, 130 interrupted; with `exit_code` that of the command, 128 + the
/// signal that ended it, or 1 when it never started. Throws not_found when a run is removed
/// meanwhile.
int wait_for(Session& session, const std::vector<model::RunId>& runs, const WaitOptions& options);

/// Refuses --exit-code where nothing is waited for.
void require_wait(bool wait, bool exit_code);

}  // namespace sched::cli
