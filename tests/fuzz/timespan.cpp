#include "time/timespan.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const auto span = time::parse_timespan(fuzz::text(data, size));
  if (!span) {
    fuzz::require_readable(span.error());
    return 0;
  }
  // systemd reads less years than it can add up.
  const auto again = time::parse_timespan(time::to_human(*span));
  fuzz::require(again.ok() ? *again == *span : time::to_human(*span).starts_with("584542y"));
  return 0;
}
