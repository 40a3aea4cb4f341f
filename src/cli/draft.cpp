#include "cli/draft.hpp"

#include "base/text.hpp"
#include "os/facts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace sched::cli {

const TaskField* find_task_field(const std::string& name) {
  const auto& fields = task_fields();
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const TaskField& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

void read_field(const TaskField& field, const DraftContext& context, TaskDraft& draft,
                const std::vector<std::string>& values) {
  if (!field.repeatable && values.size() > 1) {
    throw base::Error(base::ErrorKind::invalid_input,
                      fmt::format("--{} is given {} times", field.name, values.size()),
                      "give it once");
  }
  for (const std::string& value : values) {
    try {
      field.read(context, draft, value);
    } catch (const base::Error& error) {
      throw error.within(fmt::format("--{} {}", field.name, base::quote(value)));
    }
  }
}

void read_new_field(const TaskField& field, const DraftContext& context, TaskDraft& draft,
                    const std::vector<std::string>& values) {
  const std::string_view name = field.name;
  const auto refuse = [&](const char* what) {
    throw base::Error(base::ErrorKind::invalid_input, fmt::format("--{} {}", name, what),
                      fmt::format("leave --{} out for none", name));
  };
  static const std::set<std::string_view> emptied = {
      "after",    "anchor",          "count",      "cpus",     "cpu-quota", "deadline",
      "env-file", "except",          "except-on",  "fallback", "flock",     "io-class",
      "io-max",   "launcher-prefix", "limit",      "lock",     "max-fails", "max-rss",
      "need",     "memory-retry",    "need-free",  "nice-map", "not-after", "not-before",
      "only",     "on-failure",      "on-success", "only-on",  "or-need"};
  if (emptied.contains(name) &&
      std::find(values.begin(), values.end(), std::string()) != values.end()) {
    refuse("'': the value is empty");
  }
  read_field(field, context, draft, values);
  draft.given.insert(field.name);
  if ((name == "timeout" && draft.task.timeout.count() == 0) ||
      (name == "idle-timeout" && draft.task.idle_timeout.count() == 0) ||
      (name == "max-cpu-time" && draft.task.machine.max_cpu_time.count() == 0)) {
    refuse("0s: no command can be done in no time");
  }
}

bool can_say_no(std::string_view name) {
  return name == "contain" || name == "preemptible" || name == "split-output";
}

void offer_task_fields(CLI::App& command, const Session& session,
                       std::map<std::string, std::vector<std::string>>& values) {
  std::vector<TaskField> meant;
  std::copy_if(task_fields().begin(), task_fields().end(), std::back_inserter(meant),
               [&](const TaskField& field) { return session.may_mean(field.name); });
  offer_fields(command, meant, values);
}

void offer_fields(CLI::App& command, const std::vector<TaskField>& fields,
                  std::map<std::string, std::vector<std::string>>& values) {
  for (const TaskField& field : fields) {
    const std::string flag = std::string("--") + field.name;
    std::vector<std::string>& given = values[field.name];
    if (std::string_view(field.type).empty()) {
      offer_flag(command, flag, given, field.help);
      continue;
    }
    offer_option(command, flag, given, field.type, field.help);
  }
}

bool read_yes_or_no(const std::string& value) {
  if (value == "true" || value == "1") {
    return true;
  }
  if (value == "false" || value == "0") {
    return false;
  }
  throw base::Error(base::ErrorKind::invalid_input, "neither true nor false");
}

std::int64_t whole(const std::string& value, std::int64_t lowest, std::int64_t highest) {
  const auto number = base::parse_int(value);
  if (!number || *number < lowest || *number > highest) {
    throw base::bad_input(fmt::format("not a whole number from {} to {}", lowest, highest));
  }
  return *number;
}

DraftContext draft_context(Session& session) {
  std::error_code failure;
  DraftContext context;
  context.now = session.now();
  context.directory = std::filesystem::current_path(failure).string();
  context.environment = &session.environment();
  if (failure) {
    throw base::Error(base::ErrorKind::invalid_input,
                      "the current directory is gone: " + failure.message(), "cd somewhere else");
  }
  return context;
}

security::Environment captured_environment(const DraftContext& context,
                                           const security::Capture& capture) {
  security::Environment environment = security::captured(*context.environment, capture).value();
  for (const auto& [name, value] : environment) {
    if (!base::is_utf8(value)) {
      throw base::Error(base::ErrorKind::invalid_input,
                        fmt::format("the value of {} is not UTF-8", name),
                        fmt::format("set it with --env {}=VALUE, or put it into --env-file", name));
    }
  }
  return environment;
}

void capture_surroundings(const DraftContext& context, int umask, TaskDraft& draft) {
  surround(context, umask, captured_environment(context, draft.capture), draft);
}

void surround(const DraftContext& context, int umask, security::Environment environment,
              TaskDraft& draft) {
  model::Surroundings& surroundings = draft.task.surroundings;
  if (surroundings.directory.empty()) {
    surroundings.directory = context.directory;
  }
  surroundings.umask = umask;
  surroundings.environment = std::move(environment);
  if (draft.task.limits.processes && os::own_uid() == 0) {
    draft.warnings.emplace_back("--limit processes has no effect: the system exempts root from it");
  }
  for (const auto& [name, value] : draft.set_environment) {
    surroundings.environment[name] = value;
  }
}

}  // namespace sched::cli
