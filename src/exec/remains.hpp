#pragma once

#include "exec/local.hpp"

#include <vector>

namespace sched::exec {

/// The numbers of all launchers that have a directory, dead ones too.
std::vector<model::LauncherId> noted_launchers(const std::filesystem::path& launchers);

/// How a launcher stands, as far as its locks and its process tell.
struct LauncherState {
  model::LauncherId launcher;
  int pid = 0;  ///< 0 while it has not begun.
  bool alive = false;
  bool stopped = false;  ///< SIGSTOP, or a freezer.
  bool has_worker = false;
};
std::vector<LauncherState> launcher_states(const std::filesystem::path& launchers);

/// Ends what a dead launcher has left running and removes its directory; false when it lives.
bool bury_launcher_of(const LauncherPlaces& places, model::LauncherId id);

/// The same for all: for a store that knows nothing of them any more.
void bury_all_launchers(const LauncherPlaces& places);

}  // namespace sched::exec
