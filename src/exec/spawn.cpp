#include "exec/spawn.hpp"

#include "base/text.hpp"
#include "exec/child.hpp"
#include "exec/contain.hpp"
#include "exec/env_file.hpp"
#include "os/file.hpp"
#include "os/process.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>

namespace sched::exec {

namespace {

using Kind = model::Ending::Kind;
using Step = model::Ending::Step;

constexpr std::size_t k_max_env_file = std::size_t{1} << 20U;

/// Want of processes, descriptors or memory on the machine is not the command's fault.
bool is_shortage(int number) {
  return number == EAGAIN || number == ENOMEM || number == EMFILE || number == ENFILE ||
         number == ENOSPC;
}

/// A relative path counts from the directory of the command.
std::string in_directory(const Launch& launch, const std::string& path) {
  return path.empty() || path[0] == '/' ? path : launch.directory + "/" + path;
}

/// A FIFO or a device must not hold up the launcher while it is opened.
os::UniqueFd open_patiently(const std::string& path) {
  os::UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (fd) {
    os::set_blocking(fd.get(), true);
  }
  return fd;
}

os::UniqueFd open_input(const Launch& launch) {
  if (!launch.stdin_text.has_value()) {
    return launch.stdin_file.empty() ? os::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC))
                                     : open_patiently(in_directory(launch, launch.stdin_file));
  }
  os::UniqueFd fd(::memfd_create("stdin", MFD_CLOEXEC));
  if (fd && (!os::write_all(fd.get(), *launch.stdin_text) || ::lseek(fd.get(), 0, SEEK_SET) != 0)) {
    return {};
  }
  return fd;
}

/// The environment with what the file says over it. The mark of the attempt stays: by it left-over
/// processes are known.
std::variant<std::vector<std::string>, SpawnFailure> whole_environment(const Launch& launch) {
  if (launch.env_file.empty()) {
    return launch.environment;
  }
  const os::UniqueFd fd = open_patiently(in_directory(launch, launch.env_file));
  if (!fd) {
    return failure_of(Step::env_file, errno);
  }
  struct stat info {};
  if (::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) {
    return SpawnFailure{Kind::not_executed, Step::env_file,
                        S_ISDIR(info.st_mode) ? EISDIR : EINVAL};
  }
  const auto text = os::read_all(fd.get(), k_max_env_file);
  if (!text) {
    return SpawnFailure{Kind::not_executed, Step::env_file, EFBIG};
  }
  const auto entries = parse_env_file(*text);
  if (!entries) {
    return SpawnFailure{Kind::not_executed, Step::env_file, EINVAL};
  }
  std::vector<std::string> wins = *entries;
  std::erase_if(wins, [](const std::string& entry) {
    return entry.rfind("SCHED_STORE=", 0) == 0 || entry.rfind("SCHED_RUN_ID=", 0) == 0 ||
           entry.rfind("SCHED_ATTEMPT=", 0) == 0;
  });
  return merge_environment(launch.environment, wins);
}

std::vector<const char*> pointers(const std::vector<std::string>& texts) {
  std::vector<const char*> result;
  result.reserve(texts.size() + 1);
  for (const std::string& text : texts) {
    result.push_back(text.c_str());
  }
  result.push_back(nullptr);
  return result;
}

os::ResourceLimits to_resource_limits(const model::Limits& limits) {
  return {limits.cpu_s,      limits.memory_bytes, limits.file_size_bytes,
          limits.open_files, limits.processes,    limits.core_bytes};
}

std::variant<Spawned, SpawnFailure> spawn_plain(ChildPlan& plan) {
  Spawned spawned;
  spawned.pid = os::clone_borrowing(run_child, &plan, spawned.pidfd);
  if (spawned.pid < 0) {
    return SpawnFailure{Kind::not_begun, Step::none, errno};
  }
  if (plan.failed_step != Step::none) {
    ::waitpid(spawned.pid, nullptr, 0);
    return SpawnFailure{Kind::not_executed, plan.failed_step, plan.failed_errno};
  }
  return spawned;
}

}  // namespace

