#include "exec/remains.hpp"

#include "exec/dead_launcher.hpp"
#include "exec/launcher_directory.hpp"
#include "exec/link.hpp"
#include "exec/links.hpp"
#include "os/lock.hpp"

namespace sched::exec {

std::vector<model::LauncherId> noted_launchers(const std::filesystem::path& launchers) {
  return list_launchers(launchers);
}

std::vector<LauncherState> launcher_states(const std::filesystem::path& launchers) {
  std::vector<LauncherState> states;
  for (const model::LauncherId id : list_launchers(launchers)) {
    const auto directory = launcher_path(launchers, id);
    LauncherState state;
    state.launcher = id;
    const os::UniqueFd worker = open_worker_file(directory);
    state.has_worker = worker && os::is_locked(worker.get());
    state.alive = !try_journal(directory, k_lock_patience).dead;
    state.pid = noted_pid(directory);
    state.stopped = state.alive && is_stopped(directory);
    states.push_back(state);
  }
  return states;
}

bool bury_launcher_of(const LauncherPlaces& places, model::LauncherId id) {
  const DeadJournal journal = try_journal(launcher_path(places.launchers, id), k_lock_patience);
  if (!journal.dead) {
    return false;
  }
  bury_launcher(places, id, journal.file.get());
  remove_launcher(places.launchers, id);
  return true;
}

void bury_all_launchers(const LauncherPlaces& places) {
  for (const model::LauncherId id : list_launchers(places.launchers)) {
    bury_launcher_of(places, id);
  }
}

}  // namespace sched::exec
