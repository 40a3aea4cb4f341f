#include "os/cgroup.hpp"

#include "base/text.hpp"
#include "os/fd.hpp"
#include "os/file.hpp"
#include "os/process.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

namespace sched::os {

namespace {

constexpr std::size_t k_longest = std::size_t{4} << 20U;
constexpr std::string_view k_prefix = "sched-";

bool write_to(const std::filesystem::path& file, std::string_view text) {
  const UniqueFd fd(::open(file.c_str(), O_WRONLY | O_CLOEXEC));
  return fd && write_all(fd.get(), text);
}

/// Whether a comma-separated list names it.
bool names(std::string_view list, std::string_view word) {
  const auto words = base::split(list, ',');
  return std::find(words.begin(), words.end(), word) != words.end();
}

struct Mount {
  std::string root;  ///< What of the hierarchy is mounted there.
  std::filesystem::path place;
};

/// Of version 2 the hierarchy is mounted by itself, or beside those of version 1.
std::optional<Mount> find_cgroup_mount(const std::string& mounts, std::string_view controller) {
  for (const std::string& line : base::split(mounts, '\n')) {
    const std::size_t dash = line.find(" - ");
    const auto fields = base::split(line.substr(0, dash), ' ');
    if (dash == std::string::npos || fields.size() < 5) {
      continue;
    }
    const auto kind = base::split(line.substr(dash + 3), ' ');
    const bool is_it = controller.empty()
                           ? kind.front() == "cgroup2"
                           : kind.front() == "cgroup" && names(kind.back(), controller);
    if (is_it) {
      return Mount{fields[3], fields[4]};
    }
  }
  return std::nullopt;
}

/// The path of the group within its hierarchy.
std::optional<std::string> find_membership(const std::string& memberships,
                                           std::string_view controller) {
  for (const std::string& line : base::split(memberships, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) {
      continue;
    }
    const std::string list = line.substr(first + 1, second - first - 1);
    if (controller.empty() ? list.empty() && line.starts_with("0:") : names(list, controller)) {
      return line.substr(second + 1);
    }
  }
  return std::nullopt;
}

/// Of a group that we made: whether the process whose name it bears is gone.
bool is_of_the_dead(std::string_view name) {
  const auto words = base::split(name.substr(k_prefix.size()), '-');
  const auto pid = base::parse_int(words.front());
  const auto born = words.size() > 1 ? base::parse_int(words[1]) : std::nullopt;
  if (!pid || !born) {
    return false;
  }
  const auto process = process_stat(static_cast<pid_t>(*pid));
  return !process || process->start_ticks != static_cast<std::uint64_t>(*born);
}

bool remove_with_all_below(const std::filesystem::path& cgroup) {
  if (!processes_in(cgroup).empty()) {
    return false;
  }
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(cgroup, error)) {
    if (entry.is_directory(error)) {
      remove_with_all_below(entry.path());
    }
  }
  return ::rmdir(cgroup.c_str()) == 0 || errno == ENOENT;
}

}  // namespace

CgroupFacts own_cgroup_facts() {
  const auto mounts = read_file("/proc/self/mountinfo", k_longest);
  const auto memberships = read_file("/proc/self/cgroup", k_longest);
  return {mounts.ok() ? *mounts : "", memberships.ok() ? *memberships : ""};
}

std::optional<std::filesystem::path> find_cgroup(const CgroupFacts& facts,
                                                 std::string_view controller) {
  const auto mount = find_cgroup_mount(facts.mounts, controller);
  auto path = find_membership(facts.memberships, controller);
  // A path with ".." lies beyond what a namespace of cgroups shows.
  if (!mount || !path || path->find("/..") != std::string::npos) {
    return std::nullopt;
  }
  if (mount->root != "/") {
    if (*path != mount->root && !path->starts_with(mount->root + "/")) {
      return std::nullopt;
    }
    path->erase(0, mount->root.size());
  }
  const std::string below(base::trim(std::string_view(*path).substr(path->empty() ? 0 : 1)));
  return below.empty() ? mount->place : mount->place / below;
}

std::string own_cgroup_name() {
  const auto self = process_stat(::getpid());
  return std::string(k_prefix) + std::to_string(::getpid()) + "-" +
         std::to_string(self ? self->start_ticks : 0);
}

std::vector<std::filesystem::path> cgroups_after(const std::filesystem::path& named) {
  std::vector<std::filesystem::path> found;
  const std::string beginning = named.filename().string() + "-";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(named.parent_path(), error)) {
    if (entry.path().filename().string().starts_with(beginning)) {
      found.push_back(entry.path());
    }
  }
  return found;
}

void clear_cgroups_of_the_dead(const std::filesystem::path& parent) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(parent, error)) {
    const std::string name = entry.path().filename();
    if (name.starts_with(k_prefix) && is_of_the_dead(name)) {
      remove_cgroup(entry.path());
    }
  }
}

std::optional<std::filesystem::path> enter_new_cgroup(const CgroupFacts& facts) {
  const auto own = find_cgroup(facts, "");
  if (!own) {
    return std::nullopt;
  }
  clear_cgroups_of_the_dead(*own);
  const std::filesystem::path made = *own / own_cgroup_name();
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

bool remove_cgroup(const std::filesystem::path& cgroup) {
  return ::rmdir(cgroup.c_str()) == 0 || errno == ENOENT || remove_with_all_below(cgroup);
}

}  // namespace sched::os
