#include "exchange/service_reader.hpp"

#include "base/text.hpp"
#include "exchange/unit_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sched::exchange {
namespace {

bool is_condition(std::string_view key) {
  return key.starts_with("Condition") || key.starts_with("Assert");
}

/// What systemd.exec(5) and systemd.resource-control(5) confine a service with.
bool is_confinement(std::string_view key) {
  constexpr std::array<std::string_view, 32> k_beginnings = {"Protect",     "Private",
                                                             "Restrict",    "NoNewPrivileges",
                                                             "Capability",  "Ambient",
                                                             "SystemCall",  "Lock",
                                                             "MemoryDeny",  "ReadWrite",
                                                             "ReadOnly",    "Inaccessible",
                                                             "NoExec",      "ExecPaths",
                                                             "Bind",        "Temporary",
                                                             "Root",        "DynamicUser",
                                                             "RemoveIPC",   "KeyringMode",
                                                             "Secure",      "SELinux",
                                                             "AppArmor",    "Smack",
                                                             "IPAddress",   "Device",
                                                             "UtmpMode",    "ProcSubset",
                                                             "Personality", "SupplementaryGroups",
                                                             "MountFlags",  "JoinsNamespaceOf"};
  return std::any_of(k_beginnings.begin(), k_beginnings.end(),
                     [&](std::string_view beginning) { return key.starts_with(beginning); });
}

bool is_limit(std::string_view key) {
  constexpr std::array<std::string_view, 8> k_beginnings = {
      "Limit", "Memory", "CPU", "IO", "Tasks", "OOM", "Slice", "StartupCPU"};
  return std::any_of(k_beginnings.begin(), k_beginnings.end(),
                     [&](std::string_view beginning) { return key.starts_with(beginning); });
}

}  // namespace

void ServiceReader::read(const UnitEntry& entry) {
  entry_ = &entry;
  if (entry.section == "Unit" && entry.key == "Description") {
    const auto text = expand_specifiers(entry.value, specifiers_);
    service_.description = text ? *text : entry.value;
  } else if (entry.section == "Unit" && is_condition(entry.key)) {
    read_condition();
  } else if (entry.section == "Unit" && (entry.key == "OnFailure" || entry.key == "OnSuccess")) {
    read_links();
  } else if (entry.section == "Service") {
    (this->*find_handler(entry.key))();
  } else if (!entry.section.starts_with("X-")) {
    note(Note::Kind::ignored, fmt::format("{}= is not kept", entry.key));
  }
}

ServiceReader::Handler ServiceReader::find_handler(std::string_view key) {
  struct Known {
    std::string_view key;
    Handler handler;
  };
  static constexpr std::array k_known = {
      Known{"ExecStart", &ServiceReader::read_exec},
      Known{"ExecStartPre", &ServiceReader::read_exec},
      Known{"ExecStartPost", &ServiceReader::read_exec},
      Known{"ExecCondition", &ServiceReader::read_exec_condition},
      Known{"Type", &ServiceReader::read_type},
      Known{"Environment", &ServiceReader::read_environment},
      Known{"EnvironmentFile", &ServiceReader::read_environment_file},
      Known{"PassEnvironment", &ServiceReader::read_pass_environment},
      Known{"WorkingDirectory", &ServiceReader::read_directory},
      Known{"User", &ServiceReader::read_account},
      Known{"Group", &ServiceReader::read_account},
      Known{"Nice", &ServiceReader::read_nice},
      Known{"IOSchedulingClass", &ServiceReader::read_io_class},
      Known{"IOSchedulingPriority", &ServiceReader::read_io_priority},
      Known{"MemoryMax", &ServiceReader::read_memory_max},
      Known{"CPUQuota", &ServiceReader::read_cpu_quota},
      Known{"IOReadBandwidthMax", &ServiceReader::read_bandwidth},
      Known{"IOWriteBandwidthMax", &ServiceReader::read_bandwidth},
      Known{"UMask", &ServiceReader::read_umask},
      Known{"TimeoutStartSec", &ServiceReader::read_timeout},
      Known{"TimeoutSec", &ServiceReader::read_timeout},
      Known{"RuntimeMaxSec", &ServiceReader::read_timeout},
      Known{"StandardInput", &ServiceReader::read_input},
      Known{"StandardInputText", &ServiceReader::read_input_text}};
  const auto* found = std::find_if(k_known.begin(), k_known.end(),
                                   [&](const Known& known) { return known.key == key; });
  return found == k_known.end() ? &ServiceReader::pass_over : found->handler;
}

void ServiceReader::note(Note::Kind kind, std::string what) {
  service_.notes.push_back({entry_->line, kind, std::move(what), entry_->source});
}

void ServiceReader::refuse(const base::Error& error) {
  note(Note::Kind::refused, fmt::format("{}=: {}", entry_->key, error.on_one_line()));
}

std::optional<std::string> ServiceReader::value() {
  auto expanded = expand_specifiers(entry_->value, specifiers_);
  if (!expanded) {
    refuse(expanded.error());
    return std::nullopt;
  }
  return *std::move(expanded);
}

std::optional<Span> ServiceReader::span() {
  const auto span = time::parse_timespan(entry_->value);
  if (!span) {
    refuse(span.error());
    return std::nullopt;
  }
  return *span;
}

void ServiceReader::read_condition() {
  auto& conditions = service_.conditions;
  if (entry_->value.empty()) {
    conditions.clear();  // of every kind, so says systemd.unit(5)
    return;
  }
  conditions.push_back({entry_->key, entry_->value, entry_->line, entry_->source});
  note(Note::Kind::ignored, fmt::format("{}={}: the task runs whether it holds or not", entry_->key,
                                        base::quote(entry_->value)));
}

void ServiceReader::read_links() {
  const bool on_failure = entry_->key == "OnFailure";
  if (entry_->value.empty()) {
    std::erase_if(service_.links,
                  [&](const UnitLink& link) { return link.on_failure == on_failure; });
    return;
  }
  for (const std::string& word : base::split(entry_->value, ' ')) {
    const auto unit = expand_specifiers(base::trim(word), specifiers_);
    if (!unit) {
      refuse(unit.error());
    } else if (unit->ends_with(".service")) {
      service_.links.push_back({on_failure, *unit, entry_->line, entry_->source});
      note(Note::Kind::taken, to_string(service_.links.back()));
    } else if (!unit->empty()) {
      note(Note::Kind::ignored,
           fmt::format("{}={}: only a service can be a task", entry_->key, *unit));
    }
  }
}

void ServiceReader::pass_over() {
  const std::string& key = entry_->key;
  if (is_confinement(key)) {
    note(Note::Kind::ignored, fmt::format("{}=: the task runs without this confinement", key));
  } else if (is_limit(key)) {
    note(Note::Kind::ignored, fmt::format("{}=: the task runs without this limit", key));
  } else if (key == "StandardInputData" && !entry_->value.empty()) {
    note(Note::Kind::refused, "StandardInputData=: only StandardInputText= can be kept as input");
  } else if (key == "SuccessExitStatus") {
    note(Note::Kind::ignored, fmt::format("{}=: these exits count as failures", key));
  } else if (key.starts_with("Exec")) {
    note(Note::Kind::ignored, fmt::format("{}=: this command is not run", key));
  } else {
    note(Note::Kind::ignored, fmt::format("{}= is not kept", key));
  }
}

}  // namespace sched::exchange
