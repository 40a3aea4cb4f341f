#pragma once

#include "base/result.hpp"

#include <map>
#include <string>
#include <string_view>

namespace sched::exchange {

/// What a letter behind `%` stands for, as in systemd.unit(5).
using Specifiers = std::map<char, std::string>;

/// Those that follow from a unit's name (n N p P i I j J f) and the directories of the system's
/// manager (t S C L E T V). What depends on the machine or the account (h u U H …) is the caller's
/// to add.
Specifiers specifiers_of(std::string_view unit_name);

/// The text with specifiers replaced; `%%` is a per cent sign, and a letter that systemd does not
/// know stays as it is. One that it knows and `specifiers` has no value for is refused
/// (ErrorKind::invalid_input).
base::Result<std::string> expand_specifiers(std::string_view text, const Specifiers& specifiers);

/// The text that expands to this: every `%` doubled.
std::string escape_specifiers(std::string_view text);

}  // namespace sched::exchange
