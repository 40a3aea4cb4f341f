#include "model/run_state.hpp"

#include "base/named.hpp"

namespace sched::model {

const char* to_string(RunState state) {
  switch (state) {
    case RunState::waiting:
      return "waiting";
    case RunState::queued:
      return "queued";
    case RunState::running:
      return "running";
    case RunState::held:
      return "held";
    case RunState::finished:
      return "finished";
  }
  return "?";
}

const std::vector<RunState>& all_run_states() {
  static const std::vector<RunState> states = {
      RunState::waiting, RunState::queued, RunState::running, RunState::held, RunState::finished};
  return states;
}

std::optional<RunState> parse_run_state(std::string_view text) {
  return base::named(text, all_run_states());
}

bool may_move(RunState from, RunState to) {
  switch (from) {
    case RunState::waiting:
      return to == RunState::queued || to == RunState::held || to == RunState::finished;
    case RunState::queued:
      // Back to waiting: its task was paused, or its moment was moved.
      return to == RunState::running || to == RunState::waiting || to == RunState::held ||
             to == RunState::finished;
    case RunState::running:
      // Back to waiting: a retry; back to queued: the attempt never began.
      return to == RunState::finished || to == RunState::waiting || to == RunState::queued;
    case RunState::held:
      return to == RunState::waiting || to == RunState::finished;
    case RunState::finished:
      return to == RunState::waiting;  // A person retries it.
  }
  return false;
}

}  // namespace sched::model
