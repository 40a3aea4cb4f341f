#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace sched::base {

/// JSON whose keys stay in the order in which they were written: that order is part of what people
/// see and compare.
using Json = nlohmann::ordered_json;

/// One line of text; bytes that are no UTF-8 become U+FFFD, so that any output of a command can be
/// told.
std::string to_text(const Json& json);

/// The same over several lines, two spaces deep.
std::string to_pretty_text(const Json& json);

}  // namespace sched::base
