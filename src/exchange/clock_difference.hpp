#pragma once

#include "time/calendar.hpp"

#include <optional>

namespace sched::exchange {

/// The first change of clocks in (from, until] around which systemd fires `spec` otherwise than
/// sched does: it drops the readings of a gap, where ours fire at its end, and all second passes,
/// where ours of a wildcard fire again. Empty when there is none.
std::optional<time::Instant> find_clock_difference(const time::CalendarSpec& spec,
                                                   const time::Zone& fallback, time::Instant from,
                                                   time::Instant until);

}  // namespace sched::exchange
