#pragma once

#include "time/instant.hpp"

namespace sched::rules {

/// After how long a run asks again for the lock of a file that somebody else has: a tenth of what
/// it has waited for since it was due, from 1 s to 10 s. So it is seldom asked for in vain, and
/// being told late adds a tenth at most.
time::Duration pause_for_file_lock(time::Duration waited);

}  // namespace sched::rules
