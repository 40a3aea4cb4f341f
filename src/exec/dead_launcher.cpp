#include "exec/dead_launcher.hpp"

#include "exec/journal.hpp"
#include "exec/launcher_directory.hpp"
#include "exec/mark.hpp"
#include "exec/stray_report.hpp"
#include "os/cgroup.hpp"
#include "os/host.hpp"
#include "os/process.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sched::exec {

namespace {

/// By what the processes of dead attempts are known.
struct Wanted {
  std::map<Mark, model::Claim> marks;
  std::map<std::pair<pid_t, std::uint64_t>, model::Claim> leaders;  ///< By pid and start.
  std::filesystem::path cgroup;                                     ///< "" is none.
  std::vector<std::filesystem::path> limit_groups;
};

Wanted wanted_for(const std::vector<Journal::Entry>& entries,
                  const std::filesystem::path& directory) {
  Wanted wanted;
  wanted.cgroup = noted_cgroup(directory);
  wanted.limit_groups = noted_limit_groups(directory);
  for (const Journal::Entry& entry : entries) {
    wanted.marks[mark_of(entry.claim)] = entry.claim;
    wanted.leaders[{entry.pid, entry.start_ticks}] = entry.claim;
  }
  return wanted;
}

std::set<pid_t> living_in(const std::filesystem::path& cgroup) {
  std::set<pid_t> living;
  for (const pid_t pid : os::processes_in(cgroup)) {
    const auto process = os::process_stat(pid);
    if (process.has_value() && !process->dead()) {
      living.insert(pid);
    }
  }
  return living;
}

/// Kills what is in its groups; who of that was alive.
std::set<pid_t> kill_groups(const Wanted& wanted) {
  std::set<pid_t> living;
  if (!wanted.cgroup.empty()) {
    living = living_in(wanted.cgroup);
    if (!living.empty()) {
      os::kill_cgroup(wanted.cgroup);
    }
  }
  for (const auto& group : wanted.limit_groups) {
    for (const pid_t pid : living_in(group)) {
      ::kill(pid, SIGKILL);  // Those of version 1 can't be killed as a whole.
      living.insert(pid);
    }
  }
  return living;
}

/// Kills what is wanted and lives.
Survivors kill_survivors(const Wanted& wanted, const std::string& store) {
  Survivors found;
  std::set<pid_t> unknown = kill_groups(wanted);
  std::map<pid_t, model::Claim> sessions;
  std::vector<os::ProcessStat> others;
  for (const pid_t pid : os::all_processes()) {
    const auto process = os::process_stat(pid);
    if (!process.has_value() || process->dead() || pid == ::getpid()) {
      continue;
    }
    const auto leader = wanted.leaders.find({pid, process->start_ticks});
    const bool leads = leader != wanted.leaders.end();
    const auto mark = leads ? std::nullopt : read_mark(pid, store);
    const auto marked = mark.has_value() ? wanted.marks.find(*mark) : wanted.marks.end();
    if (!leads && marked == wanted.marks.end()) {
      others.push_back(*process);
      continue;
    }
    const model::Claim& claim = leads ? leader->second : marked->second;
    if (leads) {
      sessions[pid] = claim;
    }
    ::kill(pid, SIGKILL);
    found.emplace_back(claim, pid);
    unknown.erase(pid);
  }
  // What wiped its mark is still of the session, as long as the leader vouches for the number.
  for (const os::ProcessStat& process : others) {
    const auto session = sessions.find(process.session);
    if (session != sessions.end()) {
      ::kill(process.pid, SIGKILL);
      found.emplace_back(session->second, process.pid);
      unknown.erase(process.pid);
    }
  }
  for (const pid_t pid : unknown) {
    found.emplace_back(model::Claim{}, pid);
  }
  return found;
}

}  // namespace

Roster bury_launcher(const LauncherPlaces& places, model::LauncherId id, int journal) {
  Roster roster;
  roster.launcher = id;
  roster.whole = false;
  const auto content = journal < 0 ? std::nullopt : Journal::read(journal);
  if (!content.has_value()) {
    return roster;
  }
  roster.whole = content->owner.closed || content->owner.same_mount;
  const Wanted wanted = wanted_for(content->entries, launcher_path(places.launchers, id));
  if (content->owner.boot_id == os::boot_id() &&
      (!content->entries.empty() || !wanted.cgroup.empty() || !wanted.limit_groups.empty())) {
    // Twice in a row nothing: a process that forked while we looked may have been missed once. One
    // that can't die (a disk that hangs) must not hold us for ever.
    Survivors survivors;
    int quiet = 0;
    for (int round = 0; round < 500 && quiet < 2; ++round) {
      survivors = kill_survivors(wanted, places.store);
      quiet = survivors.empty() ? quiet + 1 : 0;
      if (quiet == 0) {
        ::usleep(10'000);
      }
    }
    roster.strays = report(survivors);
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
