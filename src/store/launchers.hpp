#pragma once

#include "model/ids.hpp"
#include "store/database.hpp"

#include <string>
#include <vector>

namespace sched::store {

struct LauncherRow {
  model::LauncherId id;
  std::string boot_id;
  int worker_pid = 0;  ///< Who started it.
};

/// The launchers that live or have attempts without an end: numbers that are never used again, and
/// the boot to which each belonged, so that a journal that power loss left half-written is not
/// believed.
class Launchers {
 public:
  explicit Launchers(Database& db) : db_(db) {}

  model::LauncherId add(const std::string& boot_id, int worker_pid, time::Instant now);
  /// One that was started under another store, of which this is an older copy; nothing where it is
  /// known.
  void learn(model::LauncherId id, const std::string& boot_id, int worker_pid, time::Instant now);
  /// Those that no attempt without an end has; gone ones may be removed.
  std::vector<LauncherRow> unused();
  void remove(model::LauncherId id);
  /// Numbers up to this one are not given again, though no row has them.
  void pass_over(model::LauncherId id);
  /// Those with attempts that have no end yet.
  std::vector<LauncherRow> with_open_attempts();

 private:
  Database& db_;
};

}  // namespace sched::store
