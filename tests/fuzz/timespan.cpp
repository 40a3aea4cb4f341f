#include "time/timespan.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const auto span = time::parse_timespan(fuzz::text(data, size));
  if (!span) {
    fuzz::require_readable(span.error());
    return 0;
  }
  fuzz::require(time::parse_timespan(time::to_human(*span)).value() == *span);
  return 0;
}
