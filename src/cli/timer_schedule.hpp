#pragma once

#include "exchange/systemd_timer.hpp"
#include "model/schedule.hpp"

namespace sched::cli {

/// Longer spans are taken for none: nobody waits for them, and they don't fit.
inline constexpr exchange::Span k_longest_span = std::chrono::hours(24 * 3650);

/// Rounded up to milliseconds, at most k_longest_span.
time::Duration to_duration(exchange::Span span);

/// When a timer fires, in our words; what is another moment here is added to its notes. What
/// repeats is counted from `now` on.
model::Schedule keep_schedule(exchange::SystemdTimer& timer, time::Instant now);

}  // namespace sched::cli
