#include "time/readings.hpp"

#include "time/timestamp.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;

namespace {

time::Instant at(const std::string& utc) {
  return time::parse_moment(utc, {}).value().at;
}

/// Every day at these hours and minutes.
time::Readings daily(std::vector<unsigned> hours, std::vector<unsigned> minutes) {
  time::Readings readings;
  readings.days.months = 0x1FFE;
  readings.days.days = 0xFFFFFFFE;
  readings.days.weekdays = 0x7F;
  for (const unsigned hour : hours) {
    readings.hours |= 1U << hour;
  }
  for (const unsigned minute : minutes) {
    readings.minutes |= std::uint64_t{1} << minute;
  }
  return readings;
}

time::Readings wildcard(time::Readings readings) {
  readings.is_wildcard = true;
  return readings;
}

std::string next(const time::Readings& readings, const char* zone, const std::string& after) {
  const auto found = time::next_firing(readings, time::Zone::named(zone).value(), at(after));
  return found ? time::to_rfc3339(*found) : "never";
}

/// The first firings after a moment, as "2026-03-29T01:00:00Z 2026-03-30T00:30:00Z".
std::string firings(const time::Readings& readings, const char* zone, const char* after,
                    int count) {
  std::string text;
  std::string moment = after;
  for (int i = 0; i < count && moment != "never"; ++i) {
    moment = next(readings, zone, moment);
    text += (i == 0 ? "" : " ") + moment;
  }
  return text;
}

}  // namespace

TEST_CASE("a reading that the clock leaps over fires after the leap, unless it is a wildcard's") {
  const time::Readings half_past_two = daily({2}, {30});
  CHECK(firings(half_past_two, "Europe/Berlin", "2026-03-28T00:00:00Z", 3) ==
        "2026-03-28T01:30:00Z 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z");
  CHECK(firings(wildcard(half_past_two), "Europe/Berlin", "2026-03-28T00:00:00Z", 2) ==
        "2026-03-28T01:30:00Z 2026-03-30T00:30:00Z");
}

TEST_CASE("readings that fall on one moment fire once") {
  CHECK(firings(daily({2, 3}, {0, 20, 40}), "Europe/Berlin", "2026-03-29T00:59:00Z", 2) ==
        "2026-03-29T01:00:00Z 2026-03-29T01:20:00Z");
}

TEST_CASE("a reading that comes twice fires in its first pass, a wildcard's in both") {
  const time::Readings half_past_two = daily({2}, {30});
  CHECK(firings(half_past_two, "Europe/Berlin", "2026-10-25T00:00:00Z", 2) ==
        "2026-10-25T00:30:00Z 2026-10-26T01:30:00Z");
  CHECK(firings(wildcard(half_past_two), "Europe/Berlin", "2026-10-25T00:00:00Z", 3) ==
        "2026-10-25T00:30:00Z 2026-10-25T01:30:00Z 2026-10-26T01:30:00Z");
  // Asked between the passes, and within the second.
  CHECK(next(half_past_two, "Europe/Berlin", "2026-10-25T01:10:00Z") == "2026-10-26T01:30:00Z");
  CHECK(next(daily({2}, {10}), "Europe/Berlin", "2026-10-25T01:00:00Z") == "2026-10-26T01:10:00Z");
}

TEST_CASE("a day that was left out was a correction of the clock") {
  CHECK(firings(daily({12}, {0}), "Pacific/Apia", "2011-12-29T00:00:00Z", 2) ==
        "2011-12-29T22:00:00Z 2011-12-30T22:00:00Z");
  time::Readings only_that_day = daily({12}, {0});
  only_that_day.days.days = 1U << 30U;
  only_that_day.days.months = 1U << 12U;
  only_that_day.days.years.reset();
  only_that_day.days.years.set(2011 - 1970);
  CHECK(next(only_that_day, "Pacific/Apia", "2011-01-01T00:00:00Z") == "never");
}

TEST_CASE("a fixed-time reading of an hour that comes twice around midnight fires once") {
  CHECK(firings(daily({0}, {30}), "America/Havana", "2026-10-31T12:00:00Z", 2) ==
        "2026-11-01T04:30:00Z 2026-11-02T05:30:00Z");
  CHECK(firings(daily({23}, {30}), "Asia/Beirut", "2026-10-24T12:00:00Z", 3) ==
        "2026-10-24T20:30:00Z 2026-10-25T21:30:00Z 2026-10-26T21:30:00Z");
}

TEST_CASE("never is known, and what is rare is found") {
  time::Readings readings = daily({0}, {0});
  readings.days.months = 1U << 2U;
  readings.days.days = 1U << 30U;
  CHECK(next(readings, "Europe/Berlin", "2026-01-01T00:00:00Z") == "never");
  readings.days.days = 1U << 29U;
  readings.days.weekdays = 1U << 1U;
  CHECK(next(readings, "UTC", "2072-03-01T00:00:00Z") == "2112-02-29T00:00:00Z");
  CHECK(next(readings, "Europe/Berlin", "2072-03-01T00:00:00Z") == "2112-02-28T23:00:00Z");
  readings.seconds_ms.clear();
  CHECK(next(readings, "UTC", "2026-01-01T00:00:00Z") == "never");
}

TEST_CASE("the years that are worked with have a first and a last moment") {
  const time::Readings midnight = daily({0}, {0});
  CHECK(next(midnight, "UTC", "1970-01-01T00:00:00Z") == "1970-01-02T00:00:00Z");
  const time::Zone utc = time::Zone::utc();
  CHECK(time::next_firing(midnight, utc, time::Instant::min()) == time::k_first_instant);
  CHECK_FALSE(time::next_firing(midnight, utc, time::Instant::max()).has_value());
  CHECK(next(midnight, "UTC", "2499-12-30T12:00:00Z") == "2499-12-31T00:00:00Z");
  CHECK(next(midnight, "UTC", "2499-12-31T00:00:00Z") == "never");
  // East of Greenwich it is 2500 already.
  CHECK(next(midnight, "Pacific/Kiritimati", "2499-12-31T00:00:00Z") == "never");
  CHECK(next(daily({23}, {59}), "America/New_York", "2499-12-31T12:00:00Z") == "never");
}

TEST_CASE("seconds and parts of them are kept") {
  time::Readings readings = daily({23}, {59});
  readings.seconds_ms = {0, 500, 59999};
  CHECK(firings(readings, "UTC", "2026-12-31T23:58:59Z", 4) ==
        "2026-12-31T23:59:00Z 2026-12-31T23:59:00.500Z 2026-12-31T23:59:59.999Z "
        "2027-01-01T23:59:00Z");
}

TEST_CASE("the first reading may be the one that is asked from, and belongs to the set") {
  const time::Readings readings = daily({9}, {30});
  const time::LocalTime half_past_nine = std::chrono::local_days(2026y / 3 / 1) + 9h + 30min;
  CHECK(time::first_reading(readings, half_past_nine) == half_past_nine);
  CHECK(time::first_reading(readings, half_past_nine + 1ms) == half_past_nine + 24h);
  CHECK(time::contains(readings, half_past_nine));
  CHECK_FALSE(time::contains(readings, half_past_nine + 1ms));
  CHECK_FALSE(time::contains(readings, time::LocalTime(-24h)));
}
