#include "model/policy.hpp"

#include "fuzz.hpp"
#include "model/guard.hpp"

namespace {

/// Read, write, read: the value comes back the same.
template <typename Parse, typename Write>
void round_trip(std::string_view text, Parse parse, Write write) {
  const auto value = parse(text);
  if (!value) {
    fuzz::require_readable(value.error());
    return;
  }
  fuzz::require(parse(write(*value)).value() == *value);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const std::string_view text = fuzz::text(data, size);
  const auto write = [](const auto& value) { return model::to_string(value); };
  round_trip(text, model::parse_backoff, write);
  round_trip(text, model::parse_end_set, write);
  round_trip(text, model::parse_rate, write);
  round_trip(text, model::parse_breaker, write);
  round_trip(
      text, [](std::string_view t) { return model::parse_size(t); },
      [](std::uint64_t bytes) { return model::size_to_string(bytes); });
  round_trip(
      text, [](std::string_view t) { return model::parse_limits(t); }, write);
  return 0;
}
