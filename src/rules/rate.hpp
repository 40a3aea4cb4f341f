#pragma once

#include "model/guard.hpp"

#include <cstdint>

namespace sched::rules {

// A rate as the generic cell rate algorithm has it (ITU-T I.371): a bucket is one number, the
// moment at which it would be full again. In any time there start at most `burst` runs and those
// for whom tokens come within it.

/// From one token to the next, in microseconds; rounded up, so that the rate is never exceeded.
std::int64_t token_interval_us(const model::Rate& rate);

/// Whole tokens in the bucket.
std::int64_t tokens(const model::Rate& rate, std::int64_t full_at_us, time::Instant now);
/// When there is one; `now` where there is. To the millisecond, never before it.
time::Instant next_token_at(const model::Rate& rate, std::int64_t full_at_us, time::Instant now);
/// When it would be full, after a start took one that was there.
std::int64_t take_token(const model::Rate& rate, std::int64_t full_at_us, time::Instant now);

/// An empty bucket where it would be emptier than that: the clock was set back, or the rate is
/// another now. Nobody waits for the hours that a clock lost.
std::int64_t clamped(const model::Rate& rate, std::int64_t full_at_us, time::Instant now);

}  // namespace sched::rules
