#include "time/calendar.hpp"

#include "time/timestamp.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;

namespace {

time::LocalTime local(const char* reading) {
  return time::Zone::utc().to_local(time::parse_moment(reading, {}).value().at);
}

}  // namespace

TEST_CASE("a refusal names the byte, and the hint what was probably meant") {
  struct Row {
    const char* text;
    const char* message;
    const char* hint;
  };
  for (const Row& row :
       {Row{"", "is empty", "daily"},
        Row{" daily", "at byte 1", "without blanks"},
        Row{"*/15", "found '/' at byte 2", "'*:0/15'"},
        Row{"0 9 * * 1-5", "at byte 2", "--cron"},
        Row{"@daily", "seconds since 1970", "without '@'"},
        Row{"9am", "at byte 2", "write 9:00"},
        Row{"Mon 9:30pm", "found 'p' at byte 9", "write 21:30"},
        Row{"12:00 AM", "time zone 'AM' is unknown", "write 0:00"},
        Row{"MON#2", "found '#' at byte 4", "Mon *-*-8..14"},
        Row{"5#1", "at byte 2", "Fri *-*-1..7"},
        Row{"*-*-L", "found 'L' at byte 5", "*-*~1"},
        Row{"*-*-1W", "at byte 6", "--cron"},
        Row{"9-17:00", "at byte 5", "9..17:00"},
        Row{"Fri..Mon 12:00", "backwards at byte 6", "Fri..Sun,Mon"},
        Row{"Tues", "found 's' at byte 4", "Mon or Monday"},
        Row{"5..1:00", "hour range runs backwards at byte 1", "5..23,0..1"},
        Row{"*-*~5..1", "backwards at byte 5", "~1..5"},
        Row{"24:00", "hour 24 is outside 0-23 at byte 1", "midnight is 0:00"},
        Row{"12:00:60", "second 60 is outside 0-59 at byte 7", "leap seconds"},
        Row{"12:00:59.9999999", "second 60", "leap seconds"},
        Row{"*-*~29", "day 29 is outside 1-28 at byte 5", "28 days"},
        Row{"*:0/60", "step leads beyond minute 59 at byte 3", "smaller step"},
        Row{"*-*~1/2", "step leads beyond day 1 at byte 5", "~7/1"},
        Row{"12:00/0", "step 0 at byte 7", "at least 1"},
        Row{"*:*:5..5.5", "range of less than a second at byte 5", "0..0.5/0.25"},
        Row{"2026-12-24T18:00", "found 'T' at byte 11", "a blank between"},
        Row{"2026-12-24 18:00Z", "at byte 17", "write UTC"},
        Row{"2026/12/24", "at byte 8", "2026-12-24"},
        Row{"*-Dec-24", "found 'D' at byte 3", "months are numbers"},
        Row{"2200-1-1", "year 2200 is outside 1970-2199 at byte 1", "1970-2199"},
        Row{"@7258118400", "beyond the year 2199 at byte 1", "seconds since 1970"},
        Row{"99999999999999999999:00", "hour that large is outside 0-23", "0-23"},
        Row{"weekley", "expected a weekday, a date or a time", "did you mean 'weekly'?"},
        Row{"weekly Mon", "'Mon'", "stands alone"},
        Row{"12:00 Europe/Belin", "is unknown", "did you mean 'Europe/Berlin'?"},
        Row{"12:00 Europe/Berlin UTC", "at byte 6", "one zone"},
        Row{"every day", "'day'", "write daily"},
        Row{"noon", "at byte 1", "'12:00'"},
        Row{"5", "found the end at byte 2", "5:00"}}) {
    CAPTURE(row.text);
    const auto spec = time::parse_calendar(row.text);
    REQUIRE_FALSE(spec.ok());
    const std::string message = spec.error().message();
    const std::string hint = spec.error().hint();
    CAPTURE(message);
    CAPTURE(hint);
    CHECK(spec.error().kind() == base::ErrorKind::invalid_input);
    CHECK(message.find(row.message) != std::string::npos);
    CHECK(hint.find(row.hint) != std::string::npos);
  }
}

TEST_CASE("the text decides whether an expression follows real time") {
  struct Row {
    const char* text;
    bool expected;
  };
  for (const Row& row :
       {Row{"hourly", true}, Row{"minutely", true}, Row{"*:0/15", true}, Row{"02:*", true},
        Row{"00..23:*:30", true}, Row{"daily", false}, Row{"02:0/15", false}, Row{"02:30:*", false},
        Row{"00..23:00..59", false}, Row{"0/1:0/1", false}, Row{"*-*-*", false}}) {
    CAPTURE(row.text);
    CHECK(time::parse_calendar(row.text).value().readings.is_wildcard == row.expected);
  }
}

