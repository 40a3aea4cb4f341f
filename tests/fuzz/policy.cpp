#include "model/policy.hpp"

#include "fuzz.hpp"
#include "model/guard.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const std::string_view text = fuzz::text(data, size);
  const auto write = [](const auto& value) { return model::to_string(value); };
  fuzz::require_round_trip(text, model::parse_backoff, write);
  fuzz::require_round_trip(text, model::parse_end_set, write);
  fuzz::require_round_trip(text, model::parse_rate, write);
  fuzz::require_round_trip(text, model::parse_breaker, write);
  fuzz::require_round_trip(
      text, [](std::string_view t) { return model::parse_size(t); },
      [](std::uint64_t bytes) { return model::size_to_string(bytes); });
  fuzz::require_round_trip(
      text, [](std::string_view t) { return model::parse_limits(t); }, write);
  return 0;
}
