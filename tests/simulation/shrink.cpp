#include "simulation/shrink.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace sched::simulation {
namespace {

bool leave_out(Schedule& schedule, std::size_t first, std::size_t count,
               const std::function<bool(const Schedule&)>& fails) {
  Schedule shorter = schedule;
  const auto begin = shorter.operations.begin() + static_cast<std::ptrdiff_t>(first);
  const std::size_t most = schedule.operations.size() - first;
  shorter.operations.erase(begin, begin + static_cast<std::ptrdiff_t>(std::min(count, most)));
  if (!fails(shorter)) {
    return false;
  }
  schedule = std::move(shorter);
  return true;
}

/// True when something could be left out.
bool leave_out_chunks(Schedule& schedule, std::size_t size,
                      const std::function<bool(const Schedule&)>& fails) {
  bool any = false;
  // From the end: what is late matters least.
  for (std::size_t end = schedule.operations.size(); end > 0;) {
    const std::size_t first = end > size ? end - size : 0;
    any = leave_out(schedule, first, end - first, fails) || any;
    end = first;
  }
  return any;
}

}  // namespace

Schedule shrink(Schedule schedule, const std::function<bool(const Schedule&)>& fails) {
  for (std::size_t size = std::max<std::size_t>(1, schedule.operations.size() / 2);;) {
    const bool any = leave_out_chunks(schedule, size, fails);
    if (size == 1 && !any) {
      break;
    }
    if (!any || size > 1) {
      size = std::max<std::size_t>(1, size / 2);
    }
  }
  for (const bool workers : {true, false}) {
    Schedule fewer = schedule;
    (workers ? fewer.workers : fewer.slots) = 1;
    if (fails(fewer)) {
      schedule = std::move(fewer);
    }
  }
  return schedule;
}

}  // namespace sched::simulation
