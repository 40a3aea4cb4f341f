#pragma once

#include "model/ending.hpp"
#include "model/task.hpp"

#include <string>

namespace sched::rules {

/// The task as it is after so many attempts of a run that ended of its memory limit: with both of
/// its memory limits multiplied each time, to the full megabyte, up to the cap and never below what
/// was asked for. Without --memory-retry it stays as it is.
void grow_memory(model::Task& task, int times);

/// The limit that was reached, of a task as that attempt had it, and what the next one gets: "3G";
/// "" where it is no end of that kind, or nothing grows.
std::string next_memory(const model::Task& task, const model::Ending& ending);

/// "2.3G": to be read, not to be reckoned with.
std::string rough_size(std::int64_t bytes);

}  // namespace sched::rules
