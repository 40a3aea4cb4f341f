#include "security/environment.hpp"

#include "base/text.hpp"
#include "security/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sched::security {
namespace {

constexpr std::array<std::string_view, 7> k_captured = {"PATH",    "HOME", "SHELL", "USER",
                                                        "LOGNAME", "LANG", "TZ"};

base::Error not_set(const std::string& name, const Environment& environment) {
  std::vector<std::string> names;
  for (const auto& [known, value] : environment) {
    names.push_back(known);
  }
  return {base::ErrorKind::invalid_input,
          fmt::format("the environment variable {} is not set", base::quote(name)),
          base::did_you_mean(
              name, names, fmt::format("export it first, or give its value, as in {}=...", name))};
}

}  // namespace

bool is_captured_by_default(std::string_view name) {
  return name.starts_with("LC_") ||
         std::find(k_captured.begin(), k_captured.end(), name) != k_captured.end();
}

base::Result<Environment> captured(const Environment& environment, const Capture& capture) {
  Environment kept;
  for (const auto& [name, value] : environment) {
    if (capture.all ? !name.starts_with("SCHED_") : is_captured_by_default(name)) {
      kept.emplace(name, value);
    }
  }
  for (const std::string& name : capture.names) {
    if (const auto error = check_environment_name(name)) {
      return *error;
    }
    const auto found = environment.find(name);
    if (found == environment.end()) {
      return not_set(name, environment);
    }
    kept.insert(*found);
  }
  return kept;
}

}  // namespace sched::security
