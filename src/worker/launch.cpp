#include "worker/launch.hpp"

#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <utility>

namespace sched::worker {

exec::Launch launch_of(const model::Task& task, const model::Run& run, const model::Claim& claim,
                       const Place& place, const std::optional<model::Cause>& cause) {
  exec::Launch launch;
  launch.claim = claim;
  launch.argv = task.command.argv;
  if (task.command.shell) {
    launch.argv = {"/bin/sh", "-c", task.command.argv.front()};
  }
  launch.argv.insert(launch.argv.begin(), task.machine.launcher_prefix.begin(),
                     task.machine.launcher_prefix.end());
  for (const auto& [name, value] : task.surroundings.environment) {
    launch.environment.push_back(name + "=" + value);
  }
  const std::pair<const char*, std::string> marks[] = {
      {"SCHED_TASK", model::label(task)},
      {"SCHED_RUN_ID", fmt::format("{}", run.id.value)},
      {"SCHED_ATTEMPT", fmt::format("{}", claim.attempt)},
      {"SCHED_NOMINAL_TIME", time::to_rfc3339(run.nominal_at)},
      {"SCHED_QUEUE", place.queue},
      {"SCHED_STORE", place.store},
  };
  for (const auto& [name, value] : marks) {
    launch.environment.push_back(fmt::format("{}={}", name, value));
  }
  if (!task.needs.others.empty()) {
    launch.environment.push_back("SCHED_NEEDS=" +
                                 model::amounts_to_string(task.needs.amounts_of(place.choice)));
  }
  if (cause) {
    const std::pair<const char*, std::string> of_cause[] = {
        {"SCHED_FOR_TASK", cause->task},
        {"SCHED_FOR_RUN_ID", fmt::format("{}", cause->run.value)},
        {"SCHED_FOR_OUTCOME", model::to_string(cause->outcome)},
        {"SCHED_FOR_REASON", cause->reason},
    };
    for (const auto& [name, value] : of_cause) {
      launch.environment.push_back(fmt::format("{}={}", name, value));
    }
  }
  launch.env_file = task.env_file;
  launch.directory = task.surroundings.directory;
  launch.umask = static_cast<mode_t>(task.surroundings.umask);
  launch.stdin_text = task.stdin_text;
  launch.stdin_file = task.stdin_file;
  launch.split_output = task.split_output;
  launch.log_limit_bytes = task.log_limit_bytes;
  launch.limits = task.limits;
  launch.nice = task.nice;
  launch.machine = task.machine;
  launch.flocks = task.needs.files;
  launch.contain = task.contain;
  launch.timeout = task.timeout;
  launch.idle_timeout = task.idle_timeout;
  launch.grace_kill = task.grace_kill;
  return launch;
}

}  // namespace sched::worker
