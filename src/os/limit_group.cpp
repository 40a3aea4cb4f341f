#include "os/limit_group.hpp"

#include "base/text.hpp"
#include "os/file.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace sched::os {

namespace {

constexpr std::size_t k_group_file = std::size_t{1} << 16U;
constexpr std::int64_t k_period_us = 100'000;

/// The kernel makes the files of a group and lets nobody add any; where plain directories stand for
/// a hierarchy, they come into being here.
UniqueFd open_in_group(const std::filesystem::path& file) {
  return UniqueFd(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

/// 0 or the errno.
int set_in_group(const std::filesystem::path& file, const std::string& text) {
  const UniqueFd fd = open_in_group(file);
  return fd && write_all(fd.get(), text) ? 0 : errno;
}

std::string group_text(const std::filesystem::path& file) {
  const auto text = read_file(file, k_group_file);
  return text.ok() ? std::string(base::trim(*text)) : std::string();
}

std::uint64_t number_in(const std::filesystem::path& file) {
  return static_cast<std::uint64_t>(base::parse_int(group_text(file)).value_or(0));
}

/// The number behind a word at the beginning of a line.
std::int64_t counter_in(const std::filesystem::path& file, const std::string& word) {
  for (const std::string& line : base::split(group_text(file), '\n')) {
    if (line.starts_with(word + " ")) {
      return base::parse_int(std::string_view(line).substr(word.size() + 1)).value_or(0);
    }
  }
  return 0;
}

bool lists(const std::filesystem::path& file, const char* word) {
  const auto words = base::split(group_text(file), ' ');
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool hands_on(const std::filesystem::path& group, const char* controller) {
  return lists(group / "cgroup.controllers", controller) &&
         (lists(group / "cgroup.subtree_control", controller) ||
          set_in_group(group / "cgroup.subtree_control", std::string("+") + controller) == 0);
}

/// As systemd marks what it leaves to a service.
bool is_delegated(const std::filesystem::path& group) {
  char value = 0;
  return ::getxattr(group.c_str(), "user.delegate", &value, 1) == 1 && value == '1';
}

std::optional<CgroupPlace> find_place(const CgroupFacts& facts, const char* unified,
                                      const char* name) {
  if (const auto own = find_cgroup(facts, "")) {
    if (hands_on(*own, unified)) {
      return CgroupPlace{*own, true};
    }
    if (is_delegated(own->parent_path()) && hands_on(own->parent_path(), unified)) {
      return CgroupPlace{own->parent_path(), true};
    }
  }
  const auto own = find_cgroup(facts, name);
  return own ? std::optional(CgroupPlace{*own, false}) : std::nullopt;
}

/// "8:0" of each whole disk that has a size.
std::vector<std::string> disks() {
  std::vector<std::string> numbers;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/sys/block", error)) {
    const std::string number = group_text(entry.path() / "dev");
    if (!number.empty() && number_in(entry.path() / "size") > 0) {
      numbers.push_back(number);
    }
  }
  return numbers;
}

std::string io_max_line(const std::string& disk, std::uint64_t read, std::uint64_t write) {
  return disk + (read > 0 ? fmt::format(" rbps={}", read) : "") +
         (write > 0 ? fmt::format(" wbps={}", write) : "");
}

/// A disk that was pulled out meanwhile is none that could be used.
int first_failure(int known, int number) {
  return known != 0 || number == ENODEV || number == ENXIO ? known : number;
}

}  // namespace

CgroupPlaces find_cgroup_places(const CgroupFacts& facts) {
  CgroupPlaces places{find_place(facts, "memory", "memory"), find_place(facts, "cpu", "cpu"),
                      find_place(facts, "io", "blkio")};
  for (const auto* place : {&places.memory, &places.cpu, &places.io}) {
    if (*place) {
      clear_cgroups_of_the_dead((*place)->directory);
    }
  }
  return places;
}

int LimitGroup::enter_part(const std::optional<CgroupPlace>& place, std::size_t& index) {
  if (!place) {
    return EOPNOTSUPP;
  }
  const std::filesystem::path path = place->directory / name_;
  for (index = 0; index < parts_.size(); ++index) {
    if (parts_[index].path == path) {
      return 0;
    }
  }
  if (::mkdir(path.c_str(), 0755) != 0) {
    return errno;
  }
  Part part{path, place->is_unified, false, {}};
  part.entrance = open_in_group(path / "cgroup.procs");
  if (!part.entrance) {
    const int number = errno;
    ::rmdir(path.c_str());
    return number;
  }
  parts_.push_back(std::move(part));
  return 0;
}

int LimitGroup::bound_memory(const std::optional<CgroupPlace>& place, std::uint64_t bytes) {
  std::size_t index = 0;
  if (const int number = enter_part(place, index); number != 0) {
    return number;
  }
  const std::filesystem::path& path = parts_[index].path;
  const std::string text = std::to_string(bytes);
  const bool is_unified = parts_[index].is_unified;
  const int number =
      set_in_group(path / (is_unified ? "memory.max" : "memory.limit_in_bytes"), text);
  if (number != 0) {
    parts_[index].entrance.reset();
    ::rmdir(path.c_str());
    parts_.erase(parts_.begin() + static_cast<std::ptrdiff_t>(index));
    return number;
  }
  // Where swap is not counted there is mostly none.
  if (is_unified) {
    set_in_group(path / "memory.swap.max", "0");
    set_in_group(path / "memory.oom.group", "1");
  } else {
    set_in_group(path / "memory.memsw.limit_in_bytes", text);
  }
  parts_[index].bounds_memory = true;
  return 0;
}

int LimitGroup::bound_cpu(const std::optional<CgroupPlace>& place, std::int64_t thousandths) {
  std::size_t index = 0;
  if (const int number = enter_part(place, index); number != 0) {
    return number;
  }
  const std::filesystem::path& path = parts_[index].path;
  const std::int64_t quota_us = thousandths * k_period_us / 1000;
  if (parts_[index].is_unified) {
    return set_in_group(path / "cpu.max", fmt::format("{} {}", quota_us, k_period_us));
  }
  const int number = set_in_group(path / "cpu.cfs_period_us", std::to_string(k_period_us));
  return number != 0 ? number : set_in_group(path / "cpu.cfs_quota_us", std::to_string(quota_us));
}

int LimitGroup::bound_io(const std::optional<CgroupPlace>& place, std::uint64_t read,
                         std::uint64_t write) {
  std::size_t index = 0;
  if (const int number = enter_part(place, index); number != 0) {
    return number;
  }
  const std::filesystem::path& path = parts_[index].path;
  int number = 0;
  for (const std::string& disk : disks()) {
    if (parts_[index].is_unified) {
      number = first_failure(number, set_in_group(path / "io.max", io_max_line(disk, read, write)));
      continue;
    }
    if (read > 0) {
      number = first_failure(number, set_in_group(path / "blkio.throttle.read_bps_device",
                                                  fmt::format("{} {}", disk, read)));
    }
    if (write > 0) {
      number = first_failure(number, set_in_group(path / "blkio.throttle.write_bps_device",
                                                  fmt::format("{} {}", disk, write)));
    }
  }
  return number;
}

std::vector<int> LimitGroup::entrances() const {
  std::vector<int> files;
  for (const Part& part : parts_) {
    files.push_back(part.entrance.get());
  }
  return files;
}

std::optional<std::uint64_t> LimitGroup::memory_overrun() const {
  for (const Part& part : parts_) {
    if (!part.bounds_memory) {
      continue;
    }
    // Those that the kernel kills when the whole machine has no memory left are counted too: then
    // the limit was never reached.
    const auto& path = part.path;
    if (part.is_unified && counter_in(path / "memory.events", "oom_kill") > 0 &&
        counter_in(path / "memory.events", "oom") > 0) {
      return number_in(path / "memory.peak");
    }
    constexpr std::uint64_t k_nearly = std::uint64_t{1} << 20U;
    const std::uint64_t most = number_in(path / "memory.max_usage_in_bytes");
    if (!part.is_unified && counter_in(path / "memory.oom_control", "oom_kill") > 0 &&
        most + k_nearly >= number_in(path / "memory.limit_in_bytes")) {
      return most;
    }
  }
  return std::nullopt;
}

bool LimitGroup::remove() {
  std::erase_if(parts_, [](Part& part) {
    part.entrance.reset();
    return remove_cgroup(part.path);
  });
  return parts_.empty();
}

}  // namespace sched::os
