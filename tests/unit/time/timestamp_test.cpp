#include "time/timestamp.hpp"

#include "time/zone.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;

namespace {

// A Saturday; in Berlin it is 21:00, and the clocks are set forward in the night to come.
constexpr const char* k_now = "2026-03-28T20:00:00Z";

base::Result<time::Moment> read(const std::string& text, const char* zone = "Europe/Berlin") {
  return time::parse_moment(text, time::parse_moment(k_now, {}).value().at, zone);
}

}  // namespace

TEST_CASE("a moment is read in the zone that goes with it") {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row : {
           Row{"now", "2026-03-28T20:00:00Z"},
           Row{"+2h30m", "2026-03-28T22:30:00Z"},
           Row{"+1d", "2026-03-29T20:00:00Z"},
           Row{"2026-03-01T09:00:00Z", "2026-03-01T09:00:00Z"},
           Row{"2026-03-01t09:00:00z", "2026-03-01T09:00:00Z"},
           Row{"2026-03-01 09:00:00.5+01:00", "2026-03-01T08:00:00.500Z"},
           Row{"2026-03-01 09:00:00.1239-0800", "2026-03-01T17:00:00.123Z"},
           Row{"2026-03-01T09:00+01", "2026-03-01T08:00:00Z"},
           Row{"2026-03-01 09:00", "2026-03-01T08:00:00Z"},
           Row{"  2026-03-01   09:00 ", "2026-03-01T08:00:00Z"},
           Row{"2026-03-01T09:00:30", "2026-03-01T08:00:30Z"},
           Row{"2026-07-01", "2026-06-30T22:00:00Z"},
           Row{"2026-03-01 09:00 America/New_York", "2026-03-01T14:00:00Z"},
           Row{"2026-03-01 UTC", "2026-03-01T00:00:00Z"},
           Row{"22:00", "2026-03-28T21:00:00Z"},
           Row{"9:00", "2026-03-29T07:00:00Z"},
           Row{"21:00", "2026-03-29T19:00:00Z"},
           Row{"21:00:01", "2026-03-28T20:00:01Z"},
           Row{"09:00 Asia/Tokyo", "2026-03-29T00:00:00Z"},
           Row{"today 09:00", "2026-03-28T08:00:00Z"},
           Row{"today", "2026-03-27T23:00:00Z"},
           Row{"yesterday 09:00", "2026-03-27T08:00:00Z"},
           Row{"tomorrow 09:00", "2026-03-29T07:00:00Z"},
           Row{"Tomorrow", "2026-03-28T23:00:00Z"},
           Row{"monday 10:00", "2026-03-30T08:00:00Z"},
           Row{"sat 21:30", "2026-03-28T20:30:00Z"},
           Row{"Saturday 20:30", "2026-04-04T18:30:00Z"},
           Row{"sunday", "2026-03-28T23:00:00Z"},
           Row{"2199-12-31 23:59:59", "2199-12-31T22:59:59Z"},
       }) {
    CAPTURE(row.text);
    const auto moment = read(row.text);
    REQUIRE(moment.ok());
    CHECK(time::to_rfc3339(moment->at) == row.expected);
    CHECK(moment->warning.empty());
  }
}

TEST_CASE("a local time that does not exist is refused with the first that does") {
  for (const char* text : {"2026-03-29 02:30", "tomorrow 02:30"}) {
    CAPTURE(text);
    const auto moment = read(text);
    REQUIRE_FALSE(moment.ok());
    CHECK(
        moment.error().message() ==
        "2026-03-29 02:30:00 does not exist in Europe/Berlin: the clocks are set forward over it");
    CHECK(moment.error().hint() == "the first moment after is 2026-03-29 03:00:00");
  }
}

TEST_CASE("a time of day passes over a day whose clock does not show it, and says so") {
  for (const char* text : {"02:30", "sunday 02:30"}) {
    CAPTURE(text);
    const auto moment = read(text);
    REQUIRE(moment.ok());
    CHECK(time::to_local(moment->at, "Europe/Berlin") ==
          (std::string(text) == "02:30" ? "2026-03-30 02:30:00" : "2026-04-05 02:30:00"));
    CHECK(moment->warning.find("does not exist") != std::string::npos);
  }
}

