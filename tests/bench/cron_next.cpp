#include "support/table.hpp"
#include "time/cron.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <optional>
#include <vector>

using namespace sched;

namespace {

struct Case {
  std::string text;
  time::CronExpression expression;
  time::Zone zone;
  time::Instant base;
};

std::vector<Case> cases() {
  std::vector<Case> found;
  for (const test::Table table("conformance/cron.tsv"); const auto& row : table.rows()) {
    const auto base = time::parse_moment(row["base_utc"], {});
    if (base) {  // a few rows lie beyond 2199
      found.push_back({row["expr"],
                       time::parse_cron(row["expr"], time::CronDialect::standard, "").value(),
                       time::Zone::named(row["tz"]).value(), base->at});
    }
  }
  return found;
}

/// Since `begin`, in the processor's time: others on the machine don't count.
double ns_each(std::clock_t begin, std::size_t count) {
  return static_cast<double>(std::clock() - begin) * 1e9 / CLOCKS_PER_SEC /
         static_cast<double>(count);
}

/// Up to six firings of a case; how often it asked.
std::size_t fire(const Case& one) {
  std::size_t asked = 0;
  std::optional<time::Instant> at = one.base;
  while (asked < 6 && at) {
    at = time::next_firing(one.expression.readings, one.zone, *at);
    ++asked;
  }
  return asked;
}

}  // namespace

/// Prints the time of one `next`, averaged over the expressions of a table, and the slowest.
int main() {
  const std::vector<Case> all = cases();
  constexpr int k_rounds = 200;
  std::size_t asked = 0;
  const std::clock_t begin = std::clock();
  for (int round = 0; round < k_rounds; ++round) {
    for (const Case& one : all) {
      asked += fire(one);
    }
  }
  fmt::print("sched      {:10.0f} ns per next ({} expressions, {} times)\n", ns_each(begin, asked),
             all.size(), asked);

  double slowest_ns = 0;
  const Case* slowest = nullptr;
  for (const Case& one : all) {
    std::size_t count = 0;
    const std::clock_t start = std::clock();
    for (int round = 0; round < k_rounds; ++round) {
      count += fire(one);
    }
    if (const double ns = ns_each(start, count); ns > slowest_ns) {
      slowest_ns = ns;
      slowest = &one;
    }
  }
  if (slowest != nullptr) {
    fmt::print("  slowest  {:10.0f} ns per next: {} in {}\n", slowest_ns, slowest->text,
               slowest->zone.name());
  }

  const std::clock_t parse_begin = std::clock();
  std::size_t taken = 0;
  for (int round = 0; round < k_rounds / 10; ++round) {
    for (const Case& one : all) {
      taken += time::parse_cron(one.text, time::CronDialect::standard, "").ok() ? 1 : 0;
    }
  }
  fmt::print("  reading  {:10.0f} ns per expression\n",
             ns_each(parse_begin, std::max<std::size_t>(taken, 1)));
  return 0;
}
