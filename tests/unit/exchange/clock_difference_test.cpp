#include "exchange/clock_difference.hpp"

#include "base/text.hpp"
#include "support/table.hpp"
#include "time/timestamp.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace sched;

namespace {

time::Instant at(const std::string& text) {
  return time::parse_moment(text, time::from_ms(0), "UTC").value().at;
}

bool differs(const char* expression, const char* from, const char* until) {
  const auto zone = time::Zone::named("Europe/Berlin").value();
  const auto spec = time::parse_calendar(expression).value();
  return exchange::find_clock_difference(spec, zone, at(from), at(until)).has_value();
}

}  // namespace

TEST_CASE("where systemd fires otherwise, a change of clocks is named") {
  const test::Table table("conformance/oncalendar_dst.tsv");
  REQUIRE(table.rows().size() >= 300);
  int different = 0;
  for (const auto& row : table.rows()) {
    CAPTURE(row["id"]);
    const auto zone = time::Zone::named(row["tz"]).value();
    const auto spec = time::parse_calendar(row["expr"]).value();
    std::vector<std::string> listed = base::split(row["next_utc"], ',');
    if (listed.back() == "never") {
      listed.pop_back();
    }
    // Asked from inside a second pass systemd fires in it; a timer is hardly started just then.
    const bool is_inside = row["class"].starts_with("overlap-inside-fixed") ||
                           row["class"].starts_with("overlap-correction");
    if (row["systemd"] == "same" || row["systemd"] == "error" || listed.empty() || is_inside) {
      continue;
    }
    ++different;
    // One inside of a second pass differs by the change before it.
    const auto from = at(row["base_utc"]) - std::chrono::hours(24);
    CHECK(exchange::find_clock_difference(spec, zone, from, at(listed.back())).has_value());
  }
  CHECK(different > 100);
}

TEST_CASE("away from a change of clocks systemd fires as we do") {
  constexpr const char* k_spring = "2026-03-01";
  constexpr const char* k_summer = "2026-06-01";
  constexpr const char* k_winter = "2026-12-01";
  CHECK(differs("02:30", k_spring, k_summer));
  CHECK_FALSE(differs("02:30", k_summer, k_winter));
  CHECK_FALSE(differs("hourly", k_spring, k_summer));
  CHECK(differs("hourly", k_summer, k_winter));
  CHECK_FALSE(differs("12:00", k_spring, k_winter));
  CHECK_FALSE(differs("Mon 02:30", k_spring, k_winter));
  CHECK_FALSE(differs("02:30 UTC", k_spring, k_winter));
}
