#pragma once

#include "base/error.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sched::security {

/// What the file system says of a path, as values; symbolic links not followed.
struct FileFacts {
  enum class Kind { file, directory, symlink, other };
  Kind kind = Kind::file;
  std::uint32_t owner = 0;  ///< uid.
  std::uint32_t mode = 0;   ///< The bits 07777.
  std::uint64_t links = 1;  ///< Hard links; told apart for files only.
};

/// Whether something private (a store, its directory, a file of secrets) may be used: it is a plain
/// file or directory, owned by us, out of reach for group and others, and a file has no second
/// name. Comes back empty when it may, else with an Error (ErrorKind::refused) whose hint is the
/// way out.
std::optional<base::Error> check_private(std::string_view path, const FileFacts& facts,
                                         std::uint32_t our_uid);

}  // namespace sched::security
