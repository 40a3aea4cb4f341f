#include "time/calendar.hpp"

#include "fuzz.hpp"

#include <chrono>

namespace {

using namespace sched;

/// That both fire at the same few moments after 2026-01-01.
void require_same_firings(const time::CalendarSpec& one, const time::CalendarSpec& other) {
  constexpr int k_firings = 3;
  const time::Zone utc = time::Zone::utc();
  time::Instant after = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
  for (int i = 0; i < k_firings; ++i) {
    const auto next = time::next_firing(one, utc, after);
    fuzz::require(next == time::next_firing(other, utc, after));
    if (!next) {
      return;
    }
    fuzz::require(*next > after && time::is_in_range(*next));
    after = *next;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto spec = time::parse_calendar(fuzz::text(data, size));
  if (!spec) {
    fuzz::require_readable(spec.error());
    return 0;
  }
  const std::string normal = time::to_string(*spec);
  const auto again = time::parse_calendar(normal);
  fuzz::require(again.ok());
  fuzz::require(time::to_string(*again) == normal);
  fuzz::require(again->readings == spec->readings);
  fuzz::require(again->zone.has_value() == spec->zone.has_value());
  require_same_firings(*spec, *again);
  // A reading at which it fires is covered, whatever is written.
  if (const auto reading = time::first_reading(spec->readings, {})) {
    fuzz::require(time::covers(*spec, *reading));
  }
  return 0;
}