TEST_CASE("a local time that comes twice takes its first pass with a warning, or its offset") {
  const auto first = read("2026-10-25 02:30");
  REQUIRE(first.ok());
  CHECK(time::to_rfc3339(first->at) == "2026-10-25T00:30:00Z");
  CHECK(first->warning.find("comes twice in Europe/Berlin") != std::string::npos);

  const auto second = read("2026-10-25 02:30+01:00");
  REQUIRE(second.ok());
  CHECK(time::to_rfc3339(second->at) == "2026-10-25T01:30:00Z");
  CHECK(second->warning.empty());
}

TEST_CASE("between two passes of a time of day the next one is the second") {
  const auto now = time::parse_moment("2026-10-25T00:45:00Z", {}).value().at;
  const auto moment = time::parse_moment("02:30", now, "Europe/Berlin");
  REQUIRE(moment.ok());
  CHECK(time::to_rfc3339(moment->at) == "2026-10-25T01:30:00Z");
  CHECK(moment->warning.find("second") != std::string::npos);
}

TEST_CASE("what is no moment is refused, and the message says why") {
  struct Row {
    const char* text;
    const char* part;
  };
  for (const Row& row : {
           Row{"", "is empty"},
           Row{"tomorow", "no moment"},
           Row{"monday tuesday", "expected an hour"},
           Row{"2026-02-29", "has no day 29, its last is 28"},
           Row{"2026-13-01", "month 13"},
           Row{"2026-3-1", "no date"},
           Row{"2026-03-01T", "expected an hour"},
           Row{"2026-03-01T09", "expected an hour"},
           Row{"24:00", "hour 24"},
           Row{"25:00", "hour 25"},
           Row{"09:60", "minute 60"},
           Row{"2026-06-30T23:59:60Z", "second 60"},
           Row{"09:00x", "'x' is left over"},
           Row{"2026-03-01 09:00 Europe/Berln", "unknown"},
           Row{"2026-03-01 09:00+24:00", "offset"},
           Row{"2026-03-01 09:00:00.", "digits"},
           Row{"2026-03-01 09:00Z Asia/Tokyo", "both"},
           Row{"+2", "has no unit"},
           Row{"+99999w", "1970-2499"},
           Row{"1969-12-31", "1970-2499"},
           Row{"2500-01-01", "1970-2499"},
           Row{"1970-01-01 00:30", "1970-2499"},
           Row{"2499-12-31T23:00:00-05:00", "1970-2499"},
           Row{"1772355600", "no moment"},
       }) {
    CAPTURE(row.text);
    const auto moment = read(row.text);
    REQUIRE_FALSE(moment.ok());
    CHECK(moment.error().kind() == base::ErrorKind::invalid_input);
    const std::string& message = moment.error().message();
    CAPTURE(message);
    CHECK(message.find(row.part) != std::string::npos);
    CHECK_FALSE(moment.error().hint().empty());
  }
}

TEST_CASE("a moment in RFC 3339 has milliseconds only where there are some, and reads back") {
  struct Row {
    std::int64_t ms;
    const char* expected;
  };
  for (const Row& row :
       {Row{0, "1970-01-01T00:00:00Z"}, Row{1, "1970-01-01T00:00:00.001Z"},
        Row{1772355600000, "2026-03-01T09:00:00Z"}, Row{1772355600250, "2026-03-01T09:00:00.250Z"},
        Row{7258118399999, "2199-12-31T23:59:59.999Z"}}) {
    CHECK(time::to_rfc3339(time::from_ms(row.ms)) == row.expected);
    CHECK(time::to_ms(read(row.expected).value().at) == row.ms);
  }
}

TEST_CASE("a moment with its offset needs no zone") {
  CHECK(time::to_rfc3339(read("2026-03-01T09:00:00Z", "No/Such").value().at) ==
        "2026-03-01T09:00:00Z");
  CHECK_FALSE(read("2026-03-01T09:00:00", "No/Such").ok());
}

TEST_CASE("for eyes a moment is shown in its zone, without milliseconds") {
  const auto moment = time::parse_moment("2026-07-01T12:00:00.900Z", {}).value().at;
  CHECK(time::to_local(moment, "Europe/Berlin") == "2026-07-01 14:00:00");
  CHECK(time::to_local(moment, "UTC") == "2026-07-01 12:00:00");
  CHECK(time::to_local(moment, "No/Such") == "2026-07-01 12:00:00");
}
