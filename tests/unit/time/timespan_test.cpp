#include "time/timespan.hpp"

#include "support/table.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace sched;

TEST_CASE("time spans are as long as systemd says, and are shown as it shows them") {
  const test::Table table("conformance/timespan.tsv");
  for (const auto& row : table.rows()) {
    INFO(row["id"], " ", row["span_json"]);
    const auto span =
        time::parse_timespan(nlohmann::json::parse(row["span_json"]).get<std::string>());
    REQUIRE(span.ok());
    CHECK(std::to_string(span->count()) == row["microseconds"]);
    CHECK(time::to_human(*span) == row["human"]);
    CHECK(time::parse_timespan(time::to_human(*span)).value() == *span);
  }
}

TEST_CASE("what systemd refuses as a time span is refused") {
  const test::Table table("conformance/timespan_invalid.tsv");
  for (const auto& row : table.rows()) {
    INFO(row["id"], " ", row["span_json"]);
    const auto span =
        time::parse_timespan(nlohmann::json::parse(row["span_json"]).get<std::string>());
    REQUIRE_FALSE(span.ok());
    CHECK(span.error().kind() == base::ErrorKind::invalid_input);
    CHECK_FALSE(span.error().hint().empty());
  }
}

TEST_CASE("time spans at the edges") {
  struct Row {
    const char* text;
    const char* human;
  };
  for (const Row& row :
       {Row{"infinity", "infinity"}, Row{" infinity ", "infinity"}, Row{"1 2 3", "6s"},
        Row{"5 .5 .5", "6s"}, Row{"1h+1h", "2h"}, Row{"1.9999999s", "1.999999s"},
        Row{"0.0000005h", "1.800ms"}, Row{"1.5us", "1us"}, Row{"60s 1us", "1min 1us"},
        Row{"0.99999999999s", "999.999ms"}, Row{"5\u03bcs", "5us"}, Row{"292277y 1s", "292277y 1s"},
        Row{"9223372036854775806us 5us", "292271y 1w 1d 10h 54.775811s"}}) {
    CAPTURE(row.text);
    CHECK(time::to_human(time::parse_timespan(row.text).value()) == row.human);
  }
}

TEST_CASE("a refused time span names the byte") {
  struct Row {
    const char* text;
    const char* message;
  };
  for (const Row& row : {Row{"", "the time span is empty"},
                         Row{"infinity 1s", "'infinity 1s': expected a number at byte 1"},
                         Row{"1h -1s", "'1h -1s': negative number at byte 4"},
                         Row{"1+1h", "'1+1h': expected a unit at byte 2"},
                         Row{"1.5.5h", "'1.5.5h': expected a unit at byte 4"},
                         Row{"1.s", "'1.s': expected digits behind '.' at byte 3"},
                         Row{"+ 1h", "'+ 1h': expected a number behind '+' at byte 2"},
                         Row{"10secs", "'10secs': 'secs' is no unit of time at byte 3"},
                         Row{"584543y", "'584543y': more time than can be counted at byte 8"}}) {
    CAPTURE(row.text);
    const auto span = time::parse_timespan(row.text);
    REQUIRE_FALSE(span.ok());
    CHECK(span.error().message() == row.message);
  }
}
