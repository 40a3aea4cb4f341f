#pragma once

#include "base/result.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::model {

/// How long to wait before the next attempt. `fixed:30s` or `exponential:1s..10m` (doubled each
/// time up to the cap).
struct Backoff {
  enum class Kind { fixed, exponential };
  Kind kind = Kind::exponential;
  time::Duration first = std::chrono::seconds(1);
  time::Duration cap = std::chrono::minutes(5);  ///< Equals `first` when fixed.
  bool operator==(const Backoff&) const = default;
};

base::Result<Backoff> parse_backoff(std::string_view text);
std::string to_string(const Backoff& backoff);

/// A set of ways to end: exit codes and ranges ("3,10-20"), `signal`, `timeout`, `lost`, and
/// `memory`: its memory limit was reached, however that ended it.
struct EndSet {
  struct Range {
    int first = 0;
    int last = 0;
    bool operator==(const Range&) const = default;
  };
  std::vector<Range> exit_codes;
  bool signal = false;
  bool timeout = false;
  bool lost = false;
  bool memory = false;

  bool has_exit_code(int code) const;
  bool empty() const { return exit_codes.empty() && !signal && !timeout && !lost && !memory; }
  bool operator==(const EndSet&) const = default;
};

/// Reads "2,64-78,signal". Exit codes are 1-255; 0 is refused, for it is no failure. Ranges come
/// back sorted and merged, so that equal sets are equal values.
base::Result<EndSet> parse_end_set(std::string_view text);
std::string to_string(const EndSet& ends);

/// Whether and when a failed attempt is followed by another.
struct RetryPolicy {
  int retries = 0;  ///< Further attempts after the first; at most 1000.
  Backoff backoff;
  std::optional<EndSet> retry_on;  ///< Empty: any non-zero exit, signal and timeout.
  EndSet no_retry_on;
  bool operator==(const RetryPolicy&) const = default;
};

/// Resource limits of one attempt (setrlimit between fork and exec); empty is the launcher's own.
struct Limits {
  std::optional<std::uint64_t> cpu_s;         ///< Soft; the hard limit is 5 s later.
  std::optional<std::uint64_t> memory_bytes;  ///< Address space of each process.
  std::optional<std::uint64_t> file_size_bytes;
  std::optional<std::uint64_t> open_files;
  std::optional<std::uint64_t> processes;  ///< Per user; the kernel exempts root.
  std::optional<std::uint64_t> core_bytes;
  bool empty() const { return *this == Limits{}; }
  bool operator==(const Limits&) const = default;
};

/// Adds what "cpu=60s,memory=2G,file-size=1G,open-files=1024,processes=100,core=0" names to
/// `limits`. Unknown names, zero where nothing could run, overflow and wrong units are refused.
base::Result<Limits> parse_limits(std::string_view text, Limits limits = {});
std::string to_string(const Limits& limits);

/// Reads "64M", "2G", "512k", "100" (bytes); units are powers of 1024, with or without "B"/"iB".
base::Result<std::uint64_t> parse_size(std::string_view text);
/// The shortest exact text: "64M", "1000".
std::string size_to_string(std::uint64_t bytes);

}  // namespace sched::model
