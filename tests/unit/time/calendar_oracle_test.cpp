#include "base/text.hpp"
#include "time/calendar.hpp"
#include "time/timestamp.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace sched;

namespace {

constexpr int k_firings = 4;

/// Expressions of every form, by chance but the same ones every time. Steps without an end begin
/// and end with the unit, for systemd 252 loses firings after others (oncalendar_quirks.tsv).
class Expressions {
 public:
  std::string next() {
    std::string text = chance(3) ? weekdays() : "";
    if (chance(2)) {
      text += (text.empty() ? "" : " ") + date();
    }
    if (text.empty() || chance(2)) {
      text += (text.empty() ? "" : " ") + clock();
    }
    return text;
  }

 private:
  unsigned below(unsigned bound) {
    return std::uniform_int_distribution<unsigned>(0, bound - 1)(random_);
  }
  unsigned between(unsigned least, unsigned greatest) {
    return least + below(greatest - least + 1);
  }
  bool chance(unsigned one_in) { return below(one_in) == 0; }

  std::string item(unsigned least, unsigned greatest) {
    const unsigned first = between(least, greatest);
    if (chance(2)) {
      return std::to_string(first);
    }
    const unsigned last = between(first, greatest);
    const std::string range = fmt::format("{}..{}", first, last);
    return chance(2) ? range : fmt::format("{}/{}", range, between(1, 9));
  }

  std::string field(unsigned least, unsigned greatest, const std::vector<unsigned>& steps) {
    if (chance(3)) {
      return "*";
    }
    if (!steps.empty() && chance(6)) {
      return fmt::format("{}/{}", least, steps[below(static_cast<unsigned>(steps.size()))]);
    }
    std::string text = item(least, greatest);
    while (chance(3)) {
      text += "," + item(least, greatest);
    }
    return text;
  }

  std::string weekdays() {
    static const std::vector<std::string> names = {"Mon",    "tuesday", "WED", "Thu",
                                                   "Friday", "sat",     "Sun"};
    const unsigned first = below(7);
    std::string text = names[first];
    if (chance(2)) {
      text += (chance(2) ? ".." : "-") + names[between(first, 6)];
    }
    return chance(3) ? text + "," + names[below(7)] : text;
  }

  std::string date() {
    const std::string year = chance(3) ? "" : chance(3) ? item(2024, 2032) : "*";
    const std::string head = year.empty() ? "" : year + "-";
    const std::string month = field(1, 12, {1, 2, 3, 4, 6});
    return chance(3) ? head + month + "~" + item(1, 28) : head + month + "-" + field(1, 31, {});
  }

  std::string clock() {
    const std::string text =
        field(0, 23, {1, 2, 3, 4, 6, 8, 12}) + ":" + field(0, 59, {1, 2, 5, 10, 15, 20, 30});
    return chance(3) ? text + ":" + field(0, 59, {1, 5, 10, 20, 30}) : text;
  }

  std::mt19937 random_{20260301};
};

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) {
    return text;
  }
  char buffer[4096];
  for (std::size_t n = 0; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    text.append(buffer, n);
  }
  pclose(pipe);
  return text;
}

/// A block an expression: its normal form and then its firings, a line each.
std::vector<std::vector<std::string>> ask_systemd(const std::vector<std::string>& expressions,
                                                  const std::string& base) {
  std::string command =
      fmt::format("TZ=UTC LC_ALL=C systemd-analyze calendar --iterations={} --base-time='{} UTC'",
                  k_firings, base);
  for (const std::string& expression : expressions) {
    command += " " + base::shell_quote(expression);
  }
  std::vector<std::vector<std::string>> blocks;
  for (const std::string& line : base::split(output_of(command), '\n')) {
    if (line.starts_with("Failed to parse")) {
      blocks.push_back({"refused"});
    }
    const auto colon = line.find(": ");
    if (colon == std::string::npos) {
      continue;
    }
    const std::string_view label = base::trim(std::string_view(line).substr(0, colon));
    const std::string value = line.substr(colon + 2);
    // Where an expression is in its normal form, the original is left out.
    if (label == "Normalized form") {
      blocks.push_back({value});
    } else if (!blocks.empty() && (label == "Next elapse" || label.starts_with("Iter. #"))) {
      // "Mon 2026-03-02 09:00:00 UTC", without the weekday and the zone.
      blocks.back().push_back(value == "never" ? value : value.substr(4, 19));
    }
  }
  return blocks;
}

std::vector<std::string> ask_sched(const std::string& expression, const std::string& base) {
  const auto spec = time::parse_calendar(expression);
  if (!spec) {
    return {"refused"};
  }
  std::vector<std::string> block = {time::to_string(*spec)};
  time::Instant after = time::parse_moment(base + "Z", {}).value().at;
  for (int i = 0; i < k_firings; ++i) {
    const auto next = time::next_firing(*spec, time::Zone::utc(), after);
    if (!next) {
      // systemd says so for the first only, and ends its list else.
      if (i == 0) {
        block.emplace_back("never");
      }
      break;
    }
    block.push_back(time::to_local(*next, "UTC"));
    after = *next;
  }
  return block;
}

}  // namespace

TEST_CASE("two thousand calendar expressions by chance fire when systemd says") {
  if (output_of("systemd-analyze --version").find("systemd 2") == std::string::npos) {
    MESSAGE("skipped: systemd-analyze is not installed");
    return;
  }
  Expressions expressions;
  for (const std::string base :
       {"2026-03-01 00:00:00", "2024-02-28 23:59:59", "2027-12-31 12:34:56", "2028-02-29 10:00:00",
        "2030-06-15 07:08:09", "2025-10-31 23:00:00", "2026-01-31 01:02:03", "2029-07-04 20:30:40",
        "2031-11-30 18:17:16", "2024-09-09 09:09:09"}) {
    std::vector<std::string> batch;
    for (int i = 0; i < 200; ++i) {
      batch.push_back(expressions.next());
    }
    const auto blocks = ask_systemd(batch, base);
    REQUIRE(blocks.size() == batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
      INFO(batch[i], " after ", base);
      CHECK(base::join(ask_sched(batch[i], base), ", ") == base::join(blocks[i], ", "));
    }
  }
}
