#pragma once

#include "model/claim.hpp"
#include "model/ending.hpp"
#include "model/outcome.hpp"
#include "model/policy.hpp"
#include "time/instant.hpp"

#include <optional>

namespace sched::rules {

/// How long to wait before the attempt that follows `failed_attempts` failed ones (1 or more).
///
/// Exponential delays are drawn between zero and the doubled bound ("full jitter"), from a seed of
/// (run, attempt) alone: spread over many runs, and foretold by a test. Fixed delays are exact.
time::Duration delay(const model::Backoff& backoff, int failed_attempts, model::RunId run);

/// Whether an end of this kind is one that the policy retries, whatever attempts are left.
bool is_retried(const model::RetryPolicy& policy, const model::Ending& ending,
                model::Outcome outcome);

}  // namespace sched::rules
