#pragma once

#include "time/cron_dialect.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace sched::test {

/// A local day, and what its month has to do with it.
struct WallDay {
  int year;
  int month;
  int day;
  int weekday;  ///< 0 is Sunday.
  int length;   ///< Days of its month.
};

WallDay wall_day(std::chrono::sys_days day);

/// A cron expression made up at random, with its meaning written down as it is made: independent of
/// the parser and of the walk.
struct RandomCron {
  std::string text;
  time::CronDialect dialect = time::CronDialect::standard;
  std::set<int> seconds = {0};
  std::set<int> minutes;
  std::set<int> hours;
  std::set<int> months;
  std::set<int> years;                                          ///< Empty: any.
  std::vector<std::function<bool(const WallDay&)>> by_day;      ///< Any of them.
  std::vector<std::function<bool(const WallDay&)>> by_weekday;  ///< Any of them.
  bool either = false;
  bool is_wildcard = false;

  bool matches(const WallDay& day) const;
};

/// `likely` is a day that the day fields shall often match.
RandomCron random_cron(std::mt19937_64& random, const WallDay& likely);

}  // namespace sched::test
