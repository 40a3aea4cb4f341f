#include "cli/options.hpp"

#include "base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace sched::cli {

CLI::Option* offer_option(CLI::App& command, const std::string& names, std::string& value,
                          const std::string& type, const std::string& help) {
  return command.add_option(names, value, help)->type_name(type);
}

CLI::Option* offer_option(CLI::App& command, const std::string& names,
                          std::vector<std::string>& values, const std::string& type,
                          const std::string& help) {
  CLI::Option* option = command.add_option(names, values, help)->type_name(type);
  return option->get_positional()
             ? option
             : option->expected(1)->allow_extra_args(false)->multi_option_policy(
                   CLI::MultiOptionPolicy::TakeAll);
}

void offer_flag(CLI::App& command, const std::string& names, bool& value, const std::string& help) {
  command.add_flag(names, value, help);
}

void offer_flag(CLI::App& command, const std::string& names, std::vector<std::string>& values,
                const std::string& help) {
  command.add_flag(names, values, help);
}

void describe(CLI::App& command, const std::string& name, const std::string& type,
              const std::string& help) {
  command.get_option(name)->description(help)->type_name(type);
}

CLI::Option* required(CLI::Option* option) {
  return option->required();
}

bool is_given(const CLI::Option* option) {
  return option->count() > 0;
}

void when_chosen(CLI::App& command, std::function<void()> act) {
  command.callback(std::move(act));
}

CLI::Option* offer_targets(CLI::App& command, std::vector<std::string>& targets, const char* type,
                           const char* help) {
  return offer_option(command, "target", targets, type, help);
}

void offer_json(CLI::App& command, Session& session) {
  offer_flag(command, "--json", session.json, "Write JSON for programs, with stable keys");
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
