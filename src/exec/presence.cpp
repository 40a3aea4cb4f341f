#include "exec/presence.hpp"

#include "base/named.hpp"
#include "base/text.hpp"
#include "exec/launcher_directory.hpp"
#include "exec/link.hpp"
#include "os/file.hpp"
#include "os/held_locks.hpp"
#include "os/lock.hpp"
#include "os/process.hpp"
#include "os/system_clock.hpp"
#include "os/system_error.hpp"

#include <fmt/format.h>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <map>
#include <span>

namespace sched::exec {
namespace {

/// Of what every worker says, and with what some add.
constexpr std::size_t k_words = 4;
constexpr std::size_t k_throttled_words = 15;
constexpr std::size_t k_length = 160;
/// Somebody may be looking at it just then.
constexpr time::Duration k_patience = std::chrono::seconds(1);

std::filesystem::path workers_of(const std::filesystem::path& launchers) {
  return launchers.parent_path() / "workers";
}

std::optional<WorkerState> parse_state(const std::string& text) {
  return base::named(text, {WorkerState::working, WorkerState::standby, WorkerState::draining,
                            WorkerState::ending});
}

std::optional<model::StrainKind> parse_kind(const std::string& text) {
  return base::named(text, {model::StrainKind::cpu, model::StrainKind::memory,
                            model::StrainKind::io, model::StrainKind::load});
}

std::string words_of(const model::Throttle& throttle) {
  const model::Strain strain = throttle.strain.value_or(model::Strain());
  return fmt::format(" {} {} {} {} {} {} {} {} {} {} {}", throttle.range.least, throttle.range.most,
                     throttle.stopped ? 1 : 0, throttle.strain ? to_string(strain.kind) : "-",
                     strain.percent, strain.bound, time::to_ms(throttle.since),
                     to_string(throttle.shed), throttle.shed_runs, throttle.shed_last.value,
                     throttle.none_to_shed ? 1 : 0);
}

/// `words` begin with the least number of slots.
model::Throttle read_throttle(std::span<const std::string> words, int slots) {
  const auto number = [&](std::size_t i) {
    return static_cast<int>(base::parse_int(words[i]).value_or(0));
  };
  model::Throttle throttle;
  throttle.range = {number(0), number(1)};
  throttle.slots = slots;
  throttle.stopped = number(2) != 0;
  if (const auto kind = parse_kind(words[3])) {
    throttle.strain = {*kind, number(4), number(5)};
  }
  throttle.since = time::from_ms(base::parse_int(words[6]).value_or(0));
  throttle.shed = model::parse_shed(words[7]).value_or(model::Shed::never);
  throttle.shed_runs = number(8);
  throttle.shed_last = model::RunId(base::parse_int(words[9]).value_or(0));
  throttle.none_to_shed = number(10) != 0;
  return throttle;
}

/// Empty where there was no room on the disk for it, or its worker is only coming.
std::optional<WorkerInfo> read_presence(int fd) {
  std::array<char, k_length> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
  const auto words =
      base::split(base::trim(std::string_view(text.data(),
                                              static_cast<std::size_t>(std::max<ssize_t>(got, 0)))),
                  ' ');
  const auto state = words.size() == k_words || words.size() == k_throttled_words
                         ? parse_state(words[3])
                         : std::nullopt;
  if (!state) {
    return std::nullopt;
  }
  WorkerInfo info;
  info.slots = static_cast<int>(base::parse_int(words[1]).value_or(0));
  info.started_at = time::from_ms(base::parse_int(words[2]).value_or(0));
  info.state = *state;
  if (words.size() == k_throttled_words) {
    info.throttle = read_throttle(std::span(words).subspan(k_words), info.slots);
  }
  return info;
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& workers) {
  std::vector<std::filesystem::path> files;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(workers, failure)) {
    files.push_back(entry.path());
  }
  return files;
}

void clear_away_the_dead(const std::filesystem::path& workers) {
  for (const std::filesystem::path& path : files_in(workers)) {
    const os::UniqueFd file = os::open_private(path, O_RDWR);
    if (file && os::try_lock(file.get())) {
      ::unlink(path.c_str());  // Under its lock: who makes it anew just now looks again.
    }
  }
}

os::UniqueFd lock_own(const std::filesystem::path& path) {
  for (;;) {
    os::UniqueFd file = os::open_private(path, O_RDWR | O_CREAT);
    if (!file || !os::try_lock(file.get(), k_patience)) {
      throw os::system_error(file ? EBUSY : errno, "cannot make '" + path.string() + "'");
    }
    if (!is_removed(file.get())) {
      return file;
    }
  }
}

}  // namespace