SpawnFailure failure_of(Step step, int number) {
  return {is_shortage(number) ? Kind::not_begun : Kind::not_executed, step, number};
}

std::vector<std::string> program_candidates(const std::string& program, std::string_view path) {
  if (program.empty() || program.find('/') != std::string::npos) {
    return {program};
  }
  std::vector<std::string> candidates;
  for (const std::string& directory :
       base::split(path.empty() ? "/usr/local/bin:/usr/bin:/bin" : path, ':')) {
    candidates.push_back(directory.empty() ? "./" + program : directory + "/" + program);
  }
  return candidates;
}

namespace {

/// As the kernel notes it for the child that is made between `before` and now. /proc tells it too,
/// which costs a tenth of all that a start costs here.
std::uint64_t start_since(std::uint64_t before, pid_t pid) {
  if (os::ticks_now() == before) {
    return before;
  }
  const auto stat = os::process_stat(pid);
  return stat.has_value() ? stat->start_ticks : 0;
}

std::variant<Spawned, SpawnFailure> make_child(const Launch& launch, const Inherited& inherited,
                                               const std::vector<int>& cgroups) {
  auto environment = whole_environment(launch);
  if (auto* failed = std::get_if<SpawnFailure>(&environment)) {
    return *failed;
  }
  const auto& entries = std::get<std::vector<std::string>>(environment);
  const auto programs = program_candidates(launch.argv[0], environment_value(entries, "PATH"));
  const os::UniqueFd input = open_input(launch);
  if (!input) {
    return failure_of(Step::input, errno);
  }
  os::Pipe out = os::make_pipe();
  os::Pipe err;
  if (out.read_end && launch.split_output) {
    err = os::make_pipe();
  }
  if (!out.read_end || (launch.split_output && !err.read_end)) {
    return failure_of(Step::output, errno);
  }
  const auto argv = pointers(launch.argv);
  const auto environment_pointers = pointers(entries);
  const auto program_pointers = pointers(programs);
  ChildPlan plan;
  plan.argv = argv.data();
  plan.environment = environment_pointers.data();
  plan.programs = program_pointers.data();
  plan.directory = launch.directory.empty() ? "/" : launch.directory.c_str();
  plan.umask = launch.umask;
  plan.limits = to_resource_limits(launch.limits);
  plan.nice = launch.nice;
  os::CpuBinding cpus(launch.machine.cpus);
  plan.cpus = launch.machine.cpus.empty() ? nullptr : &cpus;
  if (const auto& io_class = launch.machine.io_class) {
    plan.io_class = static_cast<int>(io_class->kind);
    plan.io_level = io_class->level;
  }
  plan.cgroups = cgroups.data();
  plan.cgroup_count = cgroups.size();
  plan.input = input.get();
  plan.output = out.write_end.get();
  plan.error = launch.split_output ? err.write_end.get() : out.write_end.get();
  plan.parent = ::getpid();
  plan.open_files = inherited.open_files;
  plan.changed_signals = inherited.changed_signals.data();
  plan.changed_signal_count = inherited.changed_signals.size();
  const std::uint64_t before = os::ticks_now();
  auto result = launch.contain ? spawn_contained(plan) : spawn_plain(plan);
  if (auto* spawned = std::get_if<Spawned>(&result)) {
    spawned->start_ticks = start_since(before, spawned->pid);
    spawned->out = std::move(out.read_end);
    spawned->err = std::move(err.read_end);
  }
  return result;
}

}  // namespace

std::variant<Spawned, SpawnFailure> spawn(const Launch& launch, const Inherited& inherited,
                                          const std::vector<int>& cgroups) {
  try {
    return make_child(launch, inherited, cgroups);
  } catch (const std::bad_alloc&) {
    // Before there was a child: from then on nothing takes memory.
    return SpawnFailure{Kind::not_begun, Step::none, ENOMEM};
  }
}

}  // namespace sched::exec
