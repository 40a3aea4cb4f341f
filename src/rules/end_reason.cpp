#include "rules/end_reason.hpp"

#include "base/text.hpp"
#include "rules/memory.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace sched::rules {
namespace {

using model::Ending;

std::string signal_name(int number) {
  const char* name = sigabbrev_np(number);
  return name == nullptr ? fmt::format("signal {}", number)
                         : fmt::format("signal {} (SIG{})", number, name);
}

std::string files_of(const model::Task& task) {
  std::vector<std::string> paths;
  for (const model::FileLock& file : task.needs.files) {
    paths.push_back(file.path);
  }
  return base::join(paths, " or ");
}

/// "memory limit of 2G reached (2.3G in 5 processes)", or "(2G, held by the kernel)".
std::string limit_of_all(const char* name, const std::string& limit, const std::string& measured,
                         const Ending& ending) {
  if (ending.processes == 0) {
    return fmt::format("{} limit of {} reached ({}held by the kernel)", name, limit,
                       ending.measured > 0 ? measured + ", " : "");
  }
  return fmt::format("{} limit of {} reached ({} in {} process{})", name, limit, measured,
                     ending.processes, ending.processes == 1 ? "" : "es");
}

/// What only a cgroup bounds.
std::string cgroup_options(const model::MachineLimits& machine) {
  std::vector<std::string> options;
  if (machine.cpu_quota != 0) {
    options.push_back("--cpu-quota " + model::cpu_quota_to_string(machine.cpu_quota));
  }
  if (!machine.io_max.empty()) {
    options.push_back("--io-max " + model::to_string(machine.io_max));
  }
  return options.empty() ? "--max-rss" : base::join(options, " and ");
}

std::string not_executed(const Ending& ending, const model::Task& task) {
  const std::string why = std::strerror(ending.code);
  switch (ending.step) {
    case Ending::Step::exec: {
      const auto& prefix = task.machine.launcher_prefix;
      const std::string program = base::quote(!prefix.empty() ? prefix.front()
                                              : task.command.shell || task.command.argv.empty()
                                                  ? "/bin/sh"
                                                  : task.command.argv.front());
      if (ending.code == ENOENT) {
        return "no such program: " + program;
      }
      if (ending.code == EACCES) {
        return "not executable: " + program;
      }
      if (ending.code == ENOEXEC) {
        return "not in a format that can be executed (a script without #! ?): " + program;
      }
      return fmt::format("{} can't be executed: {}", program, why);
    }
    case Ending::Step::directory:
      return fmt::format("no way into the directory {}: {}",
                         base::quote(task.surroundings.directory), why);
    case Ending::Step::env_file:
      return fmt::format("environment file {} can't be read: {}", base::quote(task.env_file), why);
    case Ending::Step::input:
      return fmt::format("standard input {} can't be opened: {}", base::quote(task.stdin_file),
                         why);
    case Ending::Step::output:
      return "the output can't be set up: " + why;
    case Ending::Step::limits:
      return fmt::format("limits {} can't be set: {}", model::to_string(task.limits), why);
    case Ending::Step::nice:
      return fmt::format("nice {} can't be set: {}", task.nice.value_or(0), why);
    case Ending::Step::cpus: {
      const std::string cpus = model::cpus_to_string(task.machine.cpus);
      if (cpus.empty()) {
        return "it can't be bound to the CPU of its slot: " + why;
      }
      return ending.code == EINVAL
                 ? fmt::format(
                       "not all of the CPUs {} are there for it, on this machine or in the "
                       "cpuset of its worker",
                       cpus)
                 : fmt::format("it can't be bound to the CPUs {}: {}", cpus, why);
    }
    case Ending::Step::io_class:
      return fmt::format("I/O class {} can't be set: {}",
                         model::to_string(task.machine.io_class.value_or(model::IoClass{})), why);
    case Ending::Step::flock:
      return fmt::format("the lock of {} can't be taken: {}", files_of(task), why);
    case Ending::Step::contain:
      return "can't be contained, the system gives it no namespaces: " + why;
    case Ending::Step::cgroup:
      return fmt::format(
          "no cgroup can be made for {} ({}): its worker has to be root's, or a service with "
          "Delegate= and DelegateSubgroup=",
          cgroup_options(task.machine), why);
    case Ending::Step::session:
    case Ending::Step::none:
      break;
  }
  return "could not be started: " + why;
}

std::string end_of(const Ending& ending) {
  return ending.kind == Ending::Kind::signalled ? signal_name(ending.code)
                                                : fmt::format("exit {}", ending.code);
}

std::string limit_reached(const char* name, const std::string& value, const Ending& ending) {
  return fmt::format("{} limit of {} reached ({})", name, value, end_of(ending));
}

}  // namespace

