// The JSON form of all that is known of a task.
#include "render/command_text.hpp"
#include "render/json.hpp"
#include "render/machine_details.hpp"
#include "render/schedule_columns.hpp"
#include "render/task_page.hpp"
#include "security/redact.hpp"

#include <algorithm>
#include <string_view>

namespace sched::render {
namespace {

using base::Json;

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json limits_json(const model::Limits& limits) {
  return {{"cpu_s", or_null(limits.cpu_s)},
          {"memory_bytes", or_null(limits.memory_bytes)},
          {"file_size_bytes", or_null(limits.file_size_bytes)},
          {"open_files", or_null(limits.open_files)},
          {"processes", or_null(limits.processes)},
          {"core_bytes", or_null(limits.core_bytes)}};
}

Json environment_json(const TaskPage& page) {
  Json json = Json::object();
  for (const auto& [name, value] : page.task.surroundings.environment) {
    json[name] = security::redact_value(name, value);
  }
  return json;
}

Json deadline_json(const std::optional<model::Deadline>& deadline) {
  return deadline ? Json(model::to_string(*deadline)) : Json(nullptr);
}

/// Those of the machine stand behind niceness.
std::vector<Column<TaskPage>> with_machine(std::vector<Column<TaskPage>> columns) {
  const auto nice = std::find_if(columns.begin(), columns.end(), [](const auto& column) {
    return std::string_view(column.key) == "nice";
  });
  const auto machine = machine_columns();
  columns.insert(nice + 1, machine.begin(), machine.end());
  return columns;
}

Json handlers_json(const std::vector<HandlerEdge>& handlers, model::HandlerKind kind) {
  Json json = Json::array();
  for (const HandlerEdge& handler : handlers) {
    if (handler.kind == kind) {
      json.push_back(handler.label);
    }
  }
  return json;
}

Json duration_json(time::Duration duration) {
  return duration.count() == 0 ? Json(nullptr) : Json(duration.count());
}

}  // namespace

const std::vector<Column<TaskPage>>& task_page_columns() {
  using P = TaskPage;
  static const std::vector<Column<TaskPage>> columns = with_machine(
      {{"id", "integer", "The task's number", [](const P& p) { return Json(p.task.id.value); }},
       {"name", "string", "Its name, or `task-ID`",
        [](const P& p) { return Json(model::label(p.task)); }},
       {"key", "string or null", "Its idempotency key",
        [](const P& p) { return json_of(p.task.key); }},
       {"command", "array of strings", "The arguments; with `shell` one text for /bin/sh -c",
        [](const P& p) { return command_json(p.task.command); }},
       {"shell", "boolean", "The command is a text for a shell",
        [](const P& p) { return Json(p.task.command.shell); }},
       {"trigger", "string", "What makes it fire: once, upstream, manual or timed",
        [](const P& p) { return Json(model::to_string(p.task.trigger)); }},
       {"at", "time or null", "The moment of `once`",
        [](const P& p) { return json_of(p.task.at); }},
       {"schedule", "schedule or null", "When it fires again and again",
        [](const P& p) {
          return p.task.schedule ? to_json(schedule_columns(), *p.task.schedule) : Json(nullptr);
        }},
       {"next_at", "time or null", "Its next firing; null when none is known",
        [](const P& p) { return json_of(p.task.next_at); }},
       {"runs_left", "integer or null", "How many more times it runs, where that is bounded",
        [](const P& p) { return json_of(p.task.runs_left); }},
       {"join", "string", "How its edges join: all, any or a number",
        [](const P& p) { return Json(model::to_string(p.task.join)); }},
       {"upstream", "array of task edges", "What it comes after",
        [](const P& p) { return to_json_array(task_edge_columns(), p.upstream); }},
       {"downstream", "array of task edges", "What comes after it",
        [](const P& p) { return to_json_array(task_edge_columns(), p.downstream); }},
       {"on_failure", "array of strings", "The tasks that run when a run of it has failed for good",
        [](const P& p) { return handlers_json(p.handlers, model::HandlerKind::failure); }},
       {"on_success", "array of strings", "The tasks that run when a run of it has succeeded",
        [](const P& p) { return handlers_json(p.handlers, model::HandlerKind::success); }},
       {"fallback", "string or null", "The task that runs in the place of a run that failed",
        [](const P& p) {
          return json_of(handlers_text(p.handlers, model::HandlerKind::fallback));
        }},
       {"runs_for", "array of strings",
        "At whose ends it runs: TASK:failure, TASK:success or TASK:fallback",
        [](const P& p) { return Json(handled_words(p.handled)); }},
       {"max_fails", "array of strings",
        "After how many failures no more start, as --max-fails takes it: N of a flow, TAG=N",
        [](const P& p) { return Json(model::to_words(p.task.max_fails)); }},
       {"paused", "boolean", "No new runs start", [](const P& p) { return Json(p.task.paused); }},
       {"queue", "string", "The queue in which its runs wait",
        [](const P& p) { return Json(p.queue); }},
       {"needs", "string or null", "What it holds while it runs, as --need takes it",
        [](const P& p) { return json_of(model::amounts_to_string(p.task.needs.amounts)); }},
       {"other_needs", "array of strings",
        "What does as well in their place, as --or-need takes it",
        [](const P& p) {
          Json json = Json::array();
          for (const auto& amounts : p.task.needs.others) {
            json.push_back(model::amounts_to_string(amounts));
          }
          return json;
        }},
       {"locks", "array of strings", "The locks that it holds, as --lock takes them",
        [](const P& p) {
          Json json = Json::array();
          for (const model::Lock& lock : p.task.needs.locks) {
            json.push_back(model::to_string(lock));
          }
          return json;
        }},
       {"deadline", "string or null", "By when its runs are to have ended, as --deadline takes it",
        [](const P& p) { return deadline_json(p.task.deadlines.soft); }},
       {"hard_deadline", "string or null", "The same of its hard one",
        [](const P& p) { return deadline_json(p.task.deadlines.hard); }},
       {"priority", "integer", "Higher goes first",
        [](const P& p) { return Json(p.task.priority); }},
       {"tags", "array of strings", "Its tags, sorted",
        [](const P& p) { return Json(p.task.tags); }},
       {"retries", "integer", "Further attempts after the first",
        [](const P& p) { return Json(p.task.retry.retries); }},
       {"backoff", "string", "How long to wait before the next attempt, as --backoff takes it",
        [](const P& p) { return Json(model::to_string(p.task.retry.backoff)); }},
       {"retry_on", "string or null", "As --retry-on takes it; null: any failure and timeout",
        [](const P& p) {
          return p.task.retry.retry_on ? Json(model::to_string(*p.task.retry.retry_on))
                                       : Json(nullptr);
        }},
       {"no_retry_on", "string or null", "As --no-retry-on takes it",
        [](const P& p) {
          return p.task.retry.no_retry_on.empty()
                     ? Json(nullptr)
                     : Json(model::to_string(p.task.retry.no_retry_on));
        }},
       {"breaker", "string or null", "What opens its breaker, as --breaker takes it",
        [](const P& p) {
          return p.task.breaker ? Json(model::to_string(*p.task.breaker)) : Json(nullptr);
        }},
       {"breaker_cooldown_ms", "integer or null", "How long it then stays open",
        [](const P& p) {
          return p.task.breaker ? Json(p.task.breaker_cooldown.count()) : Json(nullptr);
        }},
       {"guard", "guard or null", "How its breaker stands",
        [](const P& p) { return guard_json(p.guard); }},
       {"timeout_ms", "integer or null", "Of an attempt, by the wall",
        [](const P& p) { return duration_json(p.task.timeout); }},
       {"idle_timeout_ms", "integer or null", "Longest time without output",
        [](const P& p) { return duration_json(p.task.idle_timeout); }},
       {"grace_kill_ms", "integer", "From SIGTERM to SIGKILL",
        [](const P& p) { return Json(p.task.grace_kill.count()); }},
       {"limits", "object",
        "cpu_s, memory_bytes, file_size_bytes, open_files, processes, core_bytes; null where none",
        [](const P& p) { return limits_json(p.task.limits); }},
       {"nice", "integer or null", "Its niceness", [](const P& p) { return json_of(p.task.nice); }},
       {"preemptible", "boolean",
        "Its runs give way to those of queues that preempt, and for want of memory",
        [](const P& p) { return Json(p.task.preemptible); }},
       {"contain", "boolean", "It runs in a PID namespace of its own",
        [](const P& p) { return Json(p.task.contain); }},
       {"directory", "string", "Where it runs",
        [](const P& p) { return Json(p.task.surroundings.directory); }},
       {"umask", "integer", "Its umask, as a number",
        [](const P& p) { return Json(p.task.surroundings.umask); }},
       {"environment", "object of strings", "What is kept of the environment; secrets as ***",
        environment_json},
       {"env_file", "string or null", "Read at each start",
        [](const P& p) { return json_of(p.task.env_file); }},
       {"stdin_file", "string or null", "What it reads",
        [](const P& p) { return json_of(p.task.stdin_file); }},
       {"stdin_bytes", "integer or null", "Length of the text that is kept for it to read",
        [](const P& p) {
          return p.task.stdin_text ? Json(p.task.stdin_text->size()) : Json(nullptr);
        }},
       {"split_output", "boolean", "stdout and stderr go to logs of their own",
        [](const P& p) { return Json(p.task.split_output); }},
       {"log_limit_bytes", "integer", "The cap of a log",
        [](const P& p) { return Json(p.task.log_limit_bytes); }},
       {"created_at", "time", "When it was added",
        [](const P& p) { return json_of(p.task.created_at); }},
       {"runs", "array of runs", "The newest fifty, newest first",
        [](const P& p) { return to_json_array(run_columns(), p.runs); }}});
  return columns;
}

}  // namespace sched::render
