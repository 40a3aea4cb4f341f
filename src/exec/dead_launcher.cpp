#include "exec/dead_launcher.hpp"

#include "exec/journal.hpp"
#include "exec/mark.hpp"
#include "os/host.hpp"
#include "os/process.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sched::exec {

namespace {

/// By what the processes of dead attempts are known.
struct Wanted {
  std::set<Mark> marks;
  std::set<std::pair<pid_t, std::uint64_t>> leaders;  ///< Pid and start.
};

Wanted wanted_for(const std::vector<Journal::Entry>& entries) {
  Wanted wanted;
  for (const Journal::Entry& entry : entries) {
    wanted.marks.insert(mark_of(entry.claim));
    wanted.leaders.emplace(entry.pid, entry.start_ticks);
  }
  return wanted;
}

/// Kills what is wanted and lives; how many there were.
int kill_survivors(const Wanted& wanted, const std::string& store) {
  int found = 0;
  std::set<pid_t> sessions;
  std::vector<os::ProcessStat> others;
  for (const pid_t pid : os::all_processes()) {
    const auto process = os::process_stat(pid);
    if (!process.has_value() || process->dead() || pid == ::getpid()) {
      continue;
    }
    const bool leads = wanted.leaders.count({pid, process->start_ticks}) != 0;
    const auto mark = leads ? std::nullopt : read_mark(pid, store);
    if (!leads && (!mark.has_value() || wanted.marks.count(*mark) == 0)) {
      others.push_back(*process);
      continue;
    }
    if (leads) {
      sessions.insert(pid);
    }
    ::kill(pid, SIGKILL);
    ++found;
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
    const Wanted wanted = wanted_for(content->entries);
    int quiet = 0;
    for (int round = 0; round < 500 && quiet < 2; ++round) {
      quiet = kill_survivors(wanted, places.store) == 0 ? quiet + 1 : 0;
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
