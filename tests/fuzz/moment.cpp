#include "fuzz.hpp"
#include "time/timestamp.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  // In the night in which Berlin's clocks are set forward.
  const time::Instant now = time::from_ms(1774731600000);
  const auto moment = time::parse_moment(fuzz::text(data, size), now, "Europe/Berlin");
  if (!moment) {
    fuzz::require_readable(moment.error());
    return 0;
  }
  fuzz::require(time::is_in_range(moment->at));
  const auto again = time::parse_moment(time::to_rfc3339(moment->at), now, "UTC");
  fuzz::require(again.value().at == moment->at);
  return 0;
}
