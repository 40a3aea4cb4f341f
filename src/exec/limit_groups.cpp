#include "exec/limit_groups.hpp"

#include <utility>

namespace sched::exec {

std::variant<std::optional<os::LimitGroup>, SpawnFailure> LimitGroups::make(
    const model::MachineLimits& machine) {
  const bool has_others = machine.cpu_quota != 0 || !machine.io_max.empty();
  if (!machine.max_rss_bytes && !has_others) {
    return std::optional<os::LimitGroup>();
  }
  std::optional<os::LimitGroup> group(os::own_cgroup_name() + "-" + std::to_string(++made_));
  if (machine.max_rss_bytes) {
    group->bound_memory(places_.memory, *machine.max_rss_bytes);
  }
  int number = 0;
  if (machine.cpu_quota != 0) {
    number = group->bound_cpu(places_.cpu, machine.cpu_quota);
  }
  if (number == 0 && !machine.io_max.empty()) {
    number = group->bound_io(places_.io, machine.io_max.read, machine.io_max.write);
  }
  if (number != 0) {
    return failure_of(model::Ending::Step::cgroup, number);
  }
  return group->entrances().empty() ? std::optional<os::LimitGroup>() : std::move(group);
}

void LimitGroups::leave(std::optional<os::LimitGroup> group) {
  if (group && !group->remove()) {
    left_.push_back(*std::move(group));
  }
}

void LimitGroups::sweep() {
  std::erase_if(left_, [](os::LimitGroup& group) { return group.remove(); });
}

}  // namespace sched::exec
