#include "time/cron.hpp"

#include "time/stable_pick.hpp"
#include "time/timestamp.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;
using time::CronDialect;

namespace {

constexpr auto k_standard = CronDialect::standard;
constexpr auto k_extended = CronDialect::extended;

time::CronExpression read(const std::string& text, CronDialect dialect = k_standard,
                          const char* task = "backup") {
  return time::parse_cron(text, dialect, task).value();
}

base::Error refusal(const std::string& text, CronDialect dialect = k_standard) {
  const auto expression = time::parse_cron(text, dialect, "backup");
  return expression ? base::Error(base::ErrorKind::failed, "it was taken") : expression.error();
}

std::string next(const std::string& text, const char* after, CronDialect dialect = k_standard) {
  const auto found = time::next_firing(read(text, dialect).readings, time::Zone::utc(),
                                       time::parse_moment(after, {}).value().at);
  return found ? time::to_rfc3339(*found) : "never";
}

unsigned only_bit(std::uint64_t bits) {
  unsigned bit = 0;
  while (bits != 0 && (bits >> bit & 1U) == 0) {
    ++bit;
  }
  REQUIRE(bits == std::uint64_t{1} << bit);
  return bit;
}

}  // namespace

TEST_CASE(
    "a cron day that matches either day field is taken, or both where one begins with a star") {
  struct Row {
    const char* expression;
    const char* after;
    const char* expected;
  };
  for (const Row& row : {
           Row{"0 0 13 * fri", "2026-02-01T00:00:00Z", "2026-02-06T00:00:00Z"},
           Row{"0 0 13 * *", "2026-02-01T00:00:00Z", "2026-02-13T00:00:00Z"},
           // The first Sunday of the month.
           Row{"0 9 1-7 * */7", "2026-02-02T00:00:00Z", "2026-03-01T09:00:00Z"},
           Row{"0 9 */2 * mon", "2026-02-03T00:00:00Z", "2026-02-09T09:00:00Z"},
           // A star that is not in front is none: every day is one of the two.
           Row{"0 0 10,* * mon", "2026-02-03T00:00:00Z", "2026-02-04T00:00:00Z"},
           Row{"0 0 *,10 * mon", "2026-02-03T00:00:00Z", "2026-02-09T00:00:00Z"},
       }) {
    CAPTURE(row.expression);
    CHECK(next(row.expression, row.after) == row.expected);
  }
}

TEST_CASE("a range of days may end in Sunday") {
  CHECK(read("0 0 * * fri-sun").readings.days.weekdays == 0b1100001);
  CHECK(read("0 0 * * 5-0").readings == read("0 0 * * 5-7").readings);
  CHECK(read("0 0 * * fri-sun/2").readings.days.weekdays == 0b0100001);
  CHECK(read("0 0 * * Sun-SAT").readings.days.weekdays == 0b1111111);
  CHECK(read("0 0 * * sun-sun").readings.days.weekdays == 0b0000001);
}

TEST_CASE("macros are five fields, and @reboot has none") {
  CHECK(read("@hourly").readings == read("0 * * * *").readings);
  CHECK(read("@hourly").readings.is_wildcard);
  CHECK(read("@daily").readings == read("@midnight").readings);
  CHECK_FALSE(read("@daily").readings.is_wildcard);
  CHECK(read("@weekly").readings == read("0 0 * * 0").readings);
  CHECK(read("@monthly").readings == read("0 0 1 * *").readings);
  CHECK(read("@yearly").readings == read("@annually").readings);
  CHECK(read("@reboot").at_boot);
  CHECK(next("@reboot", "2026-01-01T00:00:00Z") == "never");
  CHECK_FALSE(read("@daily").at_boot);
}

TEST_CASE("an expression keeps its text without the blanks around it") {
  CHECK(read(" \t5  4\t* * * \n").text == "5  4\t* * *");
  CHECK(read("@daily ").text == "@daily");
}

