#include "exec/attempt.hpp"

#include "exec/contain.hpp"
#include "exec/limit_evidence.hpp"
#include "exec/stray_report.hpp"
#include "os/system_clock.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

namespace sched::exec {

namespace {

constexpr std::size_t k_chunk = 65536;
constexpr std::size_t k_turn = 4 * k_chunk;

/// How often the processes of one that is watched are looked at. The first comes sooner: most that
/// ask for too much do so at once.
constexpr time::Duration k_first_look = std::chrono::milliseconds(200);
constexpr time::Duration k_between_looks = std::chrono::seconds(1);

std::int64_t to_us(const timeval& value) {
  return static_cast<std::int64_t>(value.tv_sec) * 1'000'000 + value.tv_usec;
}

model::Usage to_usage(const rusage& usage) {
  constexpr std::int64_t k_block = 512;
  constexpr std::int64_t k_kibi = 1024;
  return {to_us(usage.ru_utime), to_us(usage.ru_stime), usage.ru_maxrss * k_kibi,
          usage.ru_inblock * k_block, usage.ru_oublock * k_block};
}

std::array<char, k_chunk>& chunk() {
  static std::array<char, k_chunk> buffer;
  return buffer;
}

}  // namespace

Attempt::Attempt(const Launch& launch, Spawned spawned, const std::filesystem::path& logs,
                 std::size_t journal_slot, time::Instant started_at, time::Duration now)
    : claim_(launch.claim),
      limits_(launch.limits),
      max_rss_bytes_(launch.machine.max_rss_bytes),
      max_cpu_time_(launch.machine.max_cpu_time),
      timeout_(launch.timeout),
      idle_timeout_(launch.idle_timeout),
      until_deadline_(launch.until_deadline),
      grace_(launch.grace_kill),
      process_(std::move(spawned)),
      out_(log_head(logs, claim_.run, claim_.attempt, Stream::out), launch.log_limit_bytes),
      err_(log_head(logs, claim_.run, claim_.attempt, Stream::err), launch.log_limit_bytes),
      journal_slot_(journal_slot),
      started_at_(started_at),
      begun_(now),
      last_heard_(now) {
  if (launch.machine.is_watched()) {
    look_at_ = now + k_first_look;
  }
}

void Attempt::take(Stream stream, std::string_view bytes) {
  log(stream).append(bytes);
  if (limits_.empty()) {
    return;
  }
  last_output_.append(
      bytes.size() > k_evidence_bytes ? bytes.substr(bytes.size() - k_evidence_bytes) : bytes);
  if (last_output_.size() > 2 * k_evidence_bytes) {
    last_output_.erase(0, last_output_.size() - k_evidence_bytes);
  }
}

bool Attempt::read_output(Stream stream, time::Duration now) {
  std::size_t taken = 0;
  while (taken < k_turn) {
    const ssize_t got = move_output(stream);
    if (got <= 0) {
      return got < 0 && (errno == EAGAIN || errno == EINTR);
    }
    taken += static_cast<std::size_t>(got);
    last_heard_ = now;
  }
  return true;
}

/// As read(), with the bytes in the log.
ssize_t Attempt::move_output(Stream stream) {
  const int fd = pipe(stream).get();
  // Evidence for a limit is in the last words: then they must be looked at.
  if (floods_ && limits_.empty()) {
    const ssize_t moved = log(stream).splice_from(fd, k_turn);
    if (moved >= 0 || errno == EAGAIN || errno == EINTR) {
      return moved;
    }
  }
  const ssize_t got = ::read(fd, chunk().data(), k_chunk);
  if (got > 0) {
    take(stream, {chunk().data(), static_cast<std::size_t>(got)});
  }
  if (got == static_cast<ssize_t>(k_chunk) && !floods_) {
    // A full pipe: fewer and larger bites. Not for all, there is a bound on what a user's pipes
    // may hold together; past it this is refused, and nothing is lost by that.
    floods_ = true;
    ::fcntl(fd, F_SETPIPE_SZ, static_cast<int>(k_turn));
  }
  return got;
}

void Attempt::drain(Stream stream) {
  // What is there now and not a byte more: somebody else may go on writing for ever.
  int waiting = 0;
  if (!pipe(stream) || ::ioctl(pipe(stream).get(), FIONREAD, &waiting) != 0) {
    return;
  }
  while (waiting > 0) {
    const std::size_t wanted = std::min(k_chunk, static_cast<std::size_t>(waiting));
    const ssize_t got = ::read(pipe(stream).get(), chunk().data(), wanted);
    if (got <= 0) {
      break;
    }
    take(stream, {chunk().data(), static_cast<std::size_t>(got)});
    waiting -= static_cast<int>(got);
  }
  pipe(stream).reset();
}

bool Attempt::is_dead() const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(process_.pid), &info, WEXITED | WNOHANG | WNOWAIT) !=
             0 ||
         info.si_pid != 0;
}

void Attempt::terminate(model::Ending::Cause cause, time::Duration now) {
  if (kill_at_.has_value() || is_dead()) {
    return;
  }
  cause_ = cause;
  kill_at_ = now + grace_;
  // Not reaped yet, so the number is still its own. A stopped one must run to see the signal.
  ::kill(-process_.pid, SIGTERM);
  ::kill(-process_.pid, SIGCONT);
  resume(now);
}

