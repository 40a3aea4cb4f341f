#include "cli/doctor_checks.hpp"
#include "cli/stray_logs.hpp"
#include "exec/presence.hpp"
#include "exec/remains.hpp"
#include "render/phrase.hpp"
#include "store/invariants.hpp"
#include "worker/advance.hpp"
#include "worker/misplaced.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

/// Logs of attempts that the store does not know, and files that are no log.
void report_stray(Checkup& checkup, const std::vector<std::filesystem::path>& files) {
  int told = 0;
  for (const auto& path : files) {
    std::error_code failure;
    if (checkup.fix) {
      std::filesystem::remove(path, failure);
    }
    if (++told <= k_most_told) {
      checkup.found("log", fmt::format("'{}' is the log of no attempt", path.string()),
                    "sched doctor --fix", checkup.fix && !failure);
    }
  }
  if (told > k_most_told) {
    checkup.found("log", fmt::format("{} more like that", told - k_most_told), "sched doctor --fix",
                  checkup.fix);
  }
}

}  // namespace

void check_states(Checkup& checkup, store::Store& store) {
  for (const std::string& what : store::contradictions(store.db(), k_most_told)) {
    checkup.found("state", what, "'sched restore' brings back a backup");
  }
  const auto misplaced = worker::find_misplaced(store);
  const auto miscounted = store::wrong_tallies(store.db());
  if (checkup.fix && !(misplaced.empty() && miscounted.empty())) {
    store::Transaction change(store.db());
    store::count_anew(store.db());
    for (const worker::Misplaced& one : misplaced) {
      worker::refresh(store, one.run, checkup.session.now());
    }
    change.commit();
    checkup.session.changed();
  }
  for (const std::string& what : miscounted) {
    checkup.found("state", what, "sched doctor --fix", checkup.fix);
  }
  for (std::size_t i = 0; i < misplaced.size() && i < k_most_told; ++i) {
    checkup.found("state", misplaced[i].what, "sched doctor --fix", checkup.fix);
  }
}

void check_tasks(Checkup& checkup, store::Store& store) {
  checkup.health.tasks = store.listing().task_count();
  const store::RunCounts counts = store.listing().counts();
  checkup.health.runs = counts.finished() + counts.unfinished();
  int told = 0;
  for (const model::TaskId id : store.tasks().ids()) {
    try {
      store.tasks().task(id);
    } catch (const std::exception& failure) {
      if (++told <= k_most_told) {
        checkup.found("task", fmt::format("task-{} can't be read: {}", id.value, failure.what()),
                      fmt::format("'sched rm task-{}', or restore a backup", id.value));
      }
    }
  }
}

void check_launchers(Checkup& checkup, store::Store& store) {
  const auto workers = exec::living_workers(checkup.places.launchers());
  checkup.health.workers = static_cast<std::int64_t>(workers.size());
  for (const exec::LauncherState& state : exec::launcher_states(checkup.places.launchers())) {
    const std::string who = fmt::format("launcher {}", state.launcher.value);
    const bool open = !store.attempts().open_of(state.launcher).empty();
    if (state.stopped) {
      checkup.found("launcher", fmt::format("{} (process {}) is stopped (SIGSTOP)", who, state.pid),
                    fmt::format("kill -CONT {}", state.pid));
    } else if (!state.has_worker && state.alive && workers.empty()) {
      checkup.found("launcher",
                    fmt::format("{} (process {}) has no worker to report to", who, state.pid),
                    "sched run");
    } else if (!state.has_worker && !state.alive && workers.empty()) {
      const bool fixed = checkup.fix && !open &&
                         exec::bury_launcher_of({checkup.places.launchers(), checkup.places.logs(),
                                                 checkup.places.directory.string()},
                                                state.launcher);
      checkup.found("journal",
                    fmt::format("{} is dead, and its journal {}", who,
                                open ? "tells of runs that are not settled" : "is left"),
                    open ? "sched run" : "sched doctor --fix", fixed);
    }
  }
}

void check_logs(Checkup& checkup, store::Store& store) {
  std::vector<std::filesystem::path> strays;
  auto files = exec::list_log_files(checkup.places.logs(), &strays);
  for (const exec::LogFile& file : files) {
    checkup.health.log_bytes += file.bytes;
  }
  for (const exec::LogFile& file : stray_logs(store, std::move(files))) {
    strays.push_back(file.path);
  }
  report_stray(checkup, strays);
}

}  // namespace sched::cli
