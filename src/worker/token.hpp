#pragma once

#include <cstdint>

namespace sched::worker {

/// The random number of a claim that no other claim is likely to have: positive, never 0.
std::int64_t draw_token();

}  // namespace sched::worker
