#pragma once

#include "model/ids.hpp"
#include "store/database.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::store {

/// What tasks with a schedule wait for. A paused one waits for nothing. Changes want a Transaction
/// around them.
class Timers {
 public:
  explicit Timers(Database& db) : db_(db) {}

  /// Tasks whose next firing has come, the longest awaited first.
  std::vector<model::TaskId> due(time::Instant now, int limit);
  /// All that have a next firing, paused ones too.
  std::vector<model::TaskId> waiting();
  /// When a task or run was last added, by the clock of then.
  std::optional<time::Instant> last_addition();
  /// The earliest next firing of all.
  std::optional<time::Instant> next();
  void set_next(model::TaskId task, std::optional<time::Instant> next,
                std::optional<int> runs_left);
  /// The next firing is to be counted from the end of a run.
  void await_end(model::TaskId task, std::optional<int> runs_left);
  /// Of those, the ones without an unfinished run.
  std::vector<model::TaskId> ended(int limit);
  /// Tasks with an @reboot that has not fired in this boot.
  std::vector<model::TaskId> not_fired_in(const std::string& boot, int limit);
  void set_boot(model::TaskId task, const std::string& boot);

 private:
  Database& db_;
};

}  // namespace sched::store
