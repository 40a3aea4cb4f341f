#pragma once

#include "exec/stray_report.hpp"
#include "model/claim.hpp"
#include "time/instant.hpp"

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sched::exec {

/// Ends what attempts leave behind.
///
/// The launcher is subreaper: whatever survives its parents becomes the launcher's child. So all
/// leftovers of all attempts lie below those children of ours that are no leaders of running
/// attempts, and one look at our children tells whether there are any. The owner of such an orphan
/// is told by its session or its mark. One whose owner still runs is left alone. An orphan that
/// wiped its marks goes when no attempt is left that began before it: its owner, whichever it was,
/// is over then.
class Strays {
 public:
  explicit Strays(std::string store) : store_(std::move(store)) {}

  /// The attempt runs with this leader and session; `born` is the leader's start in ticks.
  void attempt_begins(const model::Claim& claim, pid_t leader, std::uint64_t born);
  /// It is over: its orphans get SIGTERM at the next sweep, and SIGKILL at `kill_at`.
  void attempt_ends(const model::Claim& claim, pid_t leader, time::Duration kill_at);

  /// Looks at our children: reaps orphans that are dead, ends those whose attempt is over.
  void sweep(time::Duration now);

  /// When sweep() must be called next, besides after every SIGCHLD and end; empty: no need.
  std::optional<time::Duration> next_moment() const;
  /// Whether an attempt that is over still has processes, as of the last sweep.
  bool has_any_of(const model::Claim& claim) const;
  /// Our children that belong to an attempt that runs, and are not its leader.
  std::vector<pid_t> orphans_of(pid_t leader);
  /// From now on the CPU time of its orphans that have died is kept.
  void count_cpu_of(pid_t leader);
  time::Duration reaped_cpu(pid_t leader) const;
  /// Those that were killed a while ago and live, as of the last sweep.
  Survivors stuck(time::Duration now) const;

 private:
  struct Owner {
    model::Claim claim;
    std::optional<time::Duration> kill_at;  ///< Empty while it runs.
  };
  struct Orphan {
    pid_t session = 0;       ///< Key in owners_; 0 while unknown.
    std::uint64_t born = 0;  ///< In ticks.
    bool told = false;       ///< Has had its SIGTERM.
    std::optional<time::Duration> kill_at;
    std::optional<time::Duration> look_at;  ///< When the next sweep has something to do for it.
  };

  pid_t find_owner(pid_t pid) const;
  Orphan& look_at(pid_t pid);
  bool reap(pid_t pid);
  bool may_have_owner(const Orphan& orphan) const;
  void end(pid_t pid, Orphan& orphan, time::Duration now);

  std::string store_;
  std::map<pid_t, Owner> owners_;           ///< By leader; kept after the end while orphans remain.
  std::map<pid_t, std::uint64_t> leaders_;  ///< Of attempts that run, and when they were born.
  std::map<pid_t, time::Duration> reaped_cpu_;  ///< By leader, where it is counted.
  std::map<pid_t, Orphan> orphans_;  ///< Our children, so their numbers are theirs until we reap.
};

}  // namespace sched::exec