TEST_CASE("a random value is picked by the task's name, field by field") {
  CHECK(only_bit(read("0~59 4 * * *").readings.minutes) ==
        static_cast<unsigned>(time::stable_pick("backup", "minute 0", 0, 59)));
  CHECK(read("~ 4 * * *").readings == read("0~59 4 * * *").readings);
  CHECK(read("30~ 4 * * *").readings == read("30~59 4 * * *").readings);
  CHECK(read("~29 4 * * *").readings == read("0~29 4 * * *").readings);
  CHECK(read("7~7 4 * * *").readings == read("7 4 * * *").readings);
  CHECK(read("0 4 * * ~").readings == read("0 4 * * 0~6").readings);
  CHECK(read("~ 4 * * *", k_standard, "a").readings != read("~ 4 * * *", k_standard, "b").readings);
  CHECK(only_bit(read("0 4 * * fri~sun").readings.days.weekdays) % 7 !=
        only_bit(read("0 4 * * mon~thu").readings.days.weekdays));
  CHECK(read("1,~ 4 * * *").readings.minutes ==
        (2U | std::uint64_t{1} << time::stable_pick("backup", "minute 1", 0, 59)));
}

TEST_CASE("a step that leaves its range at once is taken with a warning") {
  const auto hundred = read("*/100 * * * *");
  CHECK(hundred.readings.minutes == 1);
  REQUIRE(hundred.warnings.size() == 1);
  CHECK(hundred.warnings[0] == "minute '*/100' means 0 only, for its step is longer than 0-59");
  CHECK(read("*/60 */24 */31 */12 */8").warnings.size() == 5);
  CHECK(read("*/59 */23 */30 */11 */7").warnings.empty());
  CHECK(read("1-5/9,30-59/9 * * * *").warnings.size() == 1);
  CHECK(read("5-5/9 * * * *").warnings.empty());
}

TEST_CASE("seconds come first and years last, in the extended dialect") {
  const auto six = read("5,10-20/5 30 6 * * *", k_extended).readings;
  CHECK(six.seconds_ms == std::vector<std::uint16_t>{5000, 10000, 15000, 20000});
  CHECK(six.days.years.all());
  CHECK_FALSE(six.is_wildcard);
  CHECK_FALSE(read("* 30 6 * * *", k_extended).readings.is_wildcard);
  CHECK(read("0 * 6 * * *", k_extended).readings.is_wildcard);
  CHECK(next("0 30 6 1 1 * 2030/10", "2040-06-01T00:00:00Z", k_extended) == "2050-01-01T06:30:00Z");
  CHECK(next("0 30 6 1 1 * 2026", "2026-06-01T00:00:00Z", k_extended) == "never");
  CHECK(next("0 0 0 29 2 MON *", "2026-01-01T00:00:00Z", k_extended) == "2026-02-02T00:00:00Z");
}

TEST_CASE("days of the extended dialect") {
  struct Row {
    const char* expression;
    const char* expected;  ///< The first after 2026-02-01.
  };
  for (const Row& row : {
           Row{"0 6 L * *", "2026-02-28T06:00:00Z"},
           Row{"0 6 l * *", "2026-02-28T06:00:00Z"},
           Row{"0 6 LW * *", "2026-02-27T06:00:00Z"},
           Row{"0 6 15w * *", "2026-02-16T06:00:00Z"},
           Row{"0 6 14W * *", "2026-02-13T06:00:00Z"},
           Row{"0 6 1W 3 *", "2026-03-02T06:00:00Z"},
           Row{"0 6 * * 5L", "2026-02-27T06:00:00Z"},
           Row{"0 6 * * friL", "2026-02-27T06:00:00Z"},
           Row{"0 6 * * 7#2", "2026-02-08T06:00:00Z"},
           Row{"0 6 * * sat#5", "2026-05-30T06:00:00Z"},
           Row{"0 6 ? * 1", "2026-02-02T06:00:00Z"},
           Row{"0 6 10 * ?", "2026-02-10T06:00:00Z"},
           // Either day field is enough here, too.
           Row{"0 6 L * 4#2", "2026-02-12T06:00:00Z"},
           Row{"0 6 L,20 * *", "2026-02-20T06:00:00Z"},
           Row{"0 6 25/2 * *", "2026-02-25T06:00:00Z"},
           Row{"0 6 * * 4/2", "2026-02-05T06:00:00Z"},
           Row{"5/20 7 * * *", "2026-02-01T07:05:00Z"},
       }) {
    CAPTURE(row.expression);
    CHECK(next(row.expression, "2026-02-01T06:30:00Z", k_extended) == row.expected);
    CHECK_FALSE(time::parse_cron(row.expression, k_standard, "").ok());
  }
  CHECK(read("0 6 * * 4/2", k_extended).readings.days.weekdays == 0b1010000);
  CHECK(read("0 6 * * 7/3", k_extended).readings.days.weekdays == 0b1001001);
}

