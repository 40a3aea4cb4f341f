#include "exec/child.hpp"

#include "os/signals.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

// The child runs on a borrowed stack in borrowed memory, where the sanitizers' bookkeeping would be
// the parent's.
#define SCHED_BORROWS_MEMORY __attribute__((no_sanitize("address", "undefined")))

namespace sched::exec {

namespace {

using Step = model::Ending::Step;

SCHED_BORROWS_MEMORY int fail(ChildPlan& plan, Step step, int number) {
  plan.failed_step = step;
  plan.failed_errno = number;
  return 127;
}

SCHED_BORROWS_MEMORY bool goes_on_looking(int number) {
  return number == ENOENT || number == ENOTDIR || number == EACCES || number == ESTALE ||
         number == ENODEV || number == ETIMEDOUT;
}

/// As execvp looks for programs, but a file in a wrong format is an error and never a shell script.
SCHED_BORROWS_MEMORY int execute(const char* const* programs, const char* const* argv,
                                 const char* const* environment) {
  int number = ENOENT;
  for (; *programs != nullptr; ++programs) {
    ::execve(*programs, const_cast<char* const*>(argv), const_cast<char* const*>(environment));
    if (!goes_on_looking(errno)) {
      return errno;
    }
    if (errno == EACCES) {
      number = EACCES;
    }
  }
  return number;
}

SCHED_BORROWS_MEMORY void restore_open_files(std::uint64_t soft) {
  rlimit limit;
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > soft) {
    limit.rlim_cur = soft;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

/// 0 or the errno.
SCHED_BORROWS_MEMORY int enter_cgroups(const int* entrances, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (::write(entrances[i], "0", 1) != 1) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

SCHED_BORROWS_MEMORY int run_child(void* argument) {
  ChildPlan& plan = *static_cast<ChildPlan*>(argument);
  os::reset_signals(plan.changed_signals, plan.changed_signal_count);
  if (::setsid() < 0 || ::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    return fail(plan, Step::session, errno);
  }
  if (::getppid() != plan.parent) {
    return fail(plan, Step::session, ESRCH);  // It died before it could take us along.
  }
  if (const int number = enter_cgroups(plan.cgroups, plan.cgroup_count); number != 0) {
    return fail(plan, Step::cgroup, number);
  }
  ::umask(plan.umask);
  if (::dup2(plan.input, 0) < 0 || ::dup2(plan.output, 1) < 0 || ::dup2(plan.error, 2) < 0) {
    return fail(plan, Step::output, errno);
  }
  // Whatever was opened without care stays here.
  ::syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
  if (::chdir(plan.directory) != 0) {
    return fail(plan, Step::directory, errno);
  }
  if (plan.nice.has_value() && ::setpriority(PRIO_PROCESS, 0, *plan.nice) != 0) {
    return fail(plan, Step::nice, errno);
  }
  if (plan.cpus != nullptr) {
    if (const int number = plan.cpus->apply(); number != 0) {
      return fail(plan, Step::cpus, number);
    }
  }
  if (plan.io_class != 0) {
    if (const int number = os::set_io_priority(plan.io_class, plan.io_level); number != 0) {
      return fail(plan, Step::io_class, number);
    }
  }
  restore_open_files(plan.open_files);
  if (const int number = os::apply(plan.limits); number != 0) {
    return fail(plan, Step::limits, number);
  }
  return fail(plan, Step::exec, execute(plan.programs, plan.argv, plan.environment));
}

}  // namespace sched::exec
