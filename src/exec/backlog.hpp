#pragma once

#include "exec/executor.hpp"

#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace sched::exec {

/// Which attempts of a launcher have a slot, and which wait for one in the order in which they
/// came: a worker sends short ones ahead, so that the next begins as soon as one ends and not a
/// commit later. What waits has not begun; it is in no journal, and dies with its launcher.
class Backlog {
 public:
  /// How long one waits at most: then somebody else may have room for it.
  static constexpr time::Duration k_patience = std::chrono::milliseconds(100);

  /// From now on so many have a slot at a time; `taken` are slots of attempts of other launchers.
  void set_room(int width, std::set<int> taken);
  /// At the end of the line.
  void add(const Launch& launch, time::Duration now);
  /// The next for which there is a slot; it is its own from then on. Its command is told.
  std::optional<Launch> next();
  /// One that gave its slot up goes on, in the lowest that nobody has; in one too many if need be.
  void take_slot(const model::Claim& claim);
  /// It has ended, did not begin, or is suspended.
  void free(const model::Claim& claim);

  /// Takes one out of the line; false when it is not in it.
  bool remove(const model::Claim& claim);
  /// Takes out what has waited for too long.
  std::vector<model::Claim> remove_late(time::Duration now);
  std::vector<model::Claim> remove_all();

  bool contains(const model::Claim& claim) const;
  bool empty() const { return line_.empty(); }
  /// When remove_late() has something next; empty: never.
  std::optional<time::Duration> next_moment() const;
  /// 0: it waits.
  int slot_of(const model::Claim& claim) const;
  std::vector<model::Claim> waiting() const;

 private:
  int free_slot() const;

  struct Waiting {
    Launch launch;
    time::Duration until;
  };
  int width_ = std::numeric_limits<int>::max();
  std::set<int> taken_;
  std::map<model::Claim, int> slots_;
  std::deque<Waiting> line_;
};

}  // namespace sched::exec