TEST_CASE("a refusal names the field, the place and the reason") {
  struct Row {
    const char* expression;
    const char* message;
    const char* hint;
  };
  for (const Row& row : {
           Row{"", "the expression is empty", "as in 30 6 * * 1-5, at 06:30 from Monday to Friday"},
           Row{"* * *", "3 fields, expected 5: minute, hour, day of month, month, day of week",
               "write * for a field that may be anything"},
           Row{"0 0 6 * * *",
               "6 fields, expected 5: minute, hour, day of month, month, day of week",
               "--dialect extended takes the second in front, and the year behind as a seventh"},
           Row{"0 6 * * * /bin/true",
               "6 fields, expected 5: minute, hour, day of month, month, day of week",
               "the command is not part of the expression"},
           Row{"0 6 1, 15 * *",
               "6 fields, expected 5: minute, hour, day of month, month, day of week",
               "lists and ranges have no blanks in them, as in 1,15 and 1-5"},
           Row{"  1,60 * * * *", "minute '1,60', byte 5: 60 is outside 0-59",
               "the full hour is minute 0, so every 60 minutes is 0 * * * *"},
           Row{"75 * * * *", "minute '75', byte 1: 75 is outside 0-59",
               "the minute comes before the hour, as in 30 6 * * * for 06:30"},
           Row{"0 24 * * *", "hour '24', byte 3: 24 is outside 0-23", "midnight is hour 0"},
           Row{"6 30 * * *", "hour '30', byte 3: 30 is outside 0-23",
               "the minute comes before the hour, as in 30 6 * * * for 06:30"},
           Row{"0 0 0 * *", "day of month '0', byte 5: 0 is outside 1-31",
               "days of the month are 1-31, and the last is L with --dialect extended"},
           Row{"0 0 * january *", "month 'january', byte 7: 'january' is no number and no month",
               "did you mean 'jan'? names have three letters"},
           Row{"0 0 * * mno", "day of week 'mno', byte 9: 'mno' is no number and no day of week",
               "did you mean 'mon'?"},
           Row{"mon 0 * * *", "minute 'mon', byte 1: 'mon' is no number",
               "names are for the month (jan-dec) and the day of the week (sun-sat), the last two "
               "of the five fields"},
           Row{"H 0 * * *", "minute 'H', byte 1: 'H' is no number",
               "to spread tasks write ~ for the H of Jenkins"},
           Row{"5/15 * * * *", "minute '5/15', byte 1: a step needs a range before it",
               "did you mean 5-59/15, every 15 minutes from 5 on? --dialect extended takes '5/15' "
               "so"},
           Row{"0/15 * * * *", "minute '0/15', byte 1: a step needs a range before it",
               "did you mean */15, every 15 minutes? --dialect extended takes '0/15' so"},
           Row{"*15 * * * *", "minute '*15', byte 2: '15' follows the star",
               "did you mean */15, every 15 minutes, or 15 alone?"},
           Row{"0 22-6 * * *", "hour '22-6', byte 3: the range '22-6' goes backwards",
               "did you mean 22-23,0-6?"},
           Row{"0 0 * * sat-tue",
               "day of week 'sat-tue', byte 9: the range 'sat-tue' goes backwards",
               "did you mean 6,0-2?"},
           Row{"0 0 * dec-jan *", "month 'dec-jan', byte 7: the range 'dec-jan' goes backwards",
               "did you mean 12,1?"},
           Row{"10~5 * * * *", "minute '10~5', byte 1: the range '10~5' goes backwards",
               "did you mean 5~10?"},
           Row{"*/0 * * * *", "minute '*/0', byte 3: a step of 0 stands still",
               "leave out the step for every minute"},
           Row{"*/5/2 * * * *", "minute '*/5/2', byte 3: '5/2' is no step", "a range has one step"},
           Row{"1.5 * * * *", "minute '1.5', byte 1: '1.5' is no whole number",
               "nothing may follow '1'"},
           Row{"1,,2 * * * *", "minute '1,,2', byte 3: an item of the list is empty",
               "write lists with one comma between two values and no blanks, as in 1,15"},
           Row{"0 0 L * *", "day of month 'L', byte 5: 'L' is not standard cron",
               "--dialect extended takes it"},
           Row{"0 0 * * 5#3", "day of week '5#3', byte 9: '5#3' is not standard cron",
               "--dialect extended takes it"},
           Row{"0 0 ? * 1", "day of month '?', byte 5: '?' is not standard cron",
               "--dialect extended takes it"},
           Row{"@Daily", "'@Daily' is no macro", "macros are in lower case: @daily"},
           Row{"@dayly", "'@dayly' is no macro", "did you mean '@daily'?"},
           Row{"@every 5m", "'@every 5m' is no macro", "an interval is written --every 5m"},
           Row{"\x1b[1m * * * *", "minute '\\x1b[1m', byte 1: '\\x1b[1m' is no whole number",
               "write numbers with the digits 0-9"},
       }) {
    CAPTURE(row.expression);
    const base::Error error = refusal(row.expression);
    CHECK(error.kind() == base::ErrorKind::invalid_input);
    CHECK(error.message() == row.message);
    CHECK(error.hint() == row.hint);
  }
}

