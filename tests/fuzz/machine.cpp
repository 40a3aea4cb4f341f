#include "base/words.hpp"
#include "fuzz.hpp"
#include "model/machine_limits.hpp"
#include "model/needs.hpp"

#include <string>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const std::string_view text = fuzz::text(data, size);
  const auto write = [](const auto& value) { return model::to_string(value); };
  fuzz::require_round_trip(text, model::parse_io_class, write);
  fuzz::require_round_trip(text, model::parse_memory_retry, write);
  fuzz::require_round_trip(text, model::parse_io_max, write);
  fuzz::require_round_trip(text, model::parse_cpu_quota, model::cpu_quota_to_string);
  fuzz::require_round_trip(text, model::parse_cpus, model::cpus_to_string);
  fuzz::require_round_trip(text, model::parse_nice_map, model::nice_map_to_string);
  fuzz::require_round_trip(text, base::split_words, base::join_words);
  model::Needs needs;
  needs.space.push_back({"/" + std::string(text), 1});
  needs.files.push_back({"/" + std::string(text), true});
  fuzz::require(model::read_needs(model::write_needs(needs)) == needs);
  return 0;
}
