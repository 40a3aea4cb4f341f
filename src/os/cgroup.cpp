#include "os/cgroup.hpp"

#include "base/text.hpp"
#include "os/fd.hpp"
#include "os/file.hpp"
#include "os/process.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <system_error>

namespace sched::os {

namespace {

constexpr std::size_t k_longest = std::size_t{4} << 20U;
const std::string k_prefix = "sched-";

bool write_to(const std::filesystem::path& file, std::string_view text) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && write_all(fd.get(), text);
}

/// Where the version 2 hierarchy is mounted: by itself, or beside those of version 1.
std::optional<std::filesystem::path> find_mount() {
  const auto mounts = read_file("/proc/self/mounts", k_longest);
  if (!mounts.ok()) {
    return std::nullopt;
  }
  for (const std::string& line : base::split(*mounts, '\n')) {
    const auto fields = base::split(line, ' ');
    if (fields.size() > 2 && fields[2] == "cgroup2") {
      return fields[1];
    }
  }
  return std::nullopt;
}

std::optional<std::filesystem::path> find_own() {
  const auto mount = find_mount();
  const auto memberships = read_file("/proc/self/cgroup", k_longest);
  if (!mount || !memberships.ok()) {
    return std::nullopt;
  }
  constexpr std::string_view k_version_2 = "0::/";
  for (const std::string& line : base::split(*memberships, '\n')) {
    // A path with ".." lies beyond what a namespace of cgroups shows.
    if (line.starts_with(k_version_2) && line.find("/..") == std::string::npos) {
      return *mount / line.substr(k_version_2.size());
    }
  }
  return std::nullopt;
}

/// Pid and start name one process of this boot.
std::string own_name() {
  const auto self = process_stat(::getpid());
  return k_prefix + std::to_string(::getpid()) + "-" + std::to_string(self ? self->start_ticks : 0);
}

void clear_those_of_the_dead(const std::filesystem::path& parent) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(parent, error)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(k_prefix)) {
      continue;
    }
    const auto pid = base::parse_int(base::split(name.substr(k_prefix.size()), '-').front());
    if (pid.has_value() && !process_stat(static_cast<pid_t>(*pid)).has_value()) {
      remove_cgroup(entry.path());
    }
  }
}

}  // namespace

std::optional<std::filesystem::path> enter_new_cgroup() {
  const auto own = find_own();
  if (!own) {
    return std::nullopt;
  }
  clear_those_of_the_dead(*own);
  const std::filesystem::path made = *own / own_name();
  if (::mkdir(made.c_str(), 0755) != 0) {
    return std::nullopt;
  }
  if (::access((made / "cgroup.kill").c_str(), W_OK) != 0 ||
      !write_to(made / "cgroup.procs", "0")) {
    remove_cgroup(made);
    return std::nullopt;
  }
  return made;
}

bool kill_cgroup(const std::filesystem::path& cgroup) {
  return write_to(cgroup / "cgroup.kill", "1");
}

std::vector<pid_t> processes_in(const std::filesystem::path& cgroup) {
  std::vector<pid_t> found;
  const auto text = read_file(cgroup / "cgroup.procs", k_longest);
  if (text.ok()) {
    for (const std::string& line : base::split(*text, '\n')) {
      if (const auto pid = base::parse_int(line)) {
        found.push_back(static_cast<pid_t>(*pid));
      }
    }
  }
  return found;
}

void leave_cgroup(const std::filesystem::path& cgroup) {
  write_to(cgroup.parent_path() / "cgroup.procs", "0");
  remove_cgroup(cgroup);
}

void remove_cgroup(const std::filesystem::path& cgroup) {
  ::rmdir(cgroup.c_str());
}

}  // namespace sched::os
