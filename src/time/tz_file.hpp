#pragma once

#include "time/posix_rule.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::time {

/// What a zone's file of tzdata says of its UTC offsets (RFC 8536). Offsets are east of Greenwich.
struct TzFile {
  struct Change {
    std::chrono::seconds at{};  ///< Since 1970, before it where negative, and any 64 bits.
    Duration after{};
  };
  Duration first{};               ///< Before all changes.
  std::vector<Change> changes;    ///< Ascending; a change of name alone is one too.
  std::optional<PosixRule> rule;  ///< Its last line: how the zone goes on after its last change.
};

/// Reads the content of such a file; empty when it is damaged.
std::optional<TzFile> parse_tz_file(std::string_view content);

/// The content of the file of the zone of this name; empty when there is none. A name is never a
/// way out of tzdata's own directory.
std::optional<std::string> read_tz_file(std::string_view name);

/// The names of all zones, those that are aliases too; none where there is no tzdata.
std::vector<std::string> tz_names();

}  // namespace sched::time
