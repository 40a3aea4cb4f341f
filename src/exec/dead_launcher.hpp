#pragma once

#include "exec/local.hpp"

namespace sched::exec {

/// What a dead launcher knew. `journal` is its open journal, whose lock is ours, or -1 when it
/// never had one. Whatever its attempts left running is killed and gone when this returns; of
/// another boot's launcher no process is touched, for its numbers are others' now.
Roster bury_launcher(const LauncherPlaces& places, model::LauncherId id, int journal);

}  // namespace sched::exec
