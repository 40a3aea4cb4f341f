#include "rules/check_machine.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::rules {

std::vector<std::string> check_machine(const model::Task& task) {
  std::vector<std::string> warnings;
  const auto& retry = task.machine.memory_retry;
  if (!retry) {
    return warnings;
  }
  const auto& memory = task.limits.memory_bytes;
  const auto& rss = task.machine.max_rss_bytes;
  if (!memory && !rss) {
    warnings.emplace_back("--memory-retry has no effect without --max-rss or --limit memory");
  } else if (std::max(memory.value_or(0), rss.value_or(0)) >= retry->cap_bytes) {
    warnings.push_back(fmt::format("--memory-retry {}: the limit is no smaller to begin with",
                                   model::to_string(*retry)));
  }
  if (task.retry.retries == 0) {
    warnings.emplace_back("--memory-retry has no effect without --retries");
  } else if ((task.retry.retry_on && !task.retry.retry_on->memory) ||
             task.retry.no_retry_on.memory) {
    warnings.emplace_back(
        "--memory-retry has an effect where --retry-on has 'memory', and --no-retry-on has not");
  }
  return warnings;
}

}  // namespace sched::rules
