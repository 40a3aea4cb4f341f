#include "time/posix_rule.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const auto rule = time::parse_posix_rule(fuzz::text(data, size));
  if (!rule) {
    return 0;
  }
  for (int year = 1970; year < 2200; year += 7) {
    const auto changes = rule->changes(std::chrono::year(year));
    fuzz::require(changes.size() <= 2);
    fuzz::require(changes.size() < 2 || changes[0].at <= changes[1].at);
  }
  return 0;
}
