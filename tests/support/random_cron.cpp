#include "support/random_cron.hpp"

#include <algorithm>

namespace sched::test {
namespace {

using Random = std::mt19937_64;
using DayTest = std::function<bool(const WallDay&)>;

int between(Random& random, int least, int most) {
  return std::uniform_int_distribution<int>(least, most)(random);
}
bool one_in(Random& random, int count) {
  return between(random, 1, count) == 1;
}

struct Bounds {
  int least;
  int most;
  int likely;  ///< A value to prefer.
};

/// An item of a field; `*`, `*/n`, `v`, `a-b`, `a-b/n`, and `v/n` in the extended dialect.
std::string random_item(Random& random, const Bounds& bounds, bool extended,
                        std::set<int>& values) {
  const auto add = [&](int first, int last, int step) {
    for (int value = first; value <= last; value += step) {
      values.insert(value);
    }
  };
  const int value = one_in(random, 2) ? bounds.likely : between(random, bounds.least, bounds.most);
  const int last = between(random, value, bounds.most);
  const int step = between(random, 1, 1 + (bounds.most - bounds.least) / 2);
  switch (between(random, 0, extended ? 6 : 5)) {
    case 0:
      add(bounds.least, bounds.most, 1);
      return "*";
    case 1:
      add(bounds.least, bounds.most, step);
      return "*/" + std::to_string(step);
    case 2:
    case 3:
      add(value, value, 1);
      return std::to_string(value);
    case 4:
      add(value, last, 1);
      return std::to_string(value) + "-" + std::to_string(last);
    case 5:
      add(value, last, step);
      return std::to_string(value) + "-" + std::to_string(last) + "/" + std::to_string(step);
    default:
      add(value, bounds.most, step);
      return std::to_string(value) + "/" + std::to_string(step);
  }
}

std::string random_field(Random& random, const Bounds& bounds, bool extended,
                         std::set<int>& values) {
  std::string text = random_item(random, bounds, extended, values);
  while (one_in(random, 3)) {
    text += "," + random_item(random, bounds, extended, values);
  }
  return text;
}

bool is_working(int weekday) {
  return weekday >= 1 && weekday <= 5;
}
int weekday_of(const WallDay& day, int other) {
  return ((day.weekday + other - day.day) % 7 + 7) % 7;
}

/// "15W": no Monday to Friday of the month is nearer to the 15th.
bool is_nearest_to(const WallDay& day, int wanted) {
  if (wanted > day.length || !is_working(day.weekday)) {
    return false;
  }
  for (int other = 1; other <= day.length; ++other) {
    if (is_working(weekday_of(day, other)) &&
        std::abs(other - wanted) < std::abs(day.day - wanted)) {
      return false;
    }
  }
  return true;
}

bool is_last_working(const WallDay& day) {
  for (int other = day.day + 1; other <= day.length; ++other) {
    if (is_working(weekday_of(day, other))) {
      return false;
    }
  }
  return is_working(day.weekday);
}

std::string random_day_of_month(Random& random, const WallDay& likely,
                                std::vector<DayTest>& tests) {
  const int day = one_in(random, 2) ? likely.day : between(random, 1, 31);
  switch (between(random, 0, 2)) {
    case 0:
      tests.emplace_back([](const WallDay& d) { return d.day == d.length; });
      return "L";
    case 1:
      tests.emplace_back(is_last_working);
      return "LW";
    default:
      tests.emplace_back([day](const WallDay& d) { return is_nearest_to(d, day); });
      return std::to_string(day) + "W";
  }
}

std::string random_day_of_week(Random& random, const WallDay& likely, std::vector<DayTest>& tests) {
  const int weekday = one_in(random, 2) ? likely.weekday : between(random, 0, 6);
  const std::string number = std::to_string(weekday == 0 && one_in(random, 2) ? 7 : weekday);
  if (one_in(random, 2)) {
    tests.emplace_back(
        [weekday](const WallDay& d) { return d.weekday == weekday && d.day + 7 > d.length; });
    return number + "L";
  }
  const int nth = between(random, 1, 5);
  tests.emplace_back([weekday, nth](const WallDay& d) {
    return d.weekday == weekday && (d.day - 1) / 7 + 1 == nth;
  });
  return number + "#" + std::to_string(nth);
}

/// Either day field, often a star.
template <typename Special>
std::string random_days(Random& random, const Bounds& bounds, bool extended,
                        std::vector<DayTest>& tests, int WallDay::*member, const Special& special) {
  if (one_in(random, 2) || (extended && one_in(random, 8))) {
    tests.emplace_back([](const WallDay&) { return true; });
    return extended && one_in(random, 3) ? "?" : "*";
  }
  if (extended && one_in(random, 2)) {
    std::string text = special();
    while (one_in(random, 3)) {
      text += "," + special();
    }
    return text;
  }
  std::set<int> values;
  const std::string text = random_field(random, bounds, extended, values);
  tests.emplace_back([values, member](const WallDay& d) { return values.contains(d.*member); });
  return text;
}

bool begins_with_star(const std::string& field) {
  return field.starts_with('*') || field == "?";
}

}  // namespace

WallDay wall_day(std::chrono::sys_days day) {
  const std::chrono::year_month_day date(day);
  const auto last = (date.year() / date.month() / std::chrono::last).day();
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day())),
          static_cast<int>(std::chrono::weekday(day).c_encoding()),
          static_cast<int>(static_cast<unsigned>(last))};
}

bool RandomCron::matches(const WallDay& day) const {
  if (!months.contains(day.month) || (!years.empty() && !years.contains(day.year))) {
    return false;
  }
  const auto holds = [&](const DayTest& test) { return test(day); };
  const bool by_date = std::any_of(by_day.begin(), by_day.end(), holds);
  const bool by_week = std::any_of(by_weekday.begin(), by_weekday.end(), holds);
  return either ? by_date || by_week : by_date && by_week;
}

RandomCron random_cron(Random& random, const WallDay& likely) {
  RandomCron cron;
  const bool extended = one_in(random, 2);
  cron.dialect = extended ? time::CronDialect::extended : time::CronDialect::standard;
  const std::string minute =
      random_field(random, {0, 59, 30 * between(random, 0, 1)}, extended, cron.minutes);
  const std::string hour =
      random_field(random, {0, 23, between(random, 0, 3)}, extended, cron.hours);
  const std::string day =
      random_days(random, {1, 31, likely.day}, extended, cron.by_day, &WallDay::day,
                  [&] { return random_day_of_month(random, likely, cron.by_day); });
  const std::string month =
      one_in(random, 2) ? random_field(random, {1, 12, likely.month}, extended, cron.months) : "*";
  if (cron.months.empty()) {
    cron.months = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  }
  const std::string weekday =
      random_days(random, {0, 6, likely.weekday}, extended, cron.by_weekday, &WallDay::weekday,
                  [&] { return random_day_of_week(random, likely, cron.by_weekday); });
  cron.either = !begins_with_star(day) && !begins_with_star(weekday);
  cron.is_wildcard = begins_with_star(minute) || begins_with_star(hour);
  cron.text = minute + " " + hour + " " + day + " " + month + " " + weekday;
  if (extended && one_in(random, 2)) {
    cron.seconds.clear();
    cron.text = random_field(random, {0, 59, 0}, true, cron.seconds) + " " + cron.text;
    if (one_in(random, 4)) {
      cron.text += " " + random_field(random, {1970, 2199, likely.year}, true, cron.years);
    }
  }
  return cron;
}

}  // namespace sched::test
