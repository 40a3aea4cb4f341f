#include "model/ending.hpp"

#include <array>
#include <utility>

namespace sched::model {
namespace {

template <typename T, std::size_t N>
using Words = std::array<std::pair<T, const char*>, N>;

constexpr Words<Ending::Kind, 5> k_kinds = {{{Ending::Kind::exited, "exited"},
                                             {Ending::Kind::signalled, "signalled"},
                                             {Ending::Kind::not_executed, "not_executed"},
                                             {Ending::Kind::not_begun, "not_begun"},
                                             {Ending::Kind::lost, "lost"}}};

constexpr Words<Ending::Cause, 14> k_causes = {
    {{Ending::Cause::none, "none"},
     {Ending::Cause::timeout, "timeout"},
     {Ending::Cause::idle_timeout, "idle_timeout"},
     {Ending::Cause::cancelled, "cancelled"},
     {Ending::Cause::shutdown, "shutdown"},
     {Ending::Cause::cpu_limit, "cpu_limit"},
     {Ending::Cause::memory_limit, "memory_limit"},
     {Ending::Cause::file_size_limit, "file_size_limit"},
     {Ending::Cause::open_files_limit, "open_files_limit"},
     {Ending::Cause::processes_limit, "processes_limit"},
     {Ending::Cause::restored, "restored"},
     {Ending::Cause::rss_limit, "rss_limit"},
     {Ending::Cause::cpu_time_limit, "cpu_time_limit"},
     {Ending::Cause::preempted, "preempted"}}};

constexpr Words<Ending::Step, 14> k_steps = {{{Ending::Step::none, "none"},
                                              {Ending::Step::exec, "exec"},
                                              {Ending::Step::directory, "directory"},
                                              {Ending::Step::env_file, "env_file"},
                                              {Ending::Step::input, "input"},
                                              {Ending::Step::output, "output"},
                                              {Ending::Step::limits, "limits"},
                                              {Ending::Step::nice, "nice"},
                                              {Ending::Step::session, "session"},
                                              {Ending::Step::contain, "contain"},
                                              {Ending::Step::cpus, "cpus"},
                                              {Ending::Step::io_class, "io_class"},
                                              {Ending::Step::flock, "flock"},
                                              {Ending::Step::cgroup, "cgroup"}}};

template <typename T, std::size_t N>
const char* word(const Words<T, N>& words, T value) {
  for (const auto& [known, text] : words) {
    if (known == value) {
      return text;
    }
  }
  return "?";
}

template <typename T, std::size_t N>
std::optional<T> value(const Words<T, N>& words, std::string_view text) {
  for (const auto& [known, name] : words) {
    if (text == name) {
      return known;
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_memory(Ending::Cause cause) {
  return cause == Ending::Cause::memory_limit || cause == Ending::Cause::rss_limit;
}

const char* to_string(Ending::Kind kind) {
  return word(k_kinds, kind);
}
const char* to_string(Ending::Cause cause) {
  return word(k_causes, cause);
}
const char* to_string(Ending::Step step) {
  return word(k_steps, step);
}

std::optional<Ending::Kind> parse_ending_kind(std::string_view text) {
  return value(k_kinds, text);
}
std::optional<Ending::Cause> parse_ending_cause(std::string_view text) {
  return value(k_causes, text);
}
std::optional<Ending::Step> parse_ending_step(std::string_view text) {
  return value(k_steps, text);
}

}  // namespace sched::model
