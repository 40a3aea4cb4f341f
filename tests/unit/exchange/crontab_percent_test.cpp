#include "exchange/crontab_percent.hpp"

#include "support/table.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace sched;

namespace {

std::string text(const std::string& json) {
  return nlohmann::json::parse(json).get<std::string>();
}

}  // namespace

TEST_CASE("per cent signs end the command and break the lines of its input") {
  const test::Table table("conformance/crontab_percent.tsv");
  REQUIRE(table.rows().size() >= 20);
  for (const auto& row : table.rows()) {
    CAPTURE(row["id"]);
    CAPTURE(row["raw_json"]);
    const auto split = exchange::split_percent(text(row["raw_json"]));
    CHECK(split.command == text(row["command_json"]));
    CHECK(split.input == text(row["stdin_json"]));
    if (const auto joined = exchange::join_percent(split)) {
      const bool comes_back = exchange::split_percent(*joined) == split;
      CHECK(comes_back);
    }
  }
}

TEST_CASE("a command and its input are written so that cron reads the same") {
  struct Row {
    exchange::CommandText text;
    const char* line;
  };
  for (const Row& row : {Row{{"date +%F", ""}, "date +\\%F"}, Row{{"cat", "a\n"}, "cat%a"},
                         Row{{"cat", "a\n\n"}, "cat%a%%"}, Row{{"cat", "\n"}, "cat%%"},
                         Row{{"cat", "5%\nb\n"}, "cat%5\\%%b"}, Row{{"a\\\\", ""}, "a\\\\"},
                         Row{{"cat", "a\\\n"}, "cat%a\\"}}) {
    CAPTURE(row.line);
    CHECK(exchange::join_percent(row.text) == row.line);
  }
  // No line of a crontab means these.
  for (const exchange::CommandText& impossible :
       {exchange::CommandText{"a\nb", ""}, exchange::CommandText{"cat", "no line break"},
        exchange::CommandText{"a\\", "b\n"}, exchange::CommandText{"a\\%", ""}}) {
    CAPTURE(impossible.command);
    CHECK_FALSE(exchange::join_percent(impossible).has_value());
  }
}
