#include "security/ownership.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <string>

namespace sched::security {
namespace {

constexpr std::uint32_t k_group_and_others = 077;

base::Error refused(std::string message, std::string hint) {
  return {base::ErrorKind::refused, std::move(message), std::move(hint)};
}

}  // namespace

std::optional<base::Error> check_private(std::string_view path, const FileFacts& facts,
                                         std::uint32_t our_uid) {
  const std::string shown = base::quote(path);
  switch (facts.kind) {
    case FileFacts::Kind::symlink:
      return refused(fmt::format("{} is a symbolic link", shown),
                     "name the file or directory that it leads to");
    case FileFacts::Kind::other:
      return refused(fmt::format("{} is neither a file nor a directory", shown),
                     "choose another path");
    case FileFacts::Kind::file:
    case FileFacts::Kind::directory:
      break;
  }
  if (facts.owner != our_uid) {
    return refused(fmt::format("{} belongs to user {}, and we are {}", shown, facts.owner, our_uid),
                   "run as its owner, or choose a path of your own");
  }
  const bool is_file = facts.kind == FileFacts::Kind::file;
  if ((facts.mode & k_group_and_others) != 0) {
    return refused(
        fmt::format("{} has mode {:04o}, so others than its owner can reach it", shown, facts.mode),
        fmt::format("chmod {} {}", is_file ? "600" : "700", base::shell_quote(path)));
  }
  if (is_file && facts.links > 1) {
    return refused(fmt::format("{} has {} hard links", shown, facts.links),
                   fmt::format("copy it to a name of its own; find the others with find / -xdev "
                               "-samefile {}",
                               base::shell_quote(path)));
  }
  return std::nullopt;
}

}  // namespace sched::security
