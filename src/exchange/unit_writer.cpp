#include "exchange/unit_writer.hpp"

#include "base/text.hpp"
#include "exchange/unit_specifiers.hpp"
#include "exchange/unit_words.hpp"
#include "time/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::exchange {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// A value that is read without quotes and escapes, specifiers apart; empty when it can't be.
std::optional<std::string> write_plain(std::string_view value) {
  const bool is_bare = !value.empty() && base::trim(value) == value && !value.ends_with('\\') &&
                       base::is_utf8(value) && std::none_of(value.begin(), value.end(), is_control);
  return is_bare ? std::optional(escape_specifiers(value)) : std::nullopt;
}

class UnitWriter {
 public:
  void section(const char* name) { add_line(fmt::format("{}[{}]", line_ > 1 ? "\n" : "", name)); }
  void assign(std::string_view key, std::string_view value) {
    add_line(fmt::format("{}={}", key, value));
  }
  /// `value` empty: the reason why is told instead.
  void assign_or_refuse(std::string_view key, const std::optional<std::string>& value,
                        std::string_view what) {
    if (value) {
      assign(key, *value);
    } else {
      refuse(fmt::format("{}= can't be {}", key, base::quote(what)));
    }
  }
  void plain(std::string_view key, const std::optional<std::string>& value) {
    if (value) {
      assign_or_refuse(key, write_plain(*value), *value);
    }
  }
  void refuse(const std::string& why) { comment(Note::Kind::refused, "left out: ", why); }
  void change(const std::string& how) { comment(Note::Kind::changed, "changed: ", how); }
  /// A person's words: they need not come back to the byte.
  void description(const std::string& text) {
    std::string line;
    for (const char c : text) {
      line += is_control(c) ? ' ' : c;
    }
    while (line.ends_with('\\') || line.ends_with(' ')) {
      line.pop_back();
    }
    if (const auto value = write_plain(base::trim(line))) {
      assign("Description", *value);
    }
  }
  Written take() { return std::move(written_); }

 private:
  void add_line(const std::string& line) {
    written_.text += line + "\n";
    line_ += 1 + static_cast<int>(std::count(line.begin(), line.end(), '\n'));
  }
  void comment(Note::Kind kind, const char* word, const std::string& what) {
    written_.notes.push_back({line_, kind, what});
    add_line(fmt::format("# {}{}", word, what));
  }

  Written written_;
  int line_ = 1;
};

std::string_view key_of(TimerTrigger::Kind kind) {
  switch (kind) {
    case TimerTrigger::Kind::calendar:
      return "OnCalendar";
    case TimerTrigger::Kind::active:
      return "OnActiveSec";
    case TimerTrigger::Kind::boot:
      return "OnBootSec";
    case TimerTrigger::Kind::startup:
      return "OnStartupSec";
    case TimerTrigger::Kind::unit_active:
      return "OnUnitActiveSec";
    case TimerTrigger::Kind::unit_inactive:
      return "OnUnitInactiveSec";
  }
  return {};
}

void write_trigger(UnitWriter& writer, const TimerTrigger& trigger) {
  const std::string_view key = key_of(trigger.kind);
  if (trigger.kind != TimerTrigger::Kind::calendar) {
    writer.assign(key, time::to_human(trigger.span));
    return;
  }
  const auto value = time::parse_calendar(trigger.calendar) ? write_plain(trigger.calendar)
                                                            : std::optional<std::string>();
  writer.assign_or_refuse(key, value, trigger.calendar);
}

void write_environment(UnitWriter& writer, const ServiceDraft& service) {
  for (const Variable& variable : service.environment) {
    const std::string assignment = variable.name + "=" + variable.value;
    if (!is_portable_name(variable.name) || !base::is_utf8(assignment) ||
        assignment.find('\0') != std::string::npos) {
      writer.refuse(fmt::format("Environment= can't be {}", base::quote(assignment)));
      continue;
    }
    writer.assign("Environment", quote_unit_word(escape_specifiers(assignment)));
  }
  for (const EnvironmentFile& file : service.environment_files) {
    const bool is_name =
        file.path.starts_with('/') && file.path.find_first_of("*?[") == std::string::npos;
    writer.assign_or_refuse(
        "EnvironmentFile",
        is_name ? write_plain((file.may_be_missing ? "-" : "") + file.path) : std::nullopt,
        file.path);
  }
}

