#include "exec/launcher_loop.hpp"

#include "os/host.hpp"
#include "os/system_clock.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

namespace sched::exec {

namespace {

constexpr std::uint64_t k_signals_key = 0;
/// Attempts have keys from 4 on: their serial, and which of their descriptors.
constexpr std::uint64_t k_keys_each = 4;
enum Part : std::uint64_t { k_process_part, k_out_part, k_err_part };

std::uint64_t key_of(std::uint64_t serial, Part part) {
  return serial * k_keys_each + part;
}

}  // namespace

LauncherLoop::LauncherLoop(Setup setup, os::UniqueFd journal, os::UniqueFd socket)
    : setup_(std::move(setup)),
      journal_(std::move(journal)),
      socket_(std::move(socket)),
      signals_({SIGCHLD, SIGTERM}),
      now_(os::monotonic_now()),
      groups_(setup_.cgroups),
      strays_(setup_.store) {
  journal_.sign(owner());
  poller_.add(signals_.fd(), k_signals_key);
  poller_.add(socket_.get(), k_launcher_socket_key);
}

void LauncherLoop::run() {
  accept_worker();
  while (!may_end()) {
    turn(patience());
  }
  journal_.close(owner());
}

Journal::Owner LauncherLoop::owner() const {
  return {.launcher = setup_.id, .boot_id = os::boot_id()};
}

void LauncherLoop::turn(std::optional<time::Duration> timeout) {
  const auto ready = poller_.wait(timeout);
  now_ = os::monotonic_now();
  for (const os::Ready& one : ready) {
    serve(one);
  }
  if (hearing_) {
    hear_worker();
  }
  watch_usage();
  for (const auto& [serial, attempt] : attempts_) {
    attempt->keep_time(now_);
  }
  for (const model::Claim& claim : backlog_.remove_late(now_)) {
    give_back(claim);
  }
  if (const auto moment = next_sweep(); moment && *moment <= now_) {
    sweep();
  }
  report_strays();
  flush_worker();
}

void LauncherLoop::serve(const os::Ready& ready) {
  switch (ready.key) {
    case k_signals_key:
      serve_signals();
      break;
    case k_launcher_socket_key:
      accept_worker();
      break;
    case k_launcher_worker_key:
      hearing_ = hearing_ || ready.readable;
      break;
    default:
      serve_attempt(ready);
  }
}

void LauncherLoop::serve_signals() {
  for (const int signal : signals_.take()) {
    if (signal == SIGCHLD) {
      sweep_soon();
    } else {
      cancel_all(model::Ending::Cause::shutdown);
    }
  }
}

void LauncherLoop::serve_attempt(const os::Ready& ready) {
  const std::uint64_t serial = ready.key / k_keys_each;
  const auto found = attempts_.find(serial);
  if (found == attempts_.end()) {
    return;  // It ended earlier in this turn.
  }
  Attempt& attempt = *found->second;
  const auto part = static_cast<Part>(ready.key % k_keys_each);
  if (part == k_process_part) {
    end_attempt(serial);
    return;
  }
  const Stream stream = part == k_out_part ? Stream::out : Stream::err;
  const int fd = stream == Stream::out ? attempt.process().out.get() : attempt.process().err.get();
  if (!attempt.read_output(stream, now_)) {
    poller_.remove(fd);
    attempt.close_output(stream);
  }
}

std::optional<time::Duration> LauncherLoop::patience() const {
  if (hearing_) {
    return time::Duration(0);
  }
  std::optional<time::Duration> next = next_sweep();
  if (const auto late = backlog_.next_moment(); late && (!next || *late < *next)) {
    next = late;
  }
  for (const auto& [serial, attempt] : attempts_) {
    const auto moment = attempt->next_moment();
    if (moment.has_value() && (!next.has_value() || *moment < *next)) {
      next = moment;
    }
  }
  if (next.has_value()) {
    next = std::max(time::Duration(0), *next - os::monotonic_now());
  }
  return next;
}

bool LauncherLoop::may_end() {
  if (!attempts_.empty() || !backlog_.empty() || hearing_ || worker_is_gone_ ||
      (worker_.open() && !told_to_close_)) {
    return false;
  }
  siginfo_t info{};
  if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD) {
    return false;
  }
  accept_worker();
  return !worker_.open() || told_to_close_;
}

