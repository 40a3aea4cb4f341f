#include "base/text.hpp"
#include "cli/doctor_checks.hpp"
#include "os/facts.hpp"
#include "os/file.hpp"
#include "os/lock.hpp"
#include "os/process.hpp"
#include "render/phrase.hpp"
#include "store/write_lock.hpp"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace sched::cli {
namespace {

namespace fs = std::filesystem;

/// Empty when only we can reach it.
std::string fault_of(const os::FileFacts& facts) {
  if (facts.is_symlink) {
    return "is a symbolic link";
  }
  if (facts.owner != os::own_uid()) {
    return fmt::format("belongs to user {}", facts.owner);
  }
  if ((facts.mode & 077U) != 0) {
    return fmt::format("has mode {:04o}: others can reach it", facts.mode);
  }
  return facts.is_regular && facts.links > 1 ? fmt::format("has {} hard links", facts.links)
                                             : std::string();
}

void check_path(Checkup& checkup, const fs::path& path) {
  const auto facts = os::find_facts(path);
  const std::string fault = facts ? fault_of(*facts) : std::string();
  if (fault.empty()) {
    return;
  }
  const bool is_mode =
      !facts->is_symlink && facts->owner == os::own_uid() && (facts->mode & 077U) != 0;
  std::error_code failure;
  if (checkup.fix && is_mode) {
    fs::permissions(path, fs::perms::group_all | fs::perms::others_all, fs::perm_options::remove,
                    failure);
  }
  checkup.found("permissions", fmt::format("'{}' {}", path.string(), fault),
                is_mode ? "chmod go= " + base::shell_quote(path.string())
                        : "move it away, or make a private copy in its place",
                checkup.fix && is_mode && !failure);
}

/// Who holds it without a pause for so long is stopped or stuck; a change takes milliseconds.
constexpr auto k_too_long = std::chrono::seconds(1);
constexpr auto k_between_looks = std::chrono::milliseconds(10);

}  // namespace

void check_permissions(Checkup& checkup) {
  check_path(checkup, checkup.places.directory);
  std::error_code failure;
  for (auto entry = fs::recursive_directory_iterator(checkup.places.directory, failure);
       !failure && entry != fs::recursive_directory_iterator(); entry.increment(failure)) {
    check_path(checkup, entry->path());
  }
}

void check_leftovers(Checkup& checkup) {
  // Who makes a store or restores one has its lock as long as the files may be half made.
  const os::UniqueFd directory = os::open_directory(checkup.places.directory);
  if (!directory || !os::try_lock(directory.get(), std::chrono::milliseconds(50))) {
    return;
  }
  for (const char* name : {"sched.db.new", "restore.part"}) {
    const fs::path path = checkup.places.directory / name;
    if (!os::find_facts(path)) {
      continue;
    }
    std::error_code failure;
    if (checkup.fix) {
      fs::remove_all(path, failure);
    }
    checkup.found("leftover", fmt::format("'{}' was left by a command that was killed", name),
                  "sched doctor --fix", checkup.fix && !failure);
  }
}

void check_disk(Checkup& checkup) {
  constexpr std::uint64_t k_little = 64U << 20U;
  std::error_code failure;
  const auto space = fs::space(checkup.places.directory, failure);
  if (failure) {
    return;
  }
  checkup.health.disk_free_bytes = space.available;
  if (space.available < k_little) {
    checkup.found("disk", fmt::format("only {} are free", render::size(space.available)),
                  "make room: 'sched prune' removes old runs with their logs");
  }
}

void check_write_lock(Checkup& checkup) {
  const std::string file = checkup.places.database().string();
  const int first = store::write_lock_holder(file);
  int holder = first;
  for (auto waited = k_between_looks; holder != 0 && holder == first && waited < k_too_long;
       waited += k_between_looks) {
    std::this_thread::sleep_for(k_between_looks);
    holder = store::write_lock_holder(file);
  }
  if (holder == 0 || holder != first) {
    return;
  }
  checkup.health.write_lock_pid = holder;
  const auto process = os::process_stat(holder);
  const bool stopped = process && (process->state == 'T' || process->state == 't');
  checkup.found("lock",
                fmt::format("process {} holds the write lock{}", holder,
                            stopped ? " and is stopped (SIGSTOP)" : " and does not let go"),
                stopped ? fmt::format("kill -CONT {}", holder)
                        : fmt::format("see what it does; 'kill {}' ends it", holder));
}

}  // namespace sched::cli