bool Attempt::suspend(const std::function<std::vector<pid_t>()>& find, time::Duration now) {
  if (is_suspended() || kill_at_.has_value() || is_dead()) {
    return false;
  }
  standstill_.stop(find);
  suspended_at_ = now;
  return true;
}

void Attempt::resume(time::Duration now) {
  if (!is_suspended()) {
    return;
  }
  standstill_.go_on();
  const time::Duration stood = now - *suspended_at_;
  suspended_at_.reset();
  stood_ += stood;
  last_heard_ += stood;
}

void Attempt::watch(const TreeUsage& usage, time::Duration now) {
  look_at_ = now + k_between_looks;
  using Cause = model::Ending::Cause;
  const bool has_too_much = max_rss_bytes_.has_value() && usage.rss_bytes > *max_rss_bytes_;
  const bool used_too_much = max_cpu_time_.count() > 0 && usage.cpu >= max_cpu_time_;
  if (kill_at_.has_value()) {
    return;
  }
  if (note_memory_overrun()) {
    terminate(Cause::rss_limit, now);  // What the kernel has left of it.
    look_at_.reset();
    return;
  }
  if (!has_too_much && !used_too_much) {
    return;
  }
  terminate(has_too_much ? Cause::rss_limit : Cause::cpu_time_limit, now);
  if (kill_at_.has_value()) {  // Else it had died by itself just then.
    measured_ = has_too_much ? static_cast<std::int64_t>(usage.rss_bytes) : usage.cpu.count();
    processes_ = usage.processes;
    look_at_.reset();
  }
}

/// Whether the kernel held its memory limit, which is then what is told of it.
bool Attempt::note_memory_overrun() {
  const auto most = process_.group ? process_.group->memory_overrun() : std::nullopt;
  if (most.has_value()) {
    measured_ = static_cast<std::int64_t>(*most);
    processes_ = 0;
  }
  return most.has_value();
}

void Attempt::keep_time(time::Duration now) {
  const bool too_long = timeout_.count() > 0 && now >= begun_ + stood_ + timeout_;
  const bool too_late = until_deadline_.count() > 0 && now >= begun_ + until_deadline_;
  if (!kill_at_.has_value() && ((too_long && !is_suspended()) || too_late)) {
    terminate(model::Ending::Cause::timeout, now);
  }
  if (!kill_at_.has_value() && !is_suspended() && idle_timeout_.count() > 0 &&
      now >= last_heard_ + idle_timeout_) {
    terminate(model::Ending::Cause::idle_timeout, now);
  }
  if (kill_at_.has_value() && !killed_ && now >= *kill_at_) {
    killed_ = true;
    ::kill(-process_.pid, SIGKILL);
  }
  stuck_ = killed_ && now >= *kill_at_ + k_stuck_after;
}

std::optional<time::Duration> Attempt::next_moment() const {
  if (kill_at_.has_value()) {
    return !killed_ ? *kill_at_ : !stuck_ ? std::optional(*kill_at_ + k_stuck_after) : std::nullopt;
  }
  std::optional<time::Duration> next;
  const auto heed = [&next](time::Duration moment) {
    next = next.has_value() ? std::min(*next, moment) : moment;
  };
  if (until_deadline_.count() > 0) {
    heed(begun_ + until_deadline_);
  }
  if (is_suspended()) {
    return next;
  }
  if (look_at_.has_value()) {
    heed(*look_at_);
  }
  if (timeout_.count() > 0) {
    heed(begun_ + stood_ + timeout_);
  }
  if (idle_timeout_.count() > 0) {
    heed(last_heard_ + idle_timeout_);
  }
  return next;
}

model::Ending Attempt::finish(time::Duration now) {
  drain(Stream::out);
  drain(Stream::err);
  process_.locks.clear();
  // The rest of its group learns it while the dead leader still keeps the group's number.
  ::kill(-process_.pid, SIGTERM);
  ::kill(-process_.pid, killed_ ? SIGKILL : SIGCONT);
  int status = 0;
  rusage usage{};
  if (cause_ == model::Ending::Cause::none && note_memory_overrun()) {
    cause_ = model::Ending::Cause::rss_limit;
  }
  model::Ending ending;
  ending.started_at = started_at_;
  ending.ended_at = os::wall_now();
  ending.elapsed = suspended_at_.value_or(now) - begun_ - stood_;
  ending.log_bytes = out_.total_bytes() + err_.total_bytes();
  ending.dropped_bytes = out_.dropped_bytes() + err_.dropped_bytes();
  ending.measured = measured_;
  ending.processes = processes_;
  if (::wait4(process_.pid, &status, WNOHANG, &usage) != process_.pid) {
    ending.kind = model::Ending::Kind::lost;  // Somebody else reaped it; can't happen.
    return ending;
  }
  if (process_.status) {
    status = contained_status(process_.status.get()).value_or(status);
  }
  ending.usage = to_usage(usage);
  ending.kind = WIFSIGNALED(status) ? model::Ending::Kind::signalled : model::Ending::Kind::exited;
  ending.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  const std::size_t shown = std::min(last_output_.size(), k_evidence_bytes);
  ending.cause =
      cause_ != model::Ending::Cause::none
          ? cause_
          : limit_cause(limits_, ending,
                        std::string_view(last_output_).substr(last_output_.size() - shown));
  return ending;
}

}  // namespace sched::exec
