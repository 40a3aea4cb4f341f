#include "cli/options.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sched::cli {

CLI::Option* offer_targets(CLI::App& command, std::vector<std::string>& targets, const char* type,
                           const char* help) {
  return command.add_option("target", targets, help)->type_name(type);
}

void offer_json(CLI::App& command, Session& session) {
  command.add_flag("--json", session.json, "Write JSON for programs, with stable keys");
}

base::Error about_option(const std::string& option, const std::string& value,
                         const base::Error& error) {
  return error.within(fmt::format("{} {}", option, base::quote(value)));
}

std::int64_t number(const std::string& option, const std::string& value, std::int64_t lowest,
                    std::int64_t highest) {
  const auto parsed = base::parse_int(value);
  if (!parsed || *parsed < lowest || *parsed > highest) {
    throw base::Error(base::ErrorKind::invalid_input,
                      fmt::format("{} {}: not a whole number from {} to {}", option,
                                  base::quote(value), lowest, highest));
  }
  return *parsed;
}

}  // namespace sched::cli
