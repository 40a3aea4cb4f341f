#pragma once

#include "cli/session.hpp"

#include <functional>
#include <string>
#include <vector>

// CLI11 takes five seconds of a compiler in each file that includes it, so only those that build
// the parser and its help do; a subcommand offers itself through the functions below.
namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sched::cli {

// The type of an option or argument is a word in capitals that --help, the manual and the
// completion scripts share: TASK, RUN, FILE, DIR, DURATION, ... Completion of TASK and RUN asks the
// store.

/// An option ("-n,--tail") or an argument ("target") with one value.
CLI::Option* offer_option(CLI::App& command, const std::string& names, std::string& value,
                          const std::string& type, const std::string& help);
/// An option that may be repeated, one value each time, or an argument with many values.
CLI::Option* offer_option(CLI::App& command, const std::string& names,
                          std::vector<std::string>& values, const std::string& type,
                          const std::string& help);

void offer_flag(CLI::App& command, const std::string& names, bool& value, const std::string& help);
/// Each time that it is given adds "true" to `values`.
void offer_flag(CLI::App& command, const std::string& names, std::vector<std::string>& values,
                const std::string& help);

/// Says of an option that was offered already what else it means here.
void describe(CLI::App& command, const std::string& name, const std::string& type,
              const std::string& help);

/// Makes it one that can't be left out.
CLI::Option* required(CLI::Option* option);
bool is_given(const CLI::Option* option);

/// What is done when this is the subcommand, after all options were read.
void when_chosen(CLI::App& command, std::function<void()> act);

/// A positional list of tasks or runs.
CLI::Option* offer_targets(CLI::App& command, std::vector<std::string>& targets, const char* type,
                           const char* help);

/// `--json` for a reading command.
void offer_json(CLI::App& command, Session& session);

/// `value` of `option` as a whole number between the bounds; throws invalid_input that names them.
std::int64_t number(const std::string& option, const std::string& value, std::int64_t lowest,
                    std::int64_t highest);

/// The value of a Result, or its error with "--option 'value': " before it.
template <typename T>
T require(const std::string& option, const std::string& value, base::Result<T> result);

base::Error about_option(const std::string& option, const std::string& value,
                         const base::Error& error);

template <typename T>
T require(const std::string& option, const std::string& value, base::Result<T> result) {
  if (!result) {
    throw about_option(option, value, result.error());
  }
  return std::move(result).value();
}

}  // namespace sched::cli
