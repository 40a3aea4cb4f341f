#include "model/guard.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;
using namespace std::chrono_literals;

TEST_CASE("a rate is read, and written as it was read") {
  struct Row {
    const char* text;
    std::int64_t count;
    time::Duration period;
  };
  for (const Row& row : {Row{"1/s", 1, 1s}, Row{"10/min", 10, 1min}, Row{"60000/min", 60'000, 1min},
                         Row{"100/h", 100, 1h}, Row{"1/d", 1, 24h}, Row{"1000/s", 1000, 1s}}) {
    CAPTURE(row.text);
    const auto rate = model::parse_rate(row.text);
    REQUIRE(rate);
    CHECK(rate->count == row.count);
    CHECK(rate->period == row.period);
    CHECK(rate->burst == 1);
    CHECK(model::to_string(*rate) == row.text);
  }
}

TEST_CASE("what is no rate is refused, and why") {
  struct Row {
    const char* text;
    const char* says;
  };
  for (const Row& row :
       {Row{"", "it names no time"}, Row{"10", "it names no time"}, Row{"min", "it names no time"},
        Row{"/min", "'' is no whole number of starts"},
        Row{"0/s", "'0' is no whole number of starts"},
        Row{"-1/s", "'-1' is no whole number of starts"},
        Row{"1.5/s", "'1.5' is no whole number of starts"},
        Row{" 1/s", "' 1' is no whole number of starts"}, Row{"1/", "there is no time ''"},
        Row{"1/month", "there is no time 'month'"}, Row{"1/s ", "there is no time 's '"},
        Row{"1001/s", "more than 1000 a second"}, Row{"60001/min", "more than 1000 a second"},
        Row{"99999999999999999999/s", "'99999999999999999999' is no whole number of starts"}}) {
    CAPTURE(row.text);
    const auto rate = model::parse_rate(row.text);
    REQUIRE_FALSE(rate);
    CHECK(rate.error().message() == row.says);
  }
}

TEST_CASE("a breaker's rule is read, and written as it was read") {
  struct Row {
    const char* text;
    const char* told;
  };
  for (const Row& row : {Row{"1", "a failure"}, Row{"5", "5 failures in a row"},
                         Row{"50%/20", "50% of the last 20 attempts failed"},
                         Row{"100%/1", "100% of the last 1 attempts failed"},
                         Row{"1%/1h30m", "1% of the attempts of the last 1h30m failed"}}) {
    CAPTURE(row.text);
    const auto rule = model::parse_breaker(row.text);
    REQUIRE(rule);
    CHECK(model::to_string(*rule) == row.text);
    CHECK(model::told(*rule) == row.told);
  }
}

TEST_CASE("what is no rule of a breaker is refused, and why") {
  struct Row {
    const char* text;
    const char* says;
  };
  for (const Row& row :
       {Row{"", "neither a number of failures nor a share of them"},
        Row{"many", "neither a number of failures nor a share of them"},
        Row{"0", "not from 1 to 1000 failures"}, Row{"-3", "not from 1 to 1000 failures"},
        Row{"1001", "not from 1 to 1000 failures"},
        Row{"50%", "it does not say of how many attempts, or of what time"},
        Row{"50%/", "it does not say of how many attempts, or of what time"},
        Row{"50%20", "it does not say of how many attempts, or of what time"},
        Row{"0%/20", "'0%' is not from 1% to 100%"},
        Row{"101%/20", "'101%' is not from 1% to 100%"}, Row{"%/20", "'%' is not from 1% to 100%"},
        Row{"50%/0", "not from 1 to 1000 attempts"}, Row{"50%/1001", "not from 1 to 1000 attempts"},
        Row{"50%/soon", "'soon' is neither a number of attempts nor a time"},
        Row{"50%/999ms", "its time is not from 1s to 30d"},
        Row{"50%/31d", "its time is not from 1s to 30d"}}) {
    CAPTURE(row.text);
    const auto rule = model::parse_breaker(row.text);
    REQUIRE_FALSE(rule);
    CHECK(rule.error().message() == row.says);
  }
}
