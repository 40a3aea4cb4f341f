#pragma once

#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace sched::model {

/// What one attempt cost, its waited-for children included.
struct Usage {
  std::int64_t user_us = 0;
  std::int64_t system_us = 0;
  std::int64_t max_rss_bytes = 0;
  std::int64_t read_bytes = 0;  ///< From block devices; what the page cache gave is free.
  std::int64_t write_bytes = 0;
  bool operator==(const Usage&) const = default;
};

/// The facts of how an attempt ended, as its launcher saw them. What follows from it is decided by
/// rules/settle.
struct Ending {
  enum class Kind : std::uint8_t {
    exited,        ///< `code` is the exit code.
    signalled,     ///< `code` is the signal.
    not_executed,  ///< It failed before or in exec; `code` is the errno, `step` where.
    not_begun,     ///< No process could be made or journalled just now: not the command's fault,
                   ///< the attempt does not count. `code` is the errno; 0: it was never tried.
    lost,          ///< Started, and nobody saw its end.
  };
  /// What made it end, where that was not the command's own doing.
  enum class Cause : std::uint8_t {
    none,
    timeout,       ///< The wall-clock limit of the attempt.
    idle_timeout,  ///< No output for too long.
    cancelled,     ///< A person.
    shutdown,      ///< The worker was told to end its children.
    cpu_limit,
    memory_limit,
    file_size_limit,
    open_files_limit,
    processes_limit,
    restored,        ///< The store is a backup in which it still ran.
    rss_limit,       ///< Its processes had too much memory together.
    cpu_time_limit,  ///< They used too much CPU time together.
    preempted,       ///< Its place was wanted for a run that goes before it, or its memory.
  };
  /// Where the preparation of a child failed.
  enum class Step : std::uint8_t {
    none,
    exec,
    directory,
    env_file,
    input,
    output,
    limits,
    nice,
    session,
    contain,
    cpus,
    io_class,
    flock,   ///< Not begun: somebody else has the lock of a file.
    cgroup,  ///< There is none for what only a cgroup bounds.
  };

  Kind kind = Kind::exited;
  Cause cause = Cause::none;
  Step step = Step::none;
  int code = 0;
  time::Instant started_at{};
  time::Instant ended_at{};
  time::Duration elapsed{};  ///< By the monotonic clock.
  Usage usage;
  std::uint64_t log_bytes = 0;      ///< All that the command wrote, the dropped bytes included.
  std::uint64_t dropped_bytes = 0;  ///< What went over the log's cap, exactly.
  /// What a limit of all was exceeded by: bytes or milliseconds that its processes had together,
  /// and how many they were; 0 processes where the kernel held the limit. On its way to settle()
  /// only; the store has it in the reason.
  std::int64_t measured = 0;
  std::int64_t processes = 0;

  bool operator==(const Ending& other) const = default;
};

/// A memory limit of its own was what ended it.
bool is_memory(Ending::Cause cause);

/// The words under which the store and JSON keep them.
const char* to_string(Ending::Kind kind);
const char* to_string(Ending::Cause cause);
const char* to_string(Ending::Step step);
std::optional<Ending::Kind> parse_ending_kind(std::string_view text);
std::optional<Ending::Cause> parse_ending_cause(std::string_view text);
std::optional<Ending::Step> parse_ending_step(std::string_view text);

}  // namespace sched::model
