#include "exchange/cron_calendar.hpp"

#include "base/text.hpp"
#include "support/table.hpp"
#include "time/cron.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace sched;

namespace {

using Moments = std::vector<std::int64_t>;

constexpr std::int64_t k_start_ms = 1769904000000;  // 2026-02-01
constexpr std::size_t k_count = 12;
/// Where the years of a calendar expression end; those of cron go on.
constexpr std::int64_t k_end_ms = 7258118400000;  // 2200-01-01

Moments cron_moments(const std::string& text, const time::Zone& zone) {
  const auto cron = time::parse_cron(text, time::CronDialect::standard, "").value();
  Moments moments;
  auto next = time::next_firing(cron.readings, zone, time::from_ms(k_start_ms));
  while (next && time::to_ms(*next) < k_end_ms && moments.size() < k_count) {
    moments.push_back(time::to_ms(*next));
    next = time::next_firing(cron.readings, zone, *next);
  }
  return moments;
}

Moments calendar_moments(const std::vector<std::string>& expressions, const time::Zone& zone) {
  Moments moments;
  for (const std::string& expression : expressions) {
    const auto spec = time::parse_calendar(expression).value();
    auto next = time::next_firing(spec, zone, time::from_ms(k_start_ms));
    for (std::size_t i = 0; next && i < k_count; ++i) {
      moments.push_back(time::to_ms(*next));
      next = time::next_firing(spec, zone, *next);
    }
  }
  std::sort(moments.begin(), moments.end());
  moments.erase(std::unique(moments.begin(), moments.end()), moments.end());
  moments.resize(std::min(moments.size(), k_count));
  return moments;
}

std::string calendar(const char* cron) {
  const auto text = exchange::to_calendar(cron, "");
  return text ? base::join(text->expressions, "; ") + (text->changes_clock_rule ? " (changed)" : "")
              : "refused: " + text.error().message();
}

std::string cron(const char* calendar_text) {
  const auto text = exchange::to_cron(time::parse_calendar(calendar_text).value());
  return text ? *text : "refused: " + text.error().message();
}

}  // namespace

TEST_CASE("a cron expression is said in OnCalendar's language") {
  struct Row {
    const char* cron;
    const char* calendar;
  };
  for (const Row& row :
       {Row{"* * * * *", "*-*-* *:*:00"}, Row{"@daily", "*-*-* 00:00:00"},
        Row{"*/15 * * * *", "*-*-* *:00..45/15:00"},
        Row{"5,6 3 * jan,mar 1-5", "Mon..Fri *-01,03-* 03:05,06:00"},
        Row{"0-59 0-23 * * *", "*-*-* 00..23:00..59:00"},
        Row{"*/15 2 * * *", "*-*-* 02:00..45/15:00 (changed)"},
        Row{"0 0 13 * fri", "*-*-13 00:00:00; Fri *-*-* 00:00:00"},
        Row{"0 9 1-7 * */7", "Sun *-*-01..07 09:00:00"}, Row{"0 0 31 2 *", "*-02-31 00:00:00"}}) {
    CAPTURE(std::string(row.cron));
    CHECK(calendar(row.cron) == row.calendar);
  }
  CHECK(calendar("@reboot").starts_with("refused: "));
  CHECK(calendar("61 * * * *").starts_with("refused: "));
  CHECK(exchange::to_calendar("@daily", "Europe/Berlin").value().expressions[0] ==
        "*-*-* 00:00:00 Europe/Berlin");
}

TEST_CASE("a calendar expression is said in cron's language, where it can") {
  struct Row {
    const char* calendar;
    const char* cron;
  };
  for (const Row& row :
       {Row{"hourly", "0 * * * *"}, Row{"weekly", "0 0 * * 1"}, Row{"*:0/15", "0-45/15 * * * *"},
        Row{"02:0/15", "0-45/15 2 * * *"}, Row{"00..23:00..59", "0-59 0-23 * * *"},
        Row{"Sun *-*-1..7 09:00", "0 9 1-7 * */7"}, Row{"Mon *-*-1/2", "0 0 */2 * 1"},
        Row{"*-1,7-1", "0 0 1 1,7 *"}}) {
    CAPTURE(std::string(row.calendar));
    CHECK(cron(row.calendar) == row.cron);
  }
  for (const char* no : {"Mon *-*-1..7", "*-*~1", "2026-01-01", "00:00:30", "*:*:0/10"}) {
    CAPTURE(std::string(no));
    CHECK(cron(no).starts_with("refused: "));
  }
}

TEST_CASE("the translation of every cron expression fires at the same moments") {
  const test::Table table("conformance/cron.tsv");
  REQUIRE(table.rows().size() >= 1000);
  for (const auto& row : table.rows()) {
    CAPTURE(row["expr"]);
    const auto text = exchange::to_calendar(row["expr"], "");
    if (!text) {
      CHECK(row["expr"].find("@reboot") != std::string::npos);
      continue;
    }
    const auto zone = time::Zone::named(row["tz"]).value();
    const Moments expected = cron_moments(row["expr"], zone);
    // Where only the rule for clock changes differs, days without one must still agree.
    if (!text->changes_clock_rule) {
      CHECK(calendar_moments(text->expressions, zone) == expected);
    }
    if (text->expressions.size() == 1) {
      const auto back = exchange::to_cron(time::parse_calendar(text->expressions[0]).value());
      if (back && !text->changes_clock_rule) {
        CHECK(cron_moments(*back, zone) == expected);
      }
    }
  }
}
