#include "exec/mark.hpp"

#include "base/text.hpp"
#include "exec/env_file.hpp"
#include "os/process.hpp"

namespace sched::exec {

std::optional<Mark> read_mark(pid_t pid, const std::string& store) {
  const auto environment = os::environment_of(pid);
  if (environment_value(environment, "SCHED_STORE") != store) {
    return std::nullopt;
  }
  const auto run = base::parse_int(environment_value(environment, "SCHED_RUN_ID"));
  const auto attempt = base::parse_int(environment_value(environment, "SCHED_ATTEMPT"));
  if (!run.has_value() || !attempt.has_value()) {
    return std::nullopt;
  }
  return Mark{model::RunId(*run), static_cast<int>(*attempt)};
}

}  // namespace sched::exec