TEST_CASE("the extended dialect refuses what nobody can tell the meaning of") {
  struct Row {
    const char* expression;
    const char* message;
  };
  for (const Row& row : {
           Row{"0 0 0 1 1 * 2030 *",
               "8 fields, expected 5, 6 with the second in front, or 7 with the year behind as "
               "well"},
           Row{"60 0 0 * * *", "second '60', byte 1: 60 is outside 0-59"},
           Row{"0 0 0 1 1 * 30", "year '30', byte 13: 30 is outside 1970-2499"},
           Row{"0 0 32W * *", "day of month '32W', byte 5: 32 is outside 1-31"},
           Row{"0 0 1-5W * *", "day of month '1-5W', byte 5: '1-5' is no whole number"},
           Row{"0 0 W * *", "day of month 'W', byte 5: 'W' is no number"},
           Row{"0 0 L5 * *", "day of month 'L5', byte 5: 'L5' is no day"},
           Row{"0 0 L-3 * *",
               "day of month 'L-3', byte 5: programs disagree on the days before the last"},
           Row{"0 0 * * L",
               "day of week 'L', byte 9: it is not said which last day of the week is meant"},
           Row{"0 0 * * 5#6", "day of week '5#6', byte 11: '6' is outside 1-5"},
           Row{"0 0 * * 8#1", "day of week '8#1', byte 9: 8 is outside 0-7"},
           Row{"0 0 ?,1 * *", "day of month '?,1', byte 5: ? stands alone in its field"},
           Row{"0 ? * * *", "hour '?', byte 3: '?' is no whole number"},
           Row{"L * * * *", "minute 'L', byte 1: 'L' is no number"},
       }) {
    CAPTURE(row.expression);
    CHECK(refusal(row.expression, k_extended).message() == row.message);
    CHECK_FALSE(time::parse_cron(row.expression, k_standard, "").ok());
  }
}
