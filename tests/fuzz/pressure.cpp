#include "os/pressure.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  if (const auto file = os::parse_pressure(fuzz::text(data, size))) {
    for (const os::Stall& stall : {file->some, file->full.value_or(os::Stall())}) {
      fuzz::require(stall.last_10s >= 0 && stall.last_10s <= 100 && stall.total_us >= 0);
    }
  }
  if (const auto load = os::parse_load(fuzz::text(data, size))) {
    fuzz::require(*load >= 0);
  }
  return 0;
}
