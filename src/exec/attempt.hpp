#pragma once

#include "exec/executor.hpp"
#include "exec/log_writer.hpp"
#include "exec/spawn.hpp"
#include "exec/standstill.hpp"
#include "exec/tree_usage.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace sched::exec {

/// One attempt that executes: its process, its output, its time limits. The launcher tells it the
/// moment (of the monotonic clock) and asks when it wants to be looked at again.
class Attempt {
 public:
  Attempt(const Launch& launch, Spawned spawned, const std::filesystem::path& logs,
          std::size_t journal_slot, time::Instant started_at, time::Duration now);

  const model::Claim& claim() const { return claim_; }
  pid_t pid() const { return process_.pid; }
  std::size_t journal_slot() const { return journal_slot_; }
  const Spawned& process() const { return process_; }
  /// When SIGKILL is due or was; empty when nothing has ended it.
  std::optional<time::Duration> kill_at() const { return kill_at_; }
  time::Duration grace() const { return grace_; }

  /// Takes what is in a pipe to its log, some 256 KiB at most. false when the stream is over.
  bool read_output(Stream stream, time::Duration now);
  void close_output(Stream stream) { pipe(stream).reset(); }

  /// Begins to end it, unless it is over or being ended already: SIGTERM now, SIGKILL after its
  /// grace.
  void terminate(model::Ending::Cause cause, time::Duration now);
  /// Stops those of its processes that `find` names, and the clocks of its limits; false when it is
  /// suspended already, over, or being ended.
  bool suspend(const std::function<std::vector<pid_t>()>& find, time::Duration now);
  void resume(time::Duration now);
  bool is_suspended() const { return suspended_at_.has_value(); }
  /// Whether its processes are to be looked at now, and watch() told.
  bool wants_look(time::Duration now) const {
    return look_at_.has_value() && !is_suspended() && now >= *look_at_;
  }
  /// What it was in, for when it is over.
  std::optional<os::LimitGroup> take_group() { return std::exchange(process_.group, std::nullopt); }
  /// What they have and used together; ends it where that is more than it may have.
  void watch(const TreeUsage& usage, time::Duration now);
  /// Does what time asks for: limits reached, grace over.
  void keep_time(time::Duration now);
  /// When keep_time() has something to do next; empty: never.
  std::optional<time::Duration> next_moment() const;

  /// It was killed a while ago and has not died of it, as of the last keep_time().
  bool is_stuck() const { return stuck_; }
  /// Whether its process is dead (and waits to be reaped).
  bool is_dead() const;
  /// Reaps it: how it ended, what it cost, why. Only when is_dead(). Takes the rest of its output
  /// without waiting and closes the pipes, whoever else may hold them.
  model::Ending finish(time::Duration now);

 private:
  void take(Stream stream, std::string_view bytes);
  bool note_memory_overrun();
  ssize_t move_output(Stream stream);
  LogWriter& log(Stream stream) { return stream == Stream::out ? out_ : err_; }
  void drain(Stream stream);
  os::UniqueFd& pipe(Stream stream) { return stream == Stream::out ? process_.out : process_.err; }

  model::Claim claim_;
  model::Limits limits_;
  std::optional<std::uint64_t> max_rss_bytes_;
  time::Duration max_cpu_time_;
  time::Duration timeout_;
  time::Duration idle_timeout_;
  time::Duration until_deadline_;
  time::Duration grace_;
  Spawned process_;
  LogWriter out_;
  LogWriter err_;
  std::string last_output_;  ///< Kept only where limits are set: evidence for which one was hit.
  std::size_t journal_slot_;
  time::Instant started_at_;
  time::Duration begun_;
  time::Duration last_heard_;
  Standstill standstill_;
  std::optional<time::Duration> suspended_at_;
  time::Duration stood_{};  ///< How long it was suspended before.
  model::Ending::Cause cause_ = model::Ending::Cause::none;
  std::optional<time::Duration> kill_at_;
  bool killed_ = false;
  bool stuck_ = false;
  bool floods_ = false;                    ///< Its pipes were made larger.
  std::optional<time::Duration> look_at_;  ///< Empty: it is not watched.
  std::int64_t measured_ = 0;              ///< As in its Ending.
  std::int64_t processes_ = 0;
};

}  // namespace sched::exec
