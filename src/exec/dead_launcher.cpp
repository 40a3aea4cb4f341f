#include "exec/dead_launcher.hpp"

#include "exec/journal.hpp"
#include "exec/strays.hpp"
#include "os/host.hpp"
#include "os/process.hpp"

#include <unistd.h>

#include <csignal>
#include <set>

namespace sched::exec {

namespace {

/// Whether a process is one of an entry's: its leader, of the leader's session, or with its mark.
bool belongs(const os::ProcessStat& process, const Journal::Entry& entry,
             const std::string& store) {
  if (entry.pid > 0 && process.pid == entry.pid && process.start_ticks == entry.start_ticks) {
    return true;
  }
  return os::has_environment(process.pid, mark_of(store, entry.claim));
}

/// Kills what belongs to the entries; how many there were.
int kill_survivors(const std::vector<Journal::Entry>& entries, const std::string& store) {
  int found = 0;
  std::set<pid_t> sessions;
  std::vector<os::ProcessStat> others;
  for (const pid_t pid : os::all_processes()) {
    const auto process = os::process_stat(pid);
    if (!process.has_value() || process->dead() || pid == ::getpid()) {
      continue;
    }
    bool ours = false;
    for (const Journal::Entry& entry : entries) {
      if (belongs(*process, entry, store)) {
        ours = true;
        if (process->pid == entry.pid) {
          sessions.insert(process->session);
        }
        break;
      }
    }
    if (ours) {
      ::kill(pid, SIGKILL);
      ++found;
    } else {
      others.push_back(*process);
    }
  }
  // What wiped its mark is still of the session, as long as the leader vouches for the number.
  for (const os::ProcessStat& process : others) {
    if (sessions.count(process.session) != 0) {
      ::kill(process.pid, SIGKILL);
      ++found;
    }
  }
  return found;
}

}  // namespace

Roster bury_launcher(const LauncherPlaces& places, model::LauncherId id, int journal) {
  Roster roster;
  roster.launcher = id;
  const auto content = journal < 0 ? std::nullopt : Journal::read(journal);
  if (!content.has_value()) {
    return roster;
  }
  if (content->owner.boot_id == os::boot_id() && !content->entries.empty()) {
    // Twice in a row nothing: a process that forked while we looked may have been missed once. One
    // that can't die (a disk that hangs) must not hold us for ever.
    int quiet = 0;
    for (int round = 0; round < 500 && quiet < 2; ++round) {
      quiet = kill_survivors(content->entries, places.store) == 0 ? quiet + 1 : 0;
      if (quiet == 0) {
        ::usleep(10'000);
      }
    }
  }
  for (const Journal::Entry& entry : content->entries) {
    if (entry.ending.has_value()) {
      roster.ended.push_back({entry.claim, *entry.ending});
    } else {
      roster.running.push_back(entry.claim);
    }
  }
  return roster;
}

}  // namespace sched::exec
