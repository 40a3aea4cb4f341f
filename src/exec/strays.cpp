#include "exec/strays.hpp"

#include "exec/mark.hpp"
#include "os/process.hpp"

#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <set>
#include <vector>

namespace sched::exec {

namespace {

/// How often an orphan that was killed, and what it may have left in turn, is looked at again.
constexpr time::Duration k_again(50);
/// The same for one whose owner is not known: its environment may just be being made by an exec.
constexpr time::Duration k_ask_again(500);
constexpr time::Duration k_unknown_grace(2000);

time::Duration cpu_of(const rusage& usage) {
  const auto ms = [](const timeval& value) {
    return static_cast<std::int64_t>(value.tv_sec) * 1000 + value.tv_usec / 1000;
  };
  return time::Duration(ms(usage.ru_utime) + ms(usage.ru_stime));
}

}  // namespace

void Strays::attempt_begins(const model::Claim& claim, pid_t leader, std::uint64_t born) {
  leaders_[leader] = born;
  owners_[leader] = {claim, std::nullopt};
}

void Strays::attempt_ends(const model::Claim& claim, pid_t leader, time::Duration kill_at) {
  leaders_.erase(leader);
  reaped_cpu_.erase(leader);
  owners_[leader] = {claim, kill_at};
}

pid_t Strays::find_owner(pid_t pid) const {
  if (const auto stat = os::process_stat(pid)) {
    if (owners_.count(stat->session) != 0) {
      return stat->session;
    }
    if (owners_.count(stat->group) != 0) {
      return stat->group;
    }
  }
  const auto mark = read_mark(pid, store_);
  const auto owner = std::find_if(owners_.begin(), owners_.end(), [&](const auto& entry) {
    return mark_of(entry.second.claim) == mark;
  });
  return owner == owners_.end() ? 0 : owner->first;
}

void Strays::sweep(time::Duration now) {
  const std::vector<pid_t> children = os::own_children();
  std::set<pid_t> seen;
  for (const pid_t pid : children) {
    if (leaders_.count(pid) != 0) {
      continue;
    }
    if (reap(pid)) {
      continue;
    }
    seen.insert(pid);
    end(pid, look_at(pid), now);
  }
  std::erase_if(orphans_, [&](const auto& entry) { return seen.count(entry.first) == 0; });
  std::erase_if(owners_, [&](const auto& entry) {
    return entry.second.kill_at.has_value() &&
           std::none_of(orphans_.begin(), orphans_.end(), [&](const auto& orphan) {
             return orphan.second.session == entry.first || orphan.second.session == 0;
           });
  });
}

Strays::Orphan& Strays::look_at(pid_t pid) {
  Orphan& orphan = orphans_[pid];
  if (orphan.session == 0) {
    orphan.session = find_owner(pid);
    const auto stat = os::process_stat(pid);
    orphan.born = stat.has_value() ? stat->start_ticks : orphan.born;
  }
  return orphan;
}

bool Strays::reap(pid_t pid) {
  // Asked while it can still be seen; only where somebody counts.
  const auto known = orphans_.find(pid);
  const pid_t owner = known != orphans_.end() ? known->second.session
                      : reaped_cpu_.empty()   ? 0
                                              : find_owner(pid);
  rusage usage{};
  if (::wait4(pid, nullptr, WNOHANG, &usage) != pid) {
    return false;
  }
  if (const auto counted = reaped_cpu_.find(owner); counted != reaped_cpu_.end()) {
    counted->second += cpu_of(usage);
  }
  return true;
}

std::vector<pid_t> Strays::orphans_of(pid_t leader) {
  std::vector<pid_t> orphans;
  for (const pid_t pid : os::own_children()) {
    // Whose it is, is remembered: once it is dead it can't be told any more, nor counted.
    if (leaders_.count(pid) == 0 && look_at(pid).session == leader) {
      orphans.push_back(pid);
    }
  }
  return orphans;
}

void Strays::count_cpu_of(pid_t leader) {
  reaped_cpu_[leader];
}

time::Duration Strays::reaped_cpu(pid_t leader) const {
  const auto counted = reaped_cpu_.find(leader);
  return counted == reaped_cpu_.end() ? time::Duration() : counted->second;
}

bool Strays::may_have_owner(const Orphan& orphan) const {
  return std::any_of(leaders_.begin(), leaders_.end(),
                     [&](const auto& leader) { return leader.second <= orphan.born; });
}

Survivors Strays::stuck(time::Duration now) const {
  Survivors stuck;
  for (const auto& [pid, orphan] : orphans_) {
    if (orphan.kill_at.has_value() && now >= *orphan.kill_at + k_stuck_after) {
      const auto owner = owners_.find(orphan.session);
      stuck.emplace_back(owner == owners_.end() ? model::Claim{} : owner->second.claim, pid);
    }
  }
  return stuck;
}

void Strays::end(pid_t pid, Orphan& orphan, time::Duration now) {
  const auto owner = owners_.find(orphan.session);
  if (owner != owners_.end()) {
    orphan.kill_at = owner->second.kill_at;
  } else if (!may_have_owner(orphan) && !orphan.kill_at.has_value()) {
    orphan.kill_at = now + k_unknown_grace;
  }
  if (!orphan.kill_at.has_value()) {
    orphan.look_at = owner == owners_.end() ? std::optional(now + k_ask_again) : std::nullopt;
    return;
  }
  orphan.look_at = orphan.kill_at;
  if (now >= *orphan.kill_at) {
    for (const pid_t member : os::family_of(pid)) {
      ::kill(member, SIGKILL);
    }
    orphan.look_at = now + (now < *orphan.kill_at + k_stuck_after ? k_again : k_ask_again);
  } else if (!orphan.told) {
    for (const pid_t member : os::family_of(pid)) {
      ::kill(member, SIGTERM);
      ::kill(member, SIGCONT);
    }
  }
  orphan.told = true;
}

std::optional<time::Duration> Strays::next_moment() const {
  std::optional<time::Duration> next;
  for (const auto& [pid, orphan] : orphans_) {
    if (orphan.look_at.has_value() && (!next.has_value() || *orphan.look_at < *next)) {
      next = orphan.look_at;
    }
  }
  return next;
}

bool Strays::has_any_of(const model::Claim& claim) const {
  return std::any_of(orphans_.begin(), orphans_.end(), [&](const auto& entry) {
    const auto owner = owners_.find(entry.second.session);
    return owner != owners_.end() && owner->second.claim == claim;
  });
}

}  // namespace sched::exec