model::Outcome outcome_of(const Ending& ending) {
  switch (ending.cause) {
    case Ending::Cause::timeout:
    case Ending::Cause::idle_timeout:
      return model::Outcome::timed_out;
    case Ending::Cause::cancelled:
    case Ending::Cause::shutdown:
    case Ending::Cause::preempted:
      return model::Outcome::cancelled;
    case Ending::Cause::rss_limit:
    case Ending::Cause::cpu_time_limit:
      return model::Outcome::failed;  // However it took the signal.
    case Ending::Cause::none:
    case Ending::Cause::cpu_limit:
    case Ending::Cause::memory_limit:
    case Ending::Cause::file_size_limit:
    case Ending::Cause::open_files_limit:
    case Ending::Cause::processes_limit:
    case Ending::Cause::restored:
      break;
  }
  if (ending.kind == Ending::Kind::lost) {
    return model::Outcome::lost;
  }
  return ending.kind == Ending::Kind::exited && ending.code == 0 ? model::Outcome::succeeded
                                                                 : model::Outcome::failed;
}

std::string reason_of(const Ending& ending, const model::Task& task) {
  const model::Limits& limits = task.limits;
  const auto size = [](const std::optional<std::uint64_t>& bytes) {
    return model::size_to_string(bytes.value_or(0));
  };
  switch (ending.cause) {
    case Ending::Cause::timeout:
      return fmt::format("time limit of {} reached", time::to_string(task.timeout));
    case Ending::Cause::idle_timeout:
      return fmt::format("no output for {}", time::to_string(task.idle_timeout));
    case Ending::Cause::cancelled:
      return "cancelled by a person";
    case Ending::Cause::shutdown:
      return "ended with its worker, which was told to stop at once";
    case Ending::Cause::preempted:
      return "displaced by a run that goes before it";
    case Ending::Cause::cpu_limit:
      return limit_reached("cpu", fmt::format("{}s", limits.cpu_s.value_or(0)), ending);
    case Ending::Cause::memory_limit:
      return limit_reached("memory", size(limits.memory_bytes), ending);
    case Ending::Cause::rss_limit:
      return limit_of_all("memory", size(task.machine.max_rss_bytes), rough_size(ending.measured),
                          ending);
    case Ending::Cause::cpu_time_limit:
      return limit_of_all("cpu time", time::to_string(task.machine.max_cpu_time),
                          time::to_string(time::Duration(ending.measured)), ending);
    case Ending::Cause::file_size_limit:
      return limit_reached("file-size", size(limits.file_size_bytes), ending);
    case Ending::Cause::open_files_limit:
      return limit_reached("open-files", fmt::format("{}", limits.open_files.value_or(0)), ending);
    case Ending::Cause::processes_limit:
      return limit_reached("processes", fmt::format("{}", limits.processes.value_or(0)), ending);
    case Ending::Cause::restored:
      return "it still ran in the copy that the store was restored from: nobody knows how it ended";
    case Ending::Cause::none:
      break;
  }
  switch (ending.kind) {
    case Ending::Kind::exited:
    case Ending::Kind::signalled:
      return end_of(ending);
    case Ending::Kind::not_executed:
      return not_executed(ending, task);
    case Ending::Kind::not_begun:
      if (ending.step == Ending::Step::flock) {
        return fmt::format("somebody else has the lock of {}", files_of(task));
      }
      return fmt::format("no process could be made: {}", std::strerror(ending.code));
    case Ending::Kind::lost:
      return "its launcher or the machine died: nobody saw how it ended";
  }
  return "ended";
}

}  // namespace sched::rules
