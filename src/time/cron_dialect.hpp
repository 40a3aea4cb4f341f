#pragma once

namespace sched::time {

/// Which language a cron expression is written in. It is told, never guessed, for what looks like
/// both may mean different days.
enum class CronDialect {
  standard,  ///< crontab(5): five fields.
  /// Also seconds in front (six fields), years behind (seven), "L", "LW", "15W", "5L", "5#3", "?"
  /// and "5/15". Days of the week are counted as in the standard, 0 and 7 being Sunday.
  extended,
};

}  // namespace sched::time
