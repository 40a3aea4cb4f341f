#include "exchange/holidays.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace sched;

namespace {

std::string show(std::chrono::local_days day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

/// The first few days, and how many more there are.
std::string show(const exchange::DaySet& set) {
  constexpr std::size_t k_shown = 6;
  std::string text;
  for (std::size_t i = 0; i < set.days.size() && i < k_shown; ++i) {
    text += (i == 0 ? "" : " ") + show(set.days[i]);
  }
  return set.days.size() <= k_shown ? text : fmt::format("{} +{}", text, set.days.size() - k_shown);
}

/// A calendar around the lines of its events.
std::string calendar(const std::string& lines) {
  std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n";
  for (const char c : lines) {
    text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  return text + "END:VCALENDAR\r\n";
}

std::string event(const std::string& lines) {
  return calendar("BEGIN:VEVENT\nUID:a\nSUMMARY:Rest\n" + lines + "\nEND:VEVENT\n");
}

}  // namespace

TEST_CASE("a list has a date or a range a line") {
  const auto set = exchange::parse_holidays(
      "\xEF\xBB\xBF# Closed\n\n2026-12-25\tChristmas Day\r\n 2026-12-24..2026-12-26  # again\n"
      "2026-05-01 .. 2026-05-02 long weekend\n2026-01-01");
  REQUIRE(set.ok());
  CHECK(show(*set) == "2026-01-01 2026-05-01 2026-05-02 2026-12-24 2026-12-25 2026-12-26");
  CHECK(set->notes.empty());
  CHECK(exchange::contains(*set, set->days[1]));
  CHECK_FALSE(exchange::contains(*set, set->days[0] + std::chrono::days(1)));
}

TEST_CASE("a list without a day is noted") {
  for (const char* text : {"", "# nothing\n"}) {
    const auto set = exchange::parse_holidays(text);
    REQUIRE(set.ok());
    CHECK(set->days.empty());
    REQUIRE(set->notes.size() == 1);
    CHECK(set->notes[0].what == "there is no day in it");
  }
}

TEST_CASE("a line that is no date is refused by its number") {
  struct Row {
    const char* text;
    const char* message;
  };
  for (const Row& row : {Row{"2026-12-25\n25.12.2026\n", "line 2: '25.12.2026' is no date"},
                         Row{"Christmas", "line 1: 'Christmas' is no date"},
                         Row{"2026-02-30", "2026-02 has no day 30"},
                         Row{"1969-01-01", "year 1969 is outside 1970-2499"},
                         Row{"2026-12-25T00:00", "'T00:00' stands right behind the date"},
                         Row{"2026-12-26..2026-12-24", "runs backwards"},
                         Row{"2026-12-24..", "line 1: '' is no date"},
                         Row{"2026-12-24 2026-12-26", "'2026-12-26' is a second date"},
                         Row{"2026-12-24 .. Friday", "'Friday' is no date"}}) {
    CAPTURE(row.text);
    const auto set = exchange::parse_holidays(row.text);
    REQUIRE_FALSE(set.ok());
    CHECK(set.error().kind() == base::ErrorKind::invalid_input);
    const std::string message = set.error().message();
    CAPTURE(message);
    CHECK(message.find(row.message) != std::string::npos);
    CHECK_FALSE(set.error().hint().empty());
  }
}

TEST_CASE("every day that an event touches is taken") {
  struct Row {
    const char* lines;
    const char* expected;
  };
  for (const Row& row :
       {Row{"DTSTART;VALUE=DATE:20261225", "2026-12-25"},
        Row{"DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227",
            "2026-12-24 2026-12-25 2026-12-26"},
        Row{"DTSTART;VALUE=DATE:20261224\nDURATION:P2D", "2026-12-24 2026-12-25"},
        Row{"DTSTART:20261224T180000\nDTEND:20261226T000000", "2026-12-24 2026-12-25"},
        Row{"DTSTART:20261224T180000\nDURATION:PT6H1S", "2026-12-24 2026-12-25"},
        Row{"DTSTART;TZID=Asia/Tokyo:20261225T080000\nDTEND;TZID=Asia/Tokyo:20261225T170000",
            "2026-12-25"},
        Row{"DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261224", "2026-12-25"},
        Row{"DTSTART;VALUE=DATE:20261225\nTRANSP:TRANSPARENT", "2026-12-25"},
        Row{"DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED", ""},
        Row{"DTSTART;VALUE=DATE:20261225\nRDATE;VALUE=DATE:20270101,20270106",
            "2026-12-25 2027-01-01 2027-01-06"}}) {
    CAPTURE(row.lines);
    const auto set = exchange::parse_holidays(event(row.lines));
    REQUIRE(set.ok());
    CHECK(show(*set) == row.expected);
  }
}

TEST_CASE("rules are followed up to their end, or to 2199") {
  struct Row {
    const char* lines;
    const char* expected;
  };
  for (const Row& row :
       {Row{"DTSTART;VALUE=DATE:20260525\nRRULE:FREQ=YEARLY;COUNT=3;BYMONTH=5;BYDAY=-1MO",
            "2026-05-25 2027-05-31 2028-05-29"},
        Row{"DTSTART;VALUE=DATE:21980704\nRRULE:FREQ=YEARLY", "2198-07-04 2199-07-04"},
        Row{"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=WEEKLY;UNTIL=20260116",
            "2026-01-02 2026-01-09 2026-01-16"},
        Row{"DTSTART;VALUE=DATE:20260102\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;VALUE=DATE:20260109",
            "2026-01-02 2026-01-16"},
        Row{"DTSTART;VALUE=DATE:20241231\nDTEND;VALUE=DATE:20250102\nRRULE:FREQ=YEARLY;COUNT=2",
            "2024-12-31 2025-01-01 2025-12-31 2026-01-01"},
        // Its last occurrence begins at 23:30 UTC of the day before.
        Row{"DTSTART;TZID=Europe/Berlin:20260103T003000\n"
            "RRULE:FREQ=WEEKLY;UNTIL=20260109T233000Z",
            "2026-01-03 2026-01-10"},
        Row{"DTSTART;TZID=Europe/Berlin:20260103T003000\nRRULE:FREQ=WEEKLY;COUNT=2\n"
            "EXDATE:20260109T233000Z",
            "2026-01-03"}}) {
    CAPTURE(row.lines);
    const auto set = exchange::parse_holidays(event(row.lines));
    REQUIRE(set.ok());
    CHECK(show(*set) == row.expected);
  }
}

TEST_CASE("an occurrence that is moved or cancelled is not taken where it was") {
  const auto set = exchange::parse_holidays(
      calendar("BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20260102\nRRULE:FREQ=WEEKLY;COUNT=4\n"
               "END:VEVENT\n"
               "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;VALUE=DATE:20260109\n"
               "DTSTART;VALUE=DATE:20260108\nEND:VEVENT\n"
               "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;VALUE=DATE:20260116\n"
               "DTSTART;VALUE=DATE:20260116\nSTATUS:CANCELLED\nEND:VEVENT\n"));
  REQUIRE(set.ok());
  CHECK(show(*set) == "2026-01-02 2026-01-08 2026-01-23");
}

TEST_CASE("what is not understood is noted, and the rest is taken") {
  struct Row {
    const char* lines;
    const char* days;
    const char* note;
  };
  for (const Row& row :
       {Row{"DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=HOURLY;COUNT=5", "2026-12-25",
            "event 'Rest': it recurs within a day"},
        Row{"DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=SOMETIMES", "2026-12-25", "not understood"},
        Row{"DESCRIPTION:no start", "", "no day on which it begins"},
        Row{"DTSTART;VALUE=DATE:20261225\nEXRULE:FREQ=DAILY", "2026-12-25", "EXRULE"},
        Row{"DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261201", "2026-12-25",
            "ends before it begins"},
        Row{"DTSTART:20261225T090000", "2026-12-25",
            "1 event has a time of day; the whole days are taken"},
        Row{"DTSTART;VALUE=DATE:19690720\nRRULE:FREQ=YEARLY;COUNT=2", "1970-07-20",
            "outside 1970-2199"}}) {
    CAPTURE(row.lines);
    const auto set = exchange::parse_holidays(event(row.lines));
    REQUIRE(set.ok());
    CHECK(show(*set) == row.days);
    REQUIRE_FALSE(set->notes.empty());
    const std::string what = set->notes[0].what;
    CAPTURE(what);
    CHECK(what.find(row.note) != std::string::npos);
  }
}

TEST_CASE("a calendar that is cut off, too deep or without end is refused") {
  struct Row {
    std::string text;
    const char* message;
  };
  std::string deep = calendar("");
  for (int i = 0; i < 40; ++i) {
    deep.insert(0, "BEGIN:VCALENDAR\n");
  }
  const std::string every_day =
      "BEGIN:VEVENT\nDTSTART;VALUE=DATE:19700101\nRRULE:FREQ=DAILY\n"
      "END:VEVENT\n";
  std::string many;
  for (int i = 0; i < 13; ++i) {
    many += every_day;
  }
  for (const Row& row :
       {Row{"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\n", "cut off"},
        Row{"BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR\n", "line 3: END"},
        Row{deep, "line 33: components lie too deep"},
        Row{calendar(many), "more than 1000000 occurrences"}}) {
    const auto set = exchange::parse_holidays(row.text);
    REQUIRE_FALSE(set.ok());
    const std::string message = set.error().message();
    CAPTURE(message);
    CHECK(message.find(row.message) != std::string::npos);
  }
}
