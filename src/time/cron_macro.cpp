#include "time/cron_macro.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace sched::time {
namespace {

struct Macro {
  std::string_view name;
  std::string_view fields;
};

constexpr std::array k_macros = {
    Macro{"@yearly", "0 0 1 1 *"},  Macro{"@annually", "0 0 1 1 *"},
    Macro{"@monthly", "0 0 1 * *"}, Macro{"@weekly", "0 0 * * 0"},
    Macro{"@daily", "0 0 * * *"},   Macro{"@midnight", "0 0 * * *"},
    Macro{"@hourly", "0 * * * *"},  Macro{"@reboot", ""},
};

std::string hint_for(std::string_view macro) {
  if (macro.starts_with("@every")) {
    return "an interval is written --every 5m";
  }
  std::string lower(macro);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  std::vector<std::string> names;
  for (const Macro& known : k_macros) {
    if (known.name == lower) {
      return fmt::format("macros are in lower case: {}", known.name);
    }
    names.emplace_back(known.name);
  }
  return base::did_you_mean(lower, names, "macros are " + base::join(names, ", "));
}

}  // namespace

base::Result<std::string_view> expand_cron_macro(std::string_view macro) {
  for (const Macro& known : k_macros) {
    if (known.name == macro) {
      return known.fields;
    }
  }
  return base::Error(base::ErrorKind::invalid_input,
                     fmt::format("{} is no macro", base::quote(macro)), hint_for(macro));
}

}  // namespace sched::time