void write_input(UnitWriter& writer, std::string input) {
  if (input.empty()) {
    return;
  }
  if (!input.ends_with('\n')) {
    writer.change("the input gets a line break at its end");
    input += '\n';
  }
  input.pop_back();  // which comes by itself
  if (input.empty() || input.find('\0') != std::string::npos || !base::is_utf8(input)) {
    writer.refuse("no StandardInputText= has this input");
    return;
  }
  std::string text = escape_unit_text(escape_specifiers(input));
  if (text.ends_with(' ')) {
    text.replace(text.size() - 1, 1, "\\s");
  }
  if (text.starts_with(' ')) {
    text.replace(0, 1, "\\s");
  }
  writer.assign("StandardInput", "data");
  writer.assign("StandardInputText", text);
}

void write_command(UnitWriter& writer, const PlainCommand& command) {
  const std::vector<std::string> shell = {"/bin/sh", "-c", command.shell};
  const std::vector<std::string>& argv = command.argv.empty() ? shell : command.argv;
  const bool is_text = std::all_of(argv.begin(), argv.end(),
                                   [](const std::string& word) { return base::is_utf8(word); });
  writer.assign_or_refuse("ExecStart", is_text ? write_exec(argv) : std::nullopt,
                          base::join(argv, " "));
}

void write_links(UnitWriter& writer, const char* key, const std::vector<std::string>& units) {
  if (!units.empty()) {
    writer.assign(key, escape_specifiers(base::join(units, " ")));
  }
}

}  // namespace

Written to_timer_unit(const SystemdTimer& timer) {
  UnitWriter writer;
  writer.section("Unit");
  writer.description(timer.description);
  writer.section("Timer");
  for (const TimerTrigger& trigger : timer.triggers) {
    write_trigger(writer, trigger);
  }
  if (timer.persistent) {
    writer.assign("Persistent", "true");
  }
  if (timer.randomized_delay > Span(0)) {
    writer.assign("RandomizedDelaySec", time::to_human(timer.randomized_delay));
  }
  if (timer.fixed_random_delay) {
    writer.assign("FixedRandomDelay", "true");
  }
  writer.assign("AccuracySec", time::to_human(timer.accuracy));
  writer.assign_or_refuse("Unit",
                          timer.unit.ends_with(".service") ? write_plain(timer.unit) : std::nullopt,
                          timer.unit);
  if (timer.is_enabled) {
    writer.section("Install");
    writer.assign("WantedBy", "timers.target");
  }
  return writer.take();
}

Written to_service_unit(const ServiceDraft& service) {
  UnitWriter writer;
  writer.section("Unit");
  writer.description(service.description);
  write_links(writer, "OnFailure", service.on_failure);
  write_links(writer, "OnSuccess", service.on_success);
  writer.section("Service");
  writer.assign("Type", "oneshot");
  write_command(writer, service.command);
  write_environment(writer, service);
  const auto& directory = service.working_directory;
  if (directory && *directory != "~" && !directory->starts_with('/')) {
    writer.refuse(fmt::format("WorkingDirectory= can't be {}", base::quote(*directory)));
  } else {
    writer.plain("WorkingDirectory", directory);
  }
  writer.plain("User", service.user);
  writer.plain("Group", service.group);
  if (service.nice) {
    writer.assign("Nice", std::to_string(*service.nice));
  }
  writer.plain("IOSchedulingClass", service.io_class);
  if (service.io_priority) {
    writer.assign("IOSchedulingPriority", std::to_string(*service.io_priority));
  }
  if (service.umask) {
    writer.assign("UMask", fmt::format("{:04o}", static_cast<unsigned>(*service.umask)));
  }
  if (service.timeout) {
    writer.assign("TimeoutStartSec", time::to_human(*service.timeout));
  }
  if (service.memory_max) {
    writer.assign("MemoryMax", std::to_string(*service.memory_max));
  }
  if (service.cpu_quota != 0) {
    const auto tenths = service.cpu_quota % 10;
    writer.assign("CPUQuota", fmt::format("{}{}%", service.cpu_quota / 10,
                                          tenths == 0 ? "" : fmt::format(".{}", tenths)));
  }
  write_input(writer, service.input.value_or(""));
  return writer.take();
}

}  // namespace sched::exchange
