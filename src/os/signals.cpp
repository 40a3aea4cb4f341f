#include "os/signals.hpp"

#include "os/system_error.hpp"

#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

namespace sched::os {

SignalFd::SignalFd(const std::vector<int>& signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) {
    sigaddset(&set, signal);
  }
  sigprocmask(SIG_BLOCK, &set, nullptr);
  fd_ = UniqueFd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd_) {
    throw system_error(errno, "cannot watch signals");
  }
}

std::vector<int> SignalFd::take() {
  std::vector<int> signals;
  signalfd_siginfo info{};
  while (::read(fd_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    signals.push_back(static_cast<int>(info.ssi_signo));
  }
  return signals;
}

void ignore_signal(int signal) {
  std::signal(signal, SIG_IGN);
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

std::vector<int> changed_signals() {
  constexpr int k_last = 64;
  std::vector<int> changed;
  // Straight from the kernel: the C library does not tell of the two that it keeps for itself, and
  // whoever started us may have left them ignored.
  for (int signal = 1; signal <= k_last; ++signal) {
    std::uint64_t action[8] = {};  // The first is the handler.
    if (::syscall(SYS_rt_sigaction, signal, nullptr, action, 8) == 0 && action[0] != 0) {
      changed.push_back(signal);
    }
  }
  return changed;
}

__attribute__((no_sanitize("address", "undefined"))) void reset_signals(const int* changed,
                                                                        std::size_t count) {
  // Straight to the kernel: the child shares the parent's memory, and a library that keeps notes
  // about handlers would keep them for the parent too. All zero is SIG_DFL, no flags, no mask.
  std::uint64_t action[8] = {};
  for (std::size_t i = 0; i < count; ++i) {
    ::syscall(SYS_rt_sigaction, changed[i], action, nullptr, 8);
  }
  std::uint64_t nothing = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &nothing, nullptr, 8);
}

const char* signal_name(int signal) {
  struct Row {
    int number;
    const char* name;
  };
  static constexpr Row k_names[] = {
      {SIGHUP, "SIGHUP"},       {SIGINT, "SIGINT"},   {SIGQUIT, "SIGQUIT"},   {SIGILL, "SIGILL"},
      {SIGTRAP, "SIGTRAP"},     {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"},     {SIGFPE, "SIGFPE"},
      {SIGKILL, "SIGKILL"},     {SIGUSR1, "SIGUSR1"}, {SIGSEGV, "SIGSEGV"},   {SIGUSR2, "SIGUSR2"},
      {SIGPIPE, "SIGPIPE"},     {SIGALRM, "SIGALRM"}, {SIGTERM, "SIGTERM"},   {SIGCHLD, "SIGCHLD"},
      {SIGCONT, "SIGCONT"},     {SIGSTOP, "SIGSTOP"}, {SIGTSTP, "SIGTSTP"},   {SIGTTIN, "SIGTTIN"},
      {SIGTTOU, "SIGTTOU"},     {SIGURG, "SIGURG"},   {SIGXCPU, "SIGXCPU"},   {SIGXFSZ, "SIGXFSZ"},
      {SIGVTALRM, "SIGVTALRM"}, {SIGPROF, "SIGPROF"}, {SIGWINCH, "SIGWINCH"}, {SIGIO, "SIGIO"},
      {SIGPWR, "SIGPWR"},       {SIGSYS, "SIGSYS"}};
  for (const Row& row : k_names) {
    if (row.number == signal) {
      return row.name;
    }
  }
  return "unknown signal";
}

}  // namespace sched::os
