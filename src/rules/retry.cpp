#include "rules/retry.hpp"

#include <algorithm>

namespace sched::rules {
namespace {

/// splitmix64: a good bit mix of its seed, the same on every machine.
std::uint64_t mix(std::uint64_t seed) {
  seed += 0x9E3779B97F4A7C15ULL;
  seed = (seed ^ (seed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  seed = (seed ^ (seed >> 27U)) * 0x94D049BB133111EBULL;
  return seed ^ (seed >> 31U);
}

bool names(const model::EndSet& ends, const model::Ending& ending, model::Outcome outcome) {
  switch (outcome) {
    case model::Outcome::timed_out:
      return ends.timeout;
    case model::Outcome::lost:
      return ends.lost;
    case model::Outcome::failed:
      if (ends.memory && model::is_memory(ending.cause)) {
        return true;
      }
      if (ending.cause == model::Ending::Cause::preempted) {
        return ends.memory;  // Shed too often; how it took that says nothing.
      }
      return ending.kind == model::Ending::Kind::signalled
                 ? ends.signal
                 : ending.kind == model::Ending::Kind::exited && ends.has_exit_code(ending.code);
    case model::Outcome::succeeded:
    case model::Outcome::cancelled:
    case model::Outcome::skipped:
    case model::Outcome::missed:
      return false;
  }
  return false;
}

}  // namespace

time::Duration delay(const model::Backoff& backoff, int failed_attempts, model::RunId run) {
  if (backoff.kind == model::Backoff::Kind::fixed) {
    return backoff.first;
  }
  time::Duration bound = backoff.first;
  for (int i = 1; i < failed_attempts && bound < backoff.cap; ++i) {
    bound *= 2;
  }
  bound = std::min(bound, backoff.cap);
  const auto span = static_cast<std::uint64_t>(bound.count()) + 1;
  const std::uint64_t seed = static_cast<std::uint64_t>(run.value) * 1'000'003U +
                             static_cast<std::uint64_t>(failed_attempts);
  return time::Duration(static_cast<std::int64_t>(mix(seed) % span));
}

bool is_retried(const model::RetryPolicy& policy, const model::Ending& ending,
                model::Outcome outcome) {
  if (names(policy.no_retry_on, ending, outcome)) {
    return false;
  }
  if (policy.retry_on) {
    return names(*policy.retry_on, ending, outcome);
  }
  // By default any failure and timeout; `lost` only when it is named, for the command may have done
  // its work.
  return outcome == model::Outcome::failed || outcome == model::Outcome::timed_out;
}

}  // namespace sched::rules
