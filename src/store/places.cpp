#include "store/places.hpp"

#include "os/facts.hpp"
#include "os/file.hpp"
#include "os/host.hpp"
#include "security/ownership.hpp"

#include <fmt/format.h>

#include <utility>

namespace sched::store {

base::Error refusal(const std::filesystem::path& path, const std::string& why, std::string hint) {
  return {base::ErrorKind::store, fmt::format("store {}: {}", path.string(), why), std::move(hint)};
}

void check_ours(const std::filesystem::path& path) {
  const auto facts = os::find_facts(path);
  if (!facts) {
    return;
  }
  using Kind = security::FileFacts::Kind;
  const Kind kind = facts->is_symlink     ? Kind::symlink
                    : facts->is_directory ? Kind::directory
                    : facts->is_regular   ? Kind::file
                                          : Kind::other;
  const auto complaint = security::check_private(
      path.string(), {kind, facts->owner, facts->mode, facts->links}, os::own_uid());
  if (complaint) {
    throw base::Error(base::ErrorKind::store, complaint->message(), complaint->hint());
  }
}

namespace {

void make_directory(const std::filesystem::path& path) {
  std::error_code failure;
  if (std::filesystem::is_directory(path, failure)) {
    return;
  }
  if (path.has_parent_path() && path.parent_path() != path) {
    make_directory(path.parent_path());
  }
  try {
    os::make_private_directory(path);
  } catch (const base::Error& error) {
    throw refusal(path, error.message(), "choose a place with --store or SCHED_STORE");
  }
}

void check_directory(const Places& places) {
  const auto facts = os::find_facts(places.directory);
  if (facts && !facts->is_directory && !facts->is_symlink) {
    throw refusal(places.directory, "a file stands where the store's directory should be",
                  "--store and SCHED_STORE name a directory");
  }
  if (const auto kind = os::network_filesystem(places.directory)) {
    throw refusal(places.directory,
                  fmt::format("it lies on a network or user-space file system ({})", *kind),
                  "locks can't be trusted there; choose a local directory with --store");
  }
}

/// An empty directory of ours becomes the store, and as private as one that we make.
void take_empty_directory(const std::filesystem::path& path) {
  std::error_code failure;
  const auto facts = os::find_facts(path);
  if (facts && facts->is_directory && facts->owner == os::own_uid() &&
      std::filesystem::is_empty(path, failure) && !failure) {
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, failure);
  }
}

}  // namespace

void prepare_directory(const Places& places) {
  make_directory(places.directory);
  check_directory(places);
  take_empty_directory(places.directory);
  check_ours(places.directory);
}

}  // namespace sched::store
