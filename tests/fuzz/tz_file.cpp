#include "time/tz_file.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(sched::time::parse_tz_file(fuzz::text(data, size)));
  return 0;
}
