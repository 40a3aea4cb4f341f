#pragma once

#include "time/posix_rule.hpp"

#include <optional>
#include <string_view>

namespace sched::time {

/// What sched itself takes from a zone's file of tzdata (RFC 8536).
struct TzFile {
  std::optional<PosixRule> rule;  ///< Its last line: how the zone goes on after its last change.
};

/// Reads the content of such a file. Empty when it is damaged: the package date trusts what it
/// reads, and would end the program.
std::optional<TzFile> parse_tz_file(std::string_view content);

/// Reads the file of a zone that date has found in its own list; empty when that is damaged or
/// can't be read.
std::optional<TzFile> read_tz_file(std::string_view name);

}  // namespace sched::time
