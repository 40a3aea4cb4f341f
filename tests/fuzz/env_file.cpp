#include "exec/env_file.hpp"

#include "fuzz.hpp"

#include <algorithm>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const auto entries = exec::parse_env_file(fuzz::text(data, size));
  if (!entries) {
    fuzz::require_readable(entries.error());
    return 0;
  }
  for (const std::string& entry : *entries) {
    const std::size_t equals = entry.find('=');
    fuzz::require(equals != std::string::npos && equals > 0);
    fuzz::require(entry.find('\0') == std::string::npos);
  }
  const auto merged = exec::merge_environment({"PATH=/bin", "A=1"}, *entries);
  fuzz::require(merged.size() <= entries->size() + 2);
  for (const std::string& entry : *entries) {
    // Of two lines with one name the later wins.
    const std::string name = entry.substr(0, entry.find('='));
    const auto last = std::find_if(entries->rbegin(), entries->rend(),
                                   [&](const std::string& e) { return e.starts_with(name + "="); });
    fuzz::require(exec::environment_value(merged, name) == last->substr(name.size() + 1));
  }
  return 0;
}
