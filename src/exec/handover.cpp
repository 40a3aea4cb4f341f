#include "exec/handover.hpp"

#include "base/text.hpp"
#include "os/lock.hpp"
#include "os/program.hpp"

#include <fmt/format.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <string_view>

namespace sched::exec {
namespace {

bool is_open_as(int fd, const std::filesystem::path& path) {
  struct stat ours {};
  struct stat named {};
  return ::fstat(fd, &ours) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

}  // namespace

std::string encode_handover(const Held& held, const std::filesystem::path& store) {
  std::string text = fmt::format("{}:", ::getpid());
  for (const auto& [path, fd] : held) {
    text += fmt::format("{}={},", fd, path.lexically_relative(store).string());
  }
  return text;
}

Handed take_handover(const std::string& text, const std::filesystem::path& store) {
  Handed handed;
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || base::parse_int(text.substr(0, colon)) != ::getpid()) {
    return handed;
  }
  for (const std::string& word : base::split(std::string_view(text).substr(colon + 1), ',')) {
    const std::size_t equals = word.find('=');
    const auto number = base::parse_int(word.substr(0, equals));
    if (equals == std::string::npos || !number || *number <= 2) {
      continue;
    }
    const int fd = static_cast<int>(*number);
    const std::filesystem::path path = store / word.substr(equals + 1);
    if (is_open_as(fd, path) && os::try_lock(fd)) {
      os::keep_through_exec(fd, false);
      handed.emplace(path, os::UniqueFd(fd));
    }
  }
  return handed;
}

}  // namespace sched::exec
