#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <string>

namespace sched::store {

/// Where the parts of a store stand in its directory.
struct Places {
  std::filesystem::path directory;
  std::filesystem::path database() const { return directory / "sched.db"; }
  std::filesystem::path logs() const { return directory / "logs"; }
  std::filesystem::path launchers() const { return directory / "launchers"; }
  std::filesystem::path workers() const { return directory / "workers"; }
  std::filesystem::path bells() const { return directory / "bells"; }
};

/// Makes the directory (0700) when there is none, and makes an empty one of ours private. Throws
/// what check_ours() does, and (ErrorKind::store) where it is no directory, can't be made, or lies
/// on a network file system.
void prepare_directory(const Places& places);

/// Throws ErrorKind::store when what is there belongs to somebody else, is within reach of others,
/// is a link or has a second name.
void check_ours(const std::filesystem::path& path);

/// "store PATH: why", of ErrorKind::store.
base::Error refusal(const std::filesystem::path& path, const std::string& why, std::string hint);

}  // namespace sched::store
