#pragma once

#include "model/claim.hpp"
#include "model/ending.hpp"
#include "model/outcome.hpp"
#include "model/run_state.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>

namespace sched::model {

/// What follows for a run from the end of its attempt, as one value. Guarded by its claim.
struct Settlement {
  Claim claim;
  bool counts = true;      ///< False: the attempt never began and is handed back; its row goes.
  bool displaced = false;  ///< It gave way to another run, and begins anew in its turn.
  Outcome attempt_outcome = Outcome::succeeded;
  std::string attempt_reason;
  Ending ending;

  RunState next = RunState::finished;  ///< finished; waiting (a retry); queued (handed back).
  std::optional<Outcome> outcome;      ///< Of the run, only when finished.
  std::string reason;
  std::optional<int> exit_code;
  time::Instant not_before{};  ///< Of a retry.
};

}  // namespace sched::model
