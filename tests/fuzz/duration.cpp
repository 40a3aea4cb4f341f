#include "time/duration.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const auto duration = time::parse_duration(fuzz::text(data, size));
  if (!duration) {
    fuzz::require_readable(duration.error());
    return 0;
  }
  fuzz::require(*duration >= time::Duration::zero());
  fuzz::require(time::parse_duration(time::to_string(*duration)).value() == *duration);
  return 0;
}
