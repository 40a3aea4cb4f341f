#pragma once

#include "cli/session.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace sched::cli {

// The type of an option or argument is a word in capitals that --help, the manual and the
// completion scripts share: TASK, RUN, FILE, DIR, DURATION, ... Completion of TASK and RUN asks the
// store.

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