const char* to_string(WorkerState state) {
  switch (state) {
    case WorkerState::working:
      return "working";
    case WorkerState::standby:
      return "standby";
    case WorkerState::draining:
      return "draining";
    case WorkerState::ending:
      return "ending";
  }
  return "";
}

Presence::Presence(const std::filesystem::path& workers, int slots, WorkerState state,
                   Handed& handed)
    : path_(workers / std::to_string(::getpid())),
      slots_(slots),
      state_(state),
      since_(os::wall_now()) {
  os::make_private_directory(workers);
  if (const auto found = handed.find(path_); found != handed.end()) {
    lock_ = std::move(found->second);
    handed.erase(found);
    if (const auto before = read_presence(lock_.get())) {
      since_ = before->started_at;
      state_ = before->state;
      throttle_ = before->throttle;
      slots_ = throttle_ ? throttle_->slots : slots_;
    }
  }
  clear_away_the_dead(workers);
  if (!lock_) {
    lock_ = lock_own(path_);
  }
  sign();
}

Presence::~Presence() {
  if (lock_) {
    ::unlink(path_.c_str());
  }
}

void Presence::say(WorkerState state) {
  state_ = state;
  sign();
}

void Presence::say(const model::Throttle& throttle) {
  throttle_ = throttle;
  slots_ = throttle.slots;
  sign();
}

Held Presence::held() const {
  return {{path_, lock_.get()}};
}

void Presence::sign() const {
  std::string text =
      fmt::format("{} {} {} {}", ::getpid(), slots_, time::to_ms(since_), to_string(state_));
  text += throttle_ ? words_of(*throttle_) : "";
  text.resize(k_length, '\n');  // Of one length, so that a reader never meets the rest of another.
  os::write_all_at(lock_.get(), text, 0);
}

std::vector<WorkerInfo> living_workers(const std::filesystem::path& launchers) {
  std::map<int, WorkerInfo> workers;
  for (const std::filesystem::path& path : files_in(workers_of(launchers))) {
    const os::UniqueFd file = os::open_private(path, O_RDONLY);
    const auto pid = base::parse_int(path.filename().string());
    if (file && pid && os::is_locked(file.get())) {
      WorkerInfo info = read_presence(file.get()).value_or(WorkerInfo());
      info.pid = static_cast<int>(*pid);
      workers.emplace(info.pid, std::move(info));
    }
  }
  for (const model::LauncherId id : list_launchers(launchers)) {
    const std::filesystem::path directory = launcher_path(launchers, id);
    const os::UniqueFd file = open_worker_file(directory);
    const auto owner = file && os::is_locked(file.get())
                           ? workers.find(read_worker_file(file.get()))
                           : workers.end();
    if (owner != workers.end()) {
      const os::UniqueFd journal = os::open_private(directory / "journal", O_RDONLY);
      owner->second.launchers.push_back(
          {id, noted_pid(directory), journal && os::is_locked(journal.get())});
    }
  }
  std::vector<WorkerInfo> found;
  for (auto& [pid, info] : workers) {
    found.push_back(std::move(info));
  }
  return found;
}

bool tell_worker(const std::filesystem::path& launchers, int pid, WorkerOrder order,
                 os::UniqueFd& gone) {
  gone = os::open_pidfd(pid);
  // Asked after the pidfd is there: what holds the lock then is what the pidfd names, or that is
  // dead and can't be signalled.
  const auto holders = os::flock_holders(workers_of(launchers) / std::to_string(pid));
  if (!gone || std::find(holders.begin(), holders.end(), pid) == holders.end()) {
    return false;
  }
  const int number = os::send_signal(gone.get(), order == WorkerOrder::drain ? SIGTERM : SIGUSR1);
  if (number != 0 && number != ESRCH) {
    throw os::system_error(number, fmt::format("worker {} can't be told", pid),
                           base::ErrorKind::refused);
  }
  return number == 0;
}

}  // namespace sched::exec