void LauncherLoop::start(const Launch& launch, FileLocks locks) {
  Journal::Entry entry;
  entry.claim = launch.claim;
  entry.started_at = os::wall_now();
  Ended ended;
  ended.claim = launch.claim;
  ended.ending.started_at = entry.started_at;
  const auto slot = journal_.begin(entry);
  if (!slot.has_value()) {
    ended.ending.kind = model::Ending::Kind::not_begun;
    ended.ending.code = errno;
    ended.ending.ended_at = entry.started_at;
    worker_.send(ended);
    return;
  }
  const time::Duration begun = os::monotonic_now();
  auto result = bring_up(launch, std::move(locks));
  if (const auto* failed = std::get_if<SpawnFailure>(&result)) {
    ended.ending.kind = failed->kind;
    ended.ending.step = failed->step;
    ended.ending.code = failed->code;
    ended.ending.ended_at = os::wall_now();
    ended_[launch.claim] = {*slot, ended};
    tell(ended);
    return;
  }
  auto spawned = std::get<Spawned>(std::move(result));
  entry.pid = spawned.pid;
  entry.start_ticks = spawned.start_ticks;
  journal_.note_process(*slot, entry);
  strays_.attempt_begins(launch.claim, spawned.pid, entry.start_ticks);
  if (launch.machine.is_watched()) {
    strays_.count_cpu_of(spawned.pid);
  }
  const std::uint64_t serial = ++last_serial_;
  auto attempt = std::make_unique<Attempt>(launch, std::move(spawned), setup_.logs, *slot,
                                           entry.started_at, begun);
  watch(serial, *attempt);
  serials_[launch.claim] = serial;
  attempts_[serial] = std::move(attempt);
}

void LauncherLoop::watch(std::uint64_t serial, const Attempt& attempt) {
  const Spawned& process = attempt.process();
  poller_.add(process.pidfd.get(), key_of(serial, k_process_part));
  poller_.add(process.out.get(), key_of(serial, k_out_part));
  if (process.err) {
    poller_.add(process.err.get(), key_of(serial, k_err_part));
  }
}

void LauncherLoop::end_attempt(std::uint64_t serial) {
  const auto found = attempts_.find(serial);
  std::unique_ptr<Attempt> attempt = std::move(found->second);
  attempts_.erase(found);
  serials_.erase(attempt->claim());
  backlog_.free(attempt->claim());
  Ended ended;
  ended.claim = attempt->claim();
  ended.ending = attempt->finish(now_);
  groups_.leave(attempt->take_group());
  strays_.attempt_ends(ended.claim, attempt->pid(),
                       attempt->kill_at().value_or(now_ + attempt->grace()));
  sweep_soon();
  ended_[ended.claim] = {attempt->journal_slot(), ended};
  // Before the next begins: until that executes it has a copy of each of our descriptors, and the
  // poller goes on to tell of one that is not closed everywhere.
  attempt.reset();
  tell(ended);
  begin_next();
}

void LauncherLoop::tell(const Ended& ended) {
  // In the journal first: from here on our own death loses nothing of it.
  journal_.end(ended_.at(ended.claim).slot, ended.claim, ended.ending);
  worker_.send(ended);
}

void LauncherLoop::cancel(const Cancel& order) {
  const auto found = serials_.find(order.claim);
  if (found != serials_.end()) {
    attempts_.at(found->second)->terminate(order.cause, now_);
  } else if (backlog_.remove(order.claim)) {
    give_back(order.claim, order.cause);
  }
}

void LauncherLoop::cancel_all(model::Ending::Cause cause) {
  for (const model::Claim& claim : backlog_.remove_all()) {
    give_back(claim, cause);
  }
  for (const auto& [serial, attempt] : attempts_) {
    attempt->terminate(cause, now_);
  }
}

void LauncherLoop::forget(const model::Claim& claim) {
  const auto found = ended_.find(claim);
  if (found == ended_.end()) {
    return;
  }
  // While something of it lives, the slot stays: after our death it tells what to look for.
  if (sweep_at_) {
    sweep();
  }
  if (strays_.has_any_of(claim)) {
    forgotten_.insert(claim);
    return;
  }
  told_strays_.erase(claim);
  journal_.release(found->second.slot);
  ended_.erase(found);
  forgotten_.erase(claim);
}

}  // namespace sched::exec
