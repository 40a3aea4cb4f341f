#include "support/table.hpp"
#include "time/calendar.hpp"
#include "time/timestamp.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace sched;

namespace {

/// The firings as a table lists them: up to six, and "never" where there are fewer.
std::string firings(const std::string& expression, const std::string& zone_name,
                    const std::string& base) {
  const auto spec = time::parse_calendar(expression);
  if (!spec) {
    return spec.error().message();
  }
  const time::Zone zone = time::Zone::named(zone_name).value();
  time::Instant after = time::parse_moment(base, {}).value().at;
  std::string list;
  for (int i = 0; i < 6; ++i) {
    const auto next = time::next_firing(*spec, zone, after);
    list += (i == 0 ? "" : ",") + (next ? time::to_rfc3339(*next) : "never");
    if (!next) {
      break;
    }
    after = *next;
  }
  return list;
}

std::string normal_form(const std::string& expression) {
  const auto spec = time::parse_calendar(expression);
  return spec ? time::to_string(*spec) : spec.error().message();
}

}  // namespace

TEST_CASE("calendar expressions fire when systemd says") {
  const test::Table table("conformance/oncalendar.tsv");
  for (const auto& row : table.rows()) {
    INFO(row["id"], " ", row["expr"]);
    CHECK(firings(row["expr"], row["tz"], row["base_utc"]) == row["next_utc"]);
    CHECK(normal_form(row["expr"]) == row["normalized"]);
  }
}

TEST_CASE("calendar expressions keep the rule for clock changes") {
  const test::Table table("conformance/oncalendar_dst.tsv");
  for (const auto& row : table.rows()) {
    INFO(row["id"], " ", row["expr"], " ", row["tz"], " ", row["class"]);
    CHECK(firings(row["expr"], row["tz"], row["base_utc"]) == row["next_utc"]);
    CHECK(normal_form(row["expr"]) == row["normalized"]);
  }
}

TEST_CASE("the faults of systemd 252 are not copied") {
  const test::Table table("conformance/oncalendar_quirks.tsv");
  for (const auto& row : table.rows()) {
    INFO(row["id"], " ", row["expr"], " ", row["tz"], " ", row["why"]);
    CHECK(firings(row["expr"], row["tz"], row["base_utc"]) == row["next_recommended"]);
  }
}

TEST_CASE("the normal form is systemd's, and means the same") {
  const test::Table table("conformance/oncalendar_norm.tsv");
  for (const auto& row : table.rows()) {
    INFO(row["id"], " ", row["expr_json"]);
    const std::string expression = nlohmann::json::parse(row["expr_json"]).get<std::string>();
    const auto spec = time::parse_calendar(expression);
    CHECK(normal_form(expression) == row["normalized"]);
    CHECK(time::parse_calendar(row["normalized"]).value().readings == spec.value().readings);
  }
}

TEST_CASE("what systemd refuses is refused, with a reason and a way out") {
  const test::Table table("conformance/oncalendar_invalid.tsv");
  for (const auto& row : table.rows()) {
    INFO(row["id"], " ", row["expr_json"]);
    const auto spec =
        time::parse_calendar(nlohmann::json::parse(row["expr_json"]).get<std::string>());
    CHECK_FALSE(spec.ok());
    if (!spec) {
      CHECK(spec.error().kind() == base::ErrorKind::invalid_input);
      CHECK_FALSE(spec.error().message().empty());
      CHECK_FALSE(spec.error().hint().empty());
    }
  }
}
