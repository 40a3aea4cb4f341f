#include "base/text.hpp"
#include "support/table.hpp"
#include "time/cron.hpp"
#include "time/timestamp.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace sched;
using time::CronDialect;

namespace {

/// The first six firings after a moment as the tables write them: "2024-01-31T12:00:00Z,never".
std::string firings(const time::Readings& readings, const time::Zone& zone, time::Instant after) {
  std::string text;
  for (int i = 0; i < 6; ++i) {
    const auto next = time::next_firing(readings, zone, after);
    text += i == 0 ? "" : ",";
    if (!next) {
      return text + "never";
    }
    text += time::to_rfc3339(*next);
    after = *next;
  }
  return text;
}

void check_firings(const char* name, CronDialect dialect) {
  const test::Table table(name);
  REQUIRE(table.rows().size() > 100);
  for (const test::Table::Row& row : table.rows()) {
    const auto base = time::parse_moment(row["base_utc"], {});
    REQUIRE(base.ok());
    CAPTURE(row["id"]);
    CAPTURE(row["expr"]);
    CAPTURE(row["tz"]);
    const auto expression = time::parse_cron(row["expr"], dialect, "task");
    REQUIRE_MESSAGE(expression.ok(), expression.error().message());
    CHECK(firings(expression->readings, time::Zone::named(row["tz"]).value(), base->at) ==
          row["next_utc"]);
  }
}

/// Bits as the tables write them: "0,5-6".
std::string ranges(std::uint64_t bits) {
  std::string text;
  for (unsigned i = 0; i < 64; ++i) {
    if ((bits >> i & 1U) == 0) {
      continue;
    }
    unsigned last = i;
    while (last < 63 && (bits >> (last + 1) & 1U) != 0) {
      ++last;
    }
    text += (text.empty() ? "" : ",") + std::to_string(i);
    if (last > i) {
      text += "-" + std::to_string(last);
    }
    i = last;
  }
  return text;
}

}  // namespace

TEST_CASE("cron expressions fire when other programs fire them") {
  check_firings("conformance/cron.tsv", CronDialect::standard);
}

TEST_CASE("cron expressions keep the rule for clock changes") {
  check_firings("conformance/cron_dst.tsv", CronDialect::standard);
}

TEST_CASE("extended cron expressions fire when other programs fire them") {
  check_firings("conformance/cron_ext.tsv", CronDialect::extended);
}

TEST_CASE("standard cron expressions mean the same in the extended dialect") {
  check_firings("conformance/cron.tsv", CronDialect::extended);
  check_firings("conformance/cron_dst.tsv", CronDialect::extended);
}

TEST_CASE("the fields of a cron expression stand for the values that cronie takes") {
  for (const test::Table table("conformance/cron_fields.tsv"); const auto& row : table.rows()) {
    CAPTURE(row["id"]);
    CAPTURE(row["expr"]);
    const auto expression = time::parse_cron(row["expr"], CronDialect::standard, "task");
    REQUIRE_MESSAGE(expression.ok(), expression.error().message());
    const time::Readings& readings = expression->readings;
    CHECK(ranges(readings.minutes) == row["minutes"]);
    CHECK(ranges(readings.hours) == row["hours"]);
    CHECK(ranges(readings.days.days) == row["doms"]);
    CHECK(ranges(readings.days.months) == row["months"]);
    CHECK(ranges(readings.days.weekdays) == row["dows"]);
    if (!row["expr"].starts_with('@')) {  // cronie sets fewer flags for these than their fields do
      const auto has = [&](const char* flag) {
        return row["flags"].find(flag) != std::string::npos;
      };
      CHECK(readings.is_wildcard == (has("min_star") || has("hour_star")));
      CHECK(readings.days.either == !(has("dom_star") || has("dow_star")));
    }
  }
}

TEST_CASE("what cron does not take is refused with its place and a way out") {
  for (const test::Table table("conformance/cron_invalid.tsv"); const auto& row : table.rows()) {
    CAPTURE(row["id"]);
    CAPTURE(row["expr_json"]);
    const std::string text = nlohmann::json::parse(row["expr_json"]).get<std::string>();
    const auto expression = time::parse_cron(text, CronDialect::standard, "task");
    CHECK_FALSE(expression.ok());
    if (!expression.ok()) {
      CHECK(expression.error().kind() == base::ErrorKind::invalid_input);
      CHECK_FALSE(expression.error().message().empty());
      CHECK_FALSE(expression.error().hint().empty());
      if (row["scope"] == "core") {
        CHECK_FALSE(time::parse_cron(text, CronDialect::extended, "task").ok());
      }
    }
  }
}
