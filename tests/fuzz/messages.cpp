#include "exec/messages.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const auto message = exec::decode(fuzz::text(data, size));
  if (message) {
    // What was understood is said again in the same way.
    const std::string bytes = exec::encode(*message);
    const auto again = exec::decode(bytes);
    fuzz::require(again.has_value());
    fuzz::require(again->index() == message->index());
    fuzz::require(exec::encode(*again) == bytes);
  }
  return 0;
}
