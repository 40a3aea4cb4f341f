#include "time/duration.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using namespace sched;
using namespace std::chrono_literals;

TEST_CASE("durations are whole numbers, each with a unit") {
  struct Row {
    const char* text;
    time::Duration expected;
  };
  for (const Row& row : {Row{"90s", 90s},
                         Row{"1h30m", 90min},
                         Row{"2d 12h", 60h},
                         Row{"2 h", 2h},
                         Row{"  1h  ", 1h},
                         Row{"0s", 0s},
                         Row{"250ms", 250ms},
                         Row{"1w", 168h},
                         Row{"1h1h", 2h},
                         Row{"00005m", 5min},
                         Row{"44ms84w23min", 84 * 168h + 23min + 44ms},
                         Row{"1sec", 1s},
                         Row{"2seconds", 2s},
                         Row{"5minutes", 5min},
                         Row{"1hr", 1h},
                         Row{"3hours", 3h},
                         Row{"1day", 24h},
                         Row{"2weeks", 336h},
                         Row{"1msec", 1ms},
                         Row{"5000us", 5ms},
                         Row{"1m 1000µs", 60001ms}}) {
    CAPTURE(row.text);
    const auto read = time::parse_duration(row.text);
    REQUIRE(read.ok());
    CHECK(*read == row.expected);
  }
}

TEST_CASE("what is no duration is refused, and the message says why") {
  struct Row {
    const char* text;
    const char* message;
  };
  for (const Row& row : {Row{"", "is empty"},
                         Row{"  ", "is empty"},
                         Row{"90", "'90' in '90' has no unit"},
                         Row{"1h30", "'30' in '1h30' has no unit"},
                         Row{"-1h", "negative"},
                         Row{"+1h", "has '+' at byte 1"},
                         Row{"1.5h", "fraction"},
                         Row{"h", "expected a number"},
                         Row{"1h-", "is negative"},
                         Row{"1h30m,", "'m,'"},
                         Row{"10secs", "no unit of time"},
                         Row{"1HOUR", "no unit of time"},
                         Row{"1M", "no fixed length"},
                         Row{"2months", "no fixed length"},
                         Row{"1y", "no fixed length"},
                         Row{"500us", "milliseconds"},
                         Row{"1ns", "no unit of time"},
                         Row{"PT1H", "expected a number"},
                         Row{"99999999999999999999s", "longer"},
                         Row{"9223372036855s", "longer"},
                         Row{"200000y", "no fixed length"},
                         Row{"16000000w", "longer"},
                         Row{"9000000000000s 9000000000000s", "longer"},
                         Row{"1h 1foo", "'foo'"}}) {
    CAPTURE(row.text);
    const auto read = time::parse_duration(row.text);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().kind() == base::ErrorKind::invalid_input);
    const std::string& message = read.error().message();
    CAPTURE(message);
    CHECK(message.find(row.message) != std::string::npos);
    CHECK_FALSE(read.error().hint().empty());
  }
}

TEST_CASE("a slip in a unit is answered with the one that was meant") {
  CHECK(time::parse_duration("10secs").error().hint() == "did you mean 'sec'?");
  CHECK(time::parse_duration("10mniutes").error().hint() == "did you mean 'minutes'?");
}

TEST_CASE("a duration is shown as short as is exact, and reads back the same") {
  struct Row {
    time::Duration duration;
    const char* expected;
  };
  for (const Row& row :
       {Row{0ms, "0s"}, Row{250ms, "250ms"}, Row{90s, "1m30s"}, Row{90min, "1h30m"},
        Row{36h, "1d12h"}, Row{336h, "14d"}, Row{61001ms, "1m1s1ms"}}) {
    CHECK(time::to_string(row.duration) == row.expected);
    CHECK(time::parse_duration(row.expected).value() == row.duration);
  }
  CHECK(time::to_string(-90s) == "-1m30s");
  CHECK(time::to_string(time::Duration(std::numeric_limits<std::int64_t>::min())).front() == '-');
}
