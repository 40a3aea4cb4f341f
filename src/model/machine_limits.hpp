#pragma once

#include "base/result.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::model {

/// The class and level under which the kernel does its reading and writing of disks.
struct IoClass {
  enum class Kind : std::uint8_t { realtime = 1, best_effort = 2, idle = 3 };  ///< The kernel's.
  Kind kind = Kind::best_effort;
  int level = 4;  ///< 0 goes first, 7 last; of idle 0.
  bool operator==(const IoClass&) const = default;
};

/// Reads "idle", "best-effort", "realtime:2"; without a level it is the kernel's usual one, 4.
base::Result<IoClass> parse_io_class(std::string_view text);
std::string to_string(const IoClass& io_class);

inline constexpr int k_highest_cpu = 8191;

/// Reads "0-3,7"; they come back sorted, each once. Refused: nothing, and numbers that no Linux
/// has.
base::Result<std::vector<int>> parse_cpus(std::string_view text);
std::string cpus_to_string(const std::vector<int>& cpus);

/// How a memory limit that was reached grows for the next attempt.
struct MemoryRetry {
  std::int64_t factor = 2000;   ///< In thousandths; above 1000.
  std::uint64_t cap_bytes = 0;  ///< It grows no further.
  bool operator==(const MemoryRetry&) const = default;
};

/// Reads "x1.5..8G".
base::Result<MemoryRetry> parse_memory_retry(std::string_view text);
std::string to_string(const MemoryRetry& retry);

/// Reads a number of CPUs, "1.5" or "150%", into thousandths; from 0.01 to 8192.
base::Result<std::int64_t> parse_cpu_quota(std::string_view text);
std::string cpu_quota_to_string(std::int64_t thousandths);

/// How fast disks may be read and written, in bytes a second for each; 0 is as fast as they go.
struct IoMax {
  std::uint64_t read = 0;
  std::uint64_t write = 0;
  bool empty() const { return read == 0 && write == 0; }
  bool operator==(const IoMax&) const = default;
};

/// Reads "read=20M,write=10M", or one of them.
base::Result<IoMax> parse_io_max(std::string_view text);
std::string to_string(const IoMax& io_max);

/// How runs go from a priority on.
struct NiceStep {
  int priority = 0;
  int nice = 0;
  std::optional<IoClass> io_class;  ///< Empty: as without.
  bool operator==(const NiceStep&) const = default;
};

/// Reads "10=0,0=10,-10=19:idle": a niceness and perhaps an I/O class for each priority. They come
/// back highest first.
base::Result<std::vector<NiceStep>> parse_nice_map(std::string_view text);
std::string nice_map_to_string(const std::vector<NiceStep>& map);
/// The step of the highest priority that is not above this one; nullptr below all of them.
const NiceStep* step_for(const std::vector<NiceStep>& map, int priority);

/// How an attempt stands to the machine, beside what setrlimit() bounds. Memory and CPU time of the
/// whole are watched: looked at about once a second, and then ended as by a time limit. A cgroup,
/// where one can be made, bounds memory as well, and it alone bounds the quota and the disks.
struct MachineLimits {
  std::vector<int> cpus;                       ///< It runs on these alone; empty: wherever it may.
  std::optional<IoClass> io_class;             ///< Empty: the launcher's own.
  std::vector<NiceStep> nice_map;              ///< For those that say no niceness or class.
  std::optional<std::uint64_t> max_rss_bytes;  ///< Of all its processes together.
  time::Duration max_cpu_time{};               ///< The same; 0 is none.
  std::int64_t cpu_quota = 0;                  ///< CPUs at a time, in thousandths; 0 is none.
  IoMax io_max;
  std::optional<MemoryRetry> memory_retry;
  std::vector<std::string> launcher_prefix;  ///< Words before those of the command.
  bool is_watched() const { return max_rss_bytes.has_value() || max_cpu_time.count() > 0; }
  bool operator==(const MachineLimits&) const = default;
};

}  // namespace sched::model
