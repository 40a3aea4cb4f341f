#include "exchange/holidays.hpp"

#include "fuzz.hpp"

#include <algorithm>
#include <string>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const auto set = exchange::parse_holidays(fuzz::text(data, size));
  if (!set) {
    fuzz::require_readable(set.error());
    return 0;
  }
  fuzz::require(std::is_sorted(set->days.begin(), set->days.end()));
  fuzz::require(std::adjacent_find(set->days.begin(), set->days.end()) == set->days.end());
  for (const exchange::Note& note : set->notes) {
    for (const char c : note.what) {
      fuzz::require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
    }
  }
  for (const auto day : set->days) {
    fuzz::require(exchange::contains(*set, day));
  }
  return 0;
}
