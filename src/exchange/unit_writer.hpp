#pragma once

#include "exchange/systemd_service.hpp"
#include "exchange/systemd_timer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sched::exchange {

/// The text of a timer which read_timer reads back as this one. What it can't say (an expression
/// that systemd does not know) is refused and stands in the text as a comment.
Written to_timer_unit(const SystemdTimer& timer);

/// What is written into a service; fields mean what they do in SystemdService.
struct ServiceDraft {
  std::string description;
  std::vector<std::string> on_failure;  ///< Names of services.
  std::vector<std::string> on_success;
  PlainCommand command;  ///< A shell's text is run by /bin/sh -c.
  std::vector<Variable> environment;
  std::vector<EnvironmentFile> environment_files;
  std::optional<std::string> working_directory;
  std::optional<std::string> user;
  std::optional<std::string> group;
  std::optional<int> nice;
  std::optional<std::string> io_class;
  std::optional<int> io_priority;
  std::optional<int> umask;
  std::optional<Span> timeout;
  std::optional<std::uint64_t> memory_max;
  std::int64_t cpu_quota = 0;
  std::optional<std::string> input;
};

/// The text of a oneshot service which read_service reads back as this one: every `%`, `$`, quote
/// and backslash is written so that it reaches the command as it is. What can't be said is refused
/// and stands in the text as a comment.
Written to_service_unit(const ServiceDraft& service);

}  // namespace sched::exchange