TEST_CASE("digits below the millisecond are kept in the text and dropped in the firing") {
  struct Row {
    const char* text;
    const char* normal;
    const char* fires;
  };
  for (const Row& row :
       {Row{"12:00:00.1239", "*-*-* 12:00:00.123900", "2026-03-01T12:00:00.123Z"},
        Row{"12:00:00.1234565", "*-*-* 12:00:00.123457", "2026-03-01T12:00:00.123Z"},
        Row{"12:00:00.000001", "*-*-* 12:00:00.000001", "2026-03-01T12:00:00Z"}}) {
    const auto spec = time::parse_calendar(row.text).value();
    CHECK(time::to_string(spec) == row.normal);
    const auto next = time::next_firing(spec, time::Zone::utc(), {});
    CHECK(time::to_rfc3339(next.value()).substr(10) == std::string(row.fires).substr(10));
  }
  const auto every = time::parse_calendar("*:*:0/0.000001").value();
  CHECK(every.readings.seconds_ms.size() == 60'000);
}

TEST_CASE("any day from the end of the month is any day") {
  const auto spec = time::parse_calendar("*-*~*").value();
  CHECK(time::to_string(spec) == "*-*-* 00:00:00");
  CHECK(spec.readings == time::parse_calendar("*-*-*").value().readings);
}

TEST_CASE("the end of a range is the last value that its steps reach") {
  struct Row {
    const char* text;
    const char* normal;
  };
  for (const Row& row :
       {Row{"*-04..17/7-1", "*-04..11/7-01 00:00:00"}, Row{"*:07..44/7", "*-*-* *:07..42/7:00"},
        Row{"1..5/10:00", "*-*-* 01:00:00"}, Row{"*-*~1,28", "*-*~01,28 00:00:00"}}) {
    CHECK(time::to_string(time::parse_calendar(row.text).value()) == row.normal);
  }
}

TEST_CASE("a zone in the text goes before the caller's") {
  const time::Zone berlin = time::Zone::named("Europe/Berlin").value();
  const time::Instant after = time::parse_moment("2026-01-10T00:00:00Z", {}).value().at;
  const auto next = [&](const char* text) {
    return time::to_rfc3339(
        time::next_firing(time::parse_calendar(text).value(), berlin, after).value());
  };
  CHECK(next("09:00") == "2026-01-10T08:00:00Z");
  CHECK(next("09:00 UTC") == "2026-01-10T09:00:00Z");
  CHECK(next("09:00 Asia/Tokyo") == "2026-01-11T00:00:00Z");
  CHECK(next("@1800000000") == "2027-01-15T08:00:00Z");
}

TEST_CASE("an exclusion covers as much as its text leaves open") {
  struct Row {
    const char* text;
    const char* reading;
    bool expected;
  };
  for (const Row& row :
       {Row{"Sat,Sun", "2026-02-28T23:59:59.999Z", true},
        Row{"Sat,Sun", "2026-02-27T00:00:00Z", false}, Row{"monthly", "2026-03-01T13:00:00Z", true},
        Row{"monthly", "2026-03-02T00:00:00Z", false}, Row{"*-*~1", "2026-02-28T12:00:00Z", true},
        Row{"12:00", "2026-02-28T12:00:59.5Z", true}, Row{"12:00", "2026-02-28T12:01:00Z", false},
        Row{"hourly", "2026-02-28T12:00:30Z", true}, Row{"hourly", "2026-02-28T12:01:00Z", false},
        Row{"Sat 12..13:*", "2026-02-28T13:59:59Z", true},
        Row{"Sat 12..13:*", "2026-02-27T13:59:59Z", false},
        Row{"12:00:30", "2026-02-28T12:00:30.999Z", true},
        Row{"12:00:30", "2026-02-28T12:00:31Z", false},
        Row{"12:00:30.5", "2026-02-28T12:00:30.5Z", true},
        Row{"12:00:30.5", "2026-02-28T12:00:30.6Z", false}}) {
    CAPTURE(row.text);
    CAPTURE(row.reading);
    CHECK(time::covers(time::parse_calendar(row.text).value(), local(row.reading)) == row.expected);
  }
}
