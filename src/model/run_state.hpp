#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace sched::model {

/// Where a run stands on its way.
enum class RunState {
  waiting,   ///< For a moment, for other runs, or until its task is resumed.
  queued,    ///< May start as soon as there is room.
  running,   ///< An attempt is with a launcher.
  held,      ///< A person holds it back.
  finished,  ///< Over; the Outcome says how.
};

const char* to_string(RunState state);
std::optional<RunState> parse_run_state(std::string_view text);
const std::vector<RunState>& all_run_states();

/// The one table of legal moves. The store's guarded updates follow it.
bool may_move(RunState from, RunState to);

}  // namespace sched::model
