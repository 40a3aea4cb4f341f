#pragma once

#include "model/ending.hpp"
#include "model/policy.hpp"

#include <string_view>

namespace sched::exec {

/// Which of its own limits made an attempt end badly, as far as the facts tell: the signal the
/// kernel sends for that limit, use near the limit, or the words that programs have for it in the
/// last of their output. `none` where nothing points at a limit that was set, and for a good end.
model::Ending::Cause limit_cause(const model::Limits& limits, const model::Ending& ending,
                                 std::string_view last_output);

/// How much of the end of the output limit_cause wants to see, in bytes.
inline constexpr std::size_t k_evidence_bytes = 4096;

}  // namespace sched::exec
