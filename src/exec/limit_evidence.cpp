#include "exec/limit_evidence.hpp"

#include <algorithm>
#include <csignal>
#include <initializer_list>
#include <string>

namespace sched::exec {

namespace {

using Cause = model::Ending::Cause;

bool says_one_of(const std::string& output, std::initializer_list<std::string_view> phrases) {
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    return output.find(phrase) != std::string::npos;
  });
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return result;
}

bool used_up_cpu(const model::Limits& limits, const model::Usage& usage) {
  constexpr std::int64_t k_second_us = 1'000'000;
  return (usage.user_us + usage.system_us) / k_second_us >=
         static_cast<std::int64_t>(limits.cpu_s.value_or(0));
}

}  // namespace

model::Ending::Cause limit_cause(const model::Limits& limits, const model::Ending& ending,
                                 std::string_view last_output) {
  const bool signalled = ending.kind == model::Ending::Kind::signalled;
  const bool exited_badly = ending.kind == model::Ending::Kind::exited && ending.code != 0;
  if (!signalled && !exited_badly) {
    return Cause::none;
  }
  // A shell tells of a signal that ended its child as 128 + its number.
  const int signal = signalled ? ending.code : ending.code > 128 ? ending.code - 128 : 0;
  if (limits.cpu_s.has_value() &&
      (signal == SIGXCPU || (signal == SIGKILL && used_up_cpu(limits, ending.usage)))) {
    return Cause::cpu_limit;
  }
  if (limits.file_size_bytes.has_value() && signal == SIGXFSZ) {
    return Cause::file_size_limit;
  }
  const std::string output = lower(last_output);
  if (limits.memory_bytes.has_value()) {
    const auto used =
        static_cast<std::uint64_t>(std::max<std::int64_t>(0, ending.usage.max_rss_bytes));
    const bool near = used >= *limits.memory_bytes / 5 * 4;
    const bool may_be = exited_badly || signal == SIGSEGV || signal == SIGABRT || signal == SIGBUS;
    if (may_be &&
        (near ||
         says_one_of(output, {"cannot allocate memory", "memoryerror", "out of memory", "bad_alloc",
                              "memory exhausted", "outofmemoryerror",
                              "failed to map segment from shared object", "memory allocation of",
                              "can't allocate memory", "not enough memory", "unable to allocate",
                              "out of space"}))) {
      return Cause::memory_limit;
    }
  }
  if (limits.file_size_bytes.has_value() &&
      says_one_of(output, {"file too large", "file size limit exceeded"})) {
    return Cause::file_size_limit;
  }
  if (limits.open_files.has_value() && says_one_of(output, {"too many open files"})) {
    return Cause::open_files_limit;
  }
  if (limits.processes.has_value() &&
      says_one_of(output, {"resource temporarily unavailable", "cannot fork", "can't fork",
                           "can't start new thread", "fork: retry"})) {
    return Cause::processes_limit;
  }
  return Cause::none;
}

}  // namespace sched::exec
