#pragma once

#include "exec/link.hpp"
#include "exec/local.hpp"
#include "os/poller.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace sched::exec {

/// All launchers that a worker has to do with: those that are its own, those whose worker still
/// lives and is watched, and dead ones whose roster is not in the store yet. What LocalExecutor is
/// made of.
struct Links {
  explicit Links(LauncherPlaces where);

  LauncherPlaces places;
  os::Poller poller;
  os::UniqueFd attention;  ///< An eventfd that makes the poller readable at our will.
  os::UniqueFd recheck;    ///< A timer for what can't be decided just now.
  std::map<model::LauncherId, Link> links;
  std::map<model::LauncherId, os::UniqueFd> watched;  ///< Pidfds of workers that are not us.
  struct Dead {
    os::UniqueFd worker_lock;
    os::UniqueFd journal;
    Roster roster;
  };
  std::map<model::LauncherId, Dead> dead;  ///< Until they are discarded.
  std::vector<Ended> ended;
  std::vector<Stray> strays;
  std::set<model::Claim> suspended;  ///< They have no slot.
  std::vector<pid_t> children;       ///< Launchers of ours that died and wait to be reaped.
  model::LauncherId current;
  bool look_again = false;    ///< A worker died, or what was undecided may be decided now.
  bool looked_round = false;  ///< All launchers that were there before us have been looked at.

  bool something_to_take_over() const;
  /// Makes wake_fd() readable exactly while poll() or take_over() has something to say.
  void call_attention();
  void look_again_soon();
  void add(Link link);
  /// Reads and writes what can be, and keeps the books on the connection.
  void move(Link& link);
  /// Has the poller tell when it can be written to, as long as there is something to write.
  void heed_writing(Link& link);
  void send(Link& link, const Message& message);
  void flush(Link& link);
  void serve();
  /// A launcher frees its lock a little before it can be reaped.
  void reap();
  /// A launcher whose worker lock is ours: dead, or to be attached to.
  void look_into(Link link);
  /// Whether there were any.
  bool look_into_cut_links();
  /// A directory of somebody else: watched while its worker lives, ours from then on.
  void look_at_other(model::LauncherId id);
  /// One whose worker lock is ours already.
  void take(model::LauncherId id, os::UniqueFd worker_lock);
  /// Waits a little for those that were just greeted, all at once.
  void hear_tallies();
  std::vector<Roster> collect();
  /// What is left of so many slots beside what runs with other launchers.
  Room room_beside(const Link& link, int slots) const;
  /// The link that has an attempt, or all of them when none is known to have it.
  std::vector<Link*> links_with(const model::Claim& claim);
};

/// A launcher that lives answers within milliseconds; one that does not may be stopped or starved.
inline constexpr time::Duration k_answer_patience(2000);
/// For a lock that a child between clone and exec, or a look at it, holds for a moment.
inline constexpr time::Duration k_lock_patience(50);

}  // namespace sched::exec
