#pragma once

#include "model/task.hpp"

namespace sched::rules {

/// Whether a run that succeeded makes good for earlier ones of its task that failed, so that nobody
/// has to see to these any more: what counts then is the newest state of things. `root` is the task
/// whose firing began it. Where that makes up for all that it missed (--catch-up all), each firing
/// is a work of its own, and none does another's.
bool makes_good(const model::Task& root);

}  // namespace sched::rules
