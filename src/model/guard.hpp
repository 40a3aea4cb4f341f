#pragma once

#include "base/result.hpp"
#include "model/claim.hpp"
#include "model/ids.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sched::model {

// A guard stands before the runs of one task, queue, resource or tag, and says how many of them may
// start now: by a rate, by a breaker, or both.

/// How many starts in how long, as a bucket of tokens: a start takes one, one comes every
/// `period / count`, and at most `burst` lie in it.
struct Rate {
  std::int64_t count = 1;  ///< 1 to 1000 for each second of the period.
  time::Duration period = std::chrono::seconds(1);
  std::int64_t burst = 1;  ///< 1 to 100,000.
  bool operator==(const Rate&) const = default;
};

/// Reads "10/min": a whole number, and s, min, h or d. The burst is 1.
base::Result<Rate> parse_rate(std::string_view text);
/// Without the burst: "10/min".
std::string to_string(const Rate& rate);

constexpr std::int64_t k_largest_burst = 100'000;

/// What opens a breaker: failures in a row, or a share of them among the last attempts.
struct BreakerRule {
  int failures = 0;         ///< So many in a row; 0: the share counts.
  int percent = 0;          ///< 1 to 100.
  int attempts = 0;         ///< Of so many last attempts; 0: of those that ended within `window`.
  time::Duration window{};  ///< 1s to 30d.
  bool operator==(const BreakerRule&) const = default;
};

/// Reads "5", "50%/20" or "50%/10m".
base::Result<BreakerRule> parse_breaker(std::string_view text);
std::string to_string(const BreakerRule& rule);
/// "5 failures in a row", "50% of the last 20 attempts failed".
std::string told(const BreakerRule& rule);

constexpr time::Duration k_default_cooldown = std::chrono::minutes(5);
/// Of a share within a time so many attempts must have ended: one failure alone would be all.
constexpr int k_least_in_window = 5;

/// What a breaker remembers.
struct BreakerRecord {
  bool open = false;
  int in_a_row = 0;                        ///< Failures since the last success.
  std::string recent;                      ///< The last attempts, as rules/breaker writes them.
  std::optional<time::Instant> opened_at;  ///< Set while it is open.
  std::optional<time::Duration> open_for;  ///< Until its probe; empty: until a person resets it.
  std::string why;                         ///< Of its opening; "" while it is closed.
  Claim probe;           ///< The attempt that was let through to try; its token is not kept.
  bool probing = false;  ///< That attempt runs.
};

enum class GuardScope { task, queue, resource, tag };
const char* to_string(GuardScope scope);
std::optional<GuardScope> parse_guard_scope(std::string_view text);

struct Guard {
  GuardId id;
  GuardScope scope = GuardScope::queue;
  TaskId task;       ///< Where it is a task's.
  QueueId queue;     ///< Where it is a queue's.
  std::string name;  ///< What people call its subject.
  std::optional<Rate> rate;
  /// When its bucket would be full again, in microseconds since 1970: all that a rate remembers.
  std::int64_t full_at_us = 0;
  std::optional<BreakerRule> breaker;
  time::Duration cooldown = k_default_cooldown;
  BreakerRecord record;
};

/// "queue:mail", "tag:net": how people name what a guard stands before.
std::string label(const Guard& guard);

}  // namespace sched::model
