#include "worker/adapt.hpp"

#include <doctest/doctest.h>

using namespace sched;
using namespace std::chrono_literals;

namespace {

std::optional<os::PressureFile> file_with(std::int64_t total_us, double last_10s = 7) {
  return os::PressureFile{{last_10s, total_us}, std::nullopt};
}

}  // namespace

TEST_CASE("pressure is what was stalled since the last look, and else the kernel's average") {
  CHECK(worker::stalled(file_with(1'000'000), file_with(2'000'000), 2s) == 50);
  CHECK(worker::stalled(file_with(5), file_with(5), 2s) == 0);
  CHECK(worker::stalled(file_with(0), file_with(2'100'000), 2s) == 100);  // Their clocks differ.
  CHECK(worker::stalled(std::nullopt, file_with(9), 2s) == 7);
  CHECK(worker::stalled(file_with(9), file_with(8), 2s) == 7);
  CHECK(worker::stalled(file_with(0), file_with(9), 1ms) == 7);
  CHECK_FALSE(worker::stalled(file_with(9), std::nullopt, 2s));
}
