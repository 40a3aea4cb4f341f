#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/breaker_field.hpp"
#include "cli/deadline_field.hpp"
#include "cli/draft.hpp"
#include "cli/handler_fields.hpp"
#include "cli/machine_fields.hpp"
#include "cli/schedule_fields.hpp"
#include "security/names.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace sched::cli {
namespace {

using Context = DraftContext;

void check(const std::optional<base::Error>& complaint) {
  if (complaint) {
    throw *complaint;
  }
}

std::string absolute(const Context& context, const std::string& path) {
  if (path.find('\0') != std::string::npos) {
    throw base::bad_input("contains a NUL byte");
  }
  return (std::filesystem::path(context.directory) / path).lexically_normal().string();
}

time::Duration bounded(const std::string& value) {
  constexpr time::Duration k_longest = std::chrono::hours(24 * 3650);
  const time::Duration duration = time::parse_duration(value).value();
  if (duration > k_longest) {
    throw base::bad_input("longer than ten years");
  }
  return duration;
}

void read_at(const Context&, TaskDraft& draft, const std::string& value) {
  if (value.empty()) {
    throw base::bad_input("the moment is empty", "such as 'tomorrow 09:00' or '+2h'");
  }
  draft.moments["at"] = value;
  draft.at_given = true;
}

void read_env(const Context&, TaskDraft& draft, const std::string& value) {
  if (value.find('\0') != std::string::npos) {
    throw base::bad_input("contains a NUL byte");
  }
  const std::size_t equals = value.find('=');
  const std::string name = value.substr(0, equals);
  check(security::check_environment_name(name));
  if (name.starts_with("SCHED_")) {
    throw base::bad_input(fmt::format("{} is told by sched itself", name), "choose another name");
  }
  if (equals == std::string::npos) {
    draft.capture.names.push_back(name);
  } else {
    draft.set_environment.emplace_back(name, value.substr(equals + 1));
  }
}

void read_stdin(const Context& context, TaskDraft& draft, const std::string& value) {
  constexpr std::size_t k_longest_text = 1U << 20U;
  constexpr std::string_view k_file = "file:";
  constexpr std::string_view k_text = "text:";
  draft.task.stdin_text.reset();
  draft.task.stdin_file.clear();
  if (value.empty()) {
    return;
  }
  const std::string_view view = value;
  std::error_code failure;
  if (view.starts_with(k_text)) {
    draft.task.stdin_text = value.substr(k_text.size());
  } else if (view.starts_with(k_file)) {
    draft.task.stdin_file = absolute(context, value.substr(k_file.size()));
  } else if (value.size() < 4096 &&
             std::filesystem::exists(std::filesystem::path(context.directory) / value, failure)) {
    draft.task.stdin_file = absolute(context, value);
  } else if (value.starts_with('/') || value.starts_with("./") || value.starts_with("../")) {
    throw base::bad_input(
        "there is no such file",
        "write file:PATH for one that will be there, text:... for the text itself");
  } else {
    draft.task.stdin_text = value;
  }
  if (draft.task.stdin_text && draft.task.stdin_text->size() > k_longest_text) {
    throw base::bad_input(
        fmt::format("the text has {} bytes, at most {} are kept", value.size(), k_longest_text),
        "put it into a file and give file:PATH");
  }
}

void read_directory(const Context& context, TaskDraft& draft, const std::string& value) {
  const std::string path = absolute(context, value);
  std::error_code failure;
  if (!std::filesystem::is_directory(path, failure)) {
    draft.warnings.push_back(
        fmt::format("--cwd {}: there is no such directory yet", base::quote(path)));
  }
  draft.task.surroundings.directory = path;
}

void read_tag(const Context&, TaskDraft& draft, const std::string& value) {
  if (!draft.tags) {
    draft.tags.emplace();
  }
  for (const std::string& tag : base::split(value, ',')) {
    check(security::check_tag(tag));
    if (std::find(draft.tags->begin(), draft.tags->end(), tag) == draft.tags->end()) {
      draft.tags->push_back(tag);
    }
  }
}

void read_after(const Context&, TaskDraft& draft, const std::string& value) {
  if (!draft.after) {
    draft.after.emplace();
  }
  // --after '' takes all dependencies away.
  if (!value.empty()) {
    model::parse_after(value).value();
    draft.after->push_back(value);
  }
}

void read_shell(const Context&, TaskDraft& draft, const std::string& value) {
  if (base::trim(value).empty()) {
    throw base::bad_input("the text is empty", "give what /bin/sh -c is to do");
  }
  draft.task.command = {{value}, true};
}

void read_key(const Context&, TaskDraft& draft, const std::string& value) {
  check(security::check_key(value));
  draft.task.key = value;
}

void read_log_limit(const Context&, TaskDraft& draft, const std::string& value) {
  constexpr std::uint64_t k_smallest = 4096;
  draft.task.log_limit_bytes = model::parse_size(value).value();
  if (draft.task.log_limit_bytes < k_smallest) {
    throw base::bad_input("less than 4k",
                          "the log keeps its head and its tail, and needs some room for them");
  }
}

void read_env_file(const Context& context, TaskDraft& draft, const std::string& value) {
  draft.task.env_file = value.empty() ? value : absolute(context, value);
}

const std::vector<TaskField>& plain_fields() {
  static const std::vector<TaskField> fields = {
      {"shell", "TEXT", "Have /bin/sh -c do this text, in place of a command behind --", false,
       read_shell},
      {"at", "MOMENT",
       "Run once at this moment: '2026-03-01 09:00', 'tomorrow 02:00', '+2h' "
       "(default: now)",
       false, read_at},
      {"manual", "", "Run only when 'sched start' says so", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.manual = read_yes_or_no(value);
       }},
      {"after", "TASK[:CONDITION]",
       "Run after this task has ended so: success (default), failure, "
       "done, skipped, exit=N",
       true, read_after},
      {"join", "JOIN", "How many of --after must hold: all (default), any, or a number", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.join = model::parse_join(value).value();
       }},
      {"retries", "N", "Try up to N times more after a bad end", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.retry.retries = static_cast<int>(whole(value, 0, 1000));
       }},
      {"backoff", "BACKOFF", "Wait between tries: fixed:30s or exponential:1s..5m (default)", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.retry.backoff = model::parse_backoff(value).value();
       }},
      {"retry-on", "ENDS", "Retry these ends alone: exit codes, signal, timeout, lost, memory",
       false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.retry.retry_on = model::parse_end_set(value).value();
       }},
      {"no-retry-on", "ENDS", "Never retry these ends: 2,64-78", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.retry.no_retry_on = model::parse_end_set(value).value();
       }},
      {"timeout", "DURATION", "End each attempt after this time", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.timeout = bounded(value);
       }},
      {"idle-timeout", "DURATION", "End an attempt that writes nothing for this time", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.idle_timeout = bounded(value);
       }},
      {"grace-kill", "DURATION", "Time from SIGTERM to SIGKILL (default: 10s)", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.grace_kill = bounded(value);
       }},
      {"limit", "LIMITS",
       "Resource limits: cpu=60s, memory=2G, file-size=1G, open-files=1024, "
       "processes=100, core=0",
       true,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.limits = value.empty() ? model::Limits{}
                                           : model::parse_limits(value, draft.task.limits).value();
       }},
      {"nice", "N", "Niceness of the command, -20 to 19", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.nice = static_cast<int>(whole(value, -20, 19));
       }},
      {"preemptible", "", "Let its runs give way to urgent ones of queues that preempt", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.preemptible = read_yes_or_no(value);
       }},
      {"contain", "", "Run it in a PID namespace of its own: nothing that it starts outlives it",
       false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.contain = read_yes_or_no(value);
       }},
      {"env", "NAME[=VALUE]", "Set a variable, or keep the one that is set now", true, read_env},
      {"env-all", "", "Keep the whole environment of now", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.capture.all = read_yes_or_no(value);
       }},
      {"env-file", "FILE",
       "Read variables from this file at each start; it is never stored: the "
       "place for secrets",
       false, read_env_file},
      {"cwd", "DIR", "Working directory (default: this one)", false, read_directory},
      {"stdin", "FILE|TEXT",
       "Standard input: a file, opened at each start, or a text (default: "
       "/dev/null)",
       false, read_stdin},
      {"split-output", "", "Keep stdout and stderr apart", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.split_output = read_yes_or_no(value);
       }},
      {"log-limit", "SIZE", "Keep this much of the output, head and tail (default: 64M)", false,
       read_log_limit},
      {"queue", "QUEUE", "The queue in which its runs wait for their turn (default: default)",
       false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         check(security::check_label("queue", value));
         draft.queue = value;
       }},
      {"deadline", "[hard:]WHEN",
       "Be done so long after its moment, or by this one; hard: only run what can be", true,
       read_deadline},
      {"priority", "N", "Higher goes first, -1000 to 1000 (default: 0)", false,
       [](const Context&, TaskDraft& draft, const std::string& value) {
         draft.task.priority = static_cast<int>(whole(value, -1000, 1000));
       }},
      {"tag", "TAG", "A word to find it by", true, read_tag},
      {"key", "KEY", "The same key twice is one task", false, read_key},
  };
  return fields;
}

}  // namespace

const std::vector<TaskField>& task_fields() {
  static const std::vector<TaskField> fields = [] {
    std::vector<TaskField> all = plain_fields();
    const auto put_before = [&all](std::string_view name, const std::vector<TaskField>& more) {
      const auto behind = std::find_if(
          all.begin(), all.end(), [name](const TaskField& field) { return field.name == name; });
      all.insert(behind, more.begin(), more.end());
    };
    put_before("manual", schedule_fields());
    put_before("timeout", breaker_fields());
    put_before("timeout", handler_fields());
    put_before("contain", machine_fields());
    put_before("tag", need_fields());
    return all;
  }();
  return fields;
}

}  // namespace sched::cli
