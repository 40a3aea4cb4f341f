#include "render/task_page.hpp"

#include "base/text.hpp"
#include "render/command_text.hpp"
#include "render/details.hpp"
#include "render/machine_details.hpp"
#include "render/phrase.hpp"
#include "render/safe_text.hpp"
#include "render/schedule_columns.hpp"
#include "security/redact.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::render {
namespace {

constexpr std::size_t k_edges_shown = 12;

std::string edges_text(const std::vector<TaskEdge>& edges) {
  std::vector<std::string> words;
  for (const TaskEdge& edge : edges) {
    if (words.size() == k_edges_shown) {
      words.push_back(fmt::format("and {} more",
                                  grouped(static_cast<std::int64_t>(edges.size() - words.size()))));
      break;
    }
    words.push_back(edge.condition.kind == model::Condition::Kind::success
                        ? edge.label
                        : edge.label + ":" + model::to_string(edge.condition));
  }
  return base::join(words, ", ");
}

std::string handled_text(const std::vector<HandlerEdge>& handled) {
  std::vector<std::string> words = handled_words(handled);
  if (words.size() > k_edges_shown) {
    const std::size_t more = words.size() - k_edges_shown;
    words.resize(k_edges_shown);
    words.push_back(fmt::format("and {} more", grouped(static_cast<std::int64_t>(more))));
  }
  return base::join(words, ", ");
}

std::string schedule_text(const model::Task& task, time::Instant now) {
  switch (task.trigger) {
    case model::TriggerKind::once:
      return task.at ? "once, " + moment(*task.at, now) : "once";
    case model::TriggerKind::upstream:
      return "when what it comes after has ended";
    case model::TriggerKind::manual:
      return "by hand: sched start " + model::label(task);
    case model::TriggerKind::timed:
      return task.schedule ? timers_text(*task.schedule) : "";
  }
  return "";
}

std::string next_text(const model::Task& task, time::Instant now) {
  if (!task.schedule) {
    return "";
  }
  if (task.awaits_end) {
    return "once its run has ended";
  }
  return task.next_at ? moment(*task.next_at, now) : "never";
}

std::string retry_text(const model::RetryPolicy& retry) {
  if (retry.retries == 0) {
    return "";
  }
  std::string text = fmt::format("{}, backoff {}", retry.retries, model::to_string(retry.backoff));
  if (retry.retry_on) {
    text += ", on " + model::to_string(*retry.retry_on);
  }
  if (!retry.no_retry_on.empty()) {
    text += ", not on " + model::to_string(retry.no_retry_on);
  }
  return text;
}

std::string environment_text(const model::Task& task) {
  std::vector<std::string> words;
  for (const auto& [name, value] : task.surroundings.environment) {
    words.push_back(name + "=" + base::shell_quote(security::redact_value(name, value)));
  }
  return base::join(words, " ");
}

std::string input_text(const model::Task& task) {
  if (!task.stdin_file.empty()) {
    return task.stdin_file;
  }
  return task.stdin_text ? fmt::format("{} of text", size(task.stdin_text->size())) : "";
}

std::string duration_text(time::Duration duration) {
  return duration.count() == 0 ? "" : time::to_string(duration);
}

std::string output_text(const model::Task& task) {
  std::vector<std::string> words;
  if (task.split_output) {
    words.emplace_back("stdout and stderr apart");
  }
  if (task.log_limit_bytes != model::k_default_log_limit) {
    words.push_back("at most " + model::size_to_string(task.log_limit_bytes));
  }
  return base::join(words, ", ");
}

std::string deadline_text(const model::Deadline& deadline, time::Instant now) {
  return deadline.within ? time::to_string(*deadline.within) + " after its nominal time"
                         : moment(*deadline.at, now);
}

std::string deadlines_text(const model::TaskDeadlines& deadlines, time::Instant now) {
  std::vector<std::string> words;
  if (deadlines.soft) {
    words.push_back(deadline_text(*deadlines.soft, now));
  }
  if (deadlines.hard) {
    words.push_back("hard: " + deadline_text(*deadlines.hard, now));
  }
  return base::join(words, "; ");
}

std::string amounts_of(const model::Needs& needs) {
  std::string text = model::amounts_to_string(needs.amounts);
  for (const std::vector<model::Need>& other : needs.others) {
    text += ", or " + model::amounts_to_string(other);
  }
  return text;
}

std::string max_fails_text(const model::MaxFails& bounds) {
  std::vector<std::string> words;
  if (bounds.of_flow > 0) {
    words.push_back(fmt::format("{} of a flow", bounds.of_flow));
  }
  for (const auto& [tag, most] : bounds.of_tags) {
    words.push_back(fmt::format("{} of the tag {}", most, tag));
  }
  return base::join(words, ", ");
}

std::string locks_of(const model::Needs& needs) {
  std::string text;
  for (const model::Lock& lock : needs.locks) {
    text += (text.empty() ? "" : ", ") + model::to_string(lock);
  }
  return text;
}

void insert_machine(std::vector<Detail>& details, const model::Task& task) {
  const auto place = std::find_if(details.begin(), details.end(),
                                  [](const Detail& one) { return one.label == "Contained"; });
  const auto machine = machine_details(task);
  details.insert(place, machine.begin(), machine.end());
}

std::vector<Detail> details_of(const TaskPage& page, time::Instant now) {
  const model::Task& task = page.task;
  const bool default_grace = task.grace_kill == model::k_default_grace_kill;
  std::vector<Detail> details = {
      {"Task", {fmt::format("{} (id {})", model::label(task), task.id.value), Tone::strong}},
      {"State", {task.paused ? "paused: no new runs start" : "", Tone::warn}},
      {"Command", {command_text(task.command)}},
      {"Shell", {task.command.shell ? "/bin/sh -c" : ""}},
      {"When", {schedule_text(task, now)}},
      {"", {task.schedule ? bounds_text(*task.schedule) : ""}},
      {"Next", {next_text(task, now)}},
      {"After", {edges_text(page.upstream)}},
      {"Join", {task.join.kind == model::Join::Kind::all ? "" : model::to_string(task.join)}},
      {"Before", {edges_text(page.downstream)}},
      {"On failure", {handlers_text(page.handlers, model::HandlerKind::failure)}},
      {"On success", {handlers_text(page.handlers, model::HandlerKind::success)}},
      {"Fallback", {handlers_text(page.handlers, model::HandlerKind::fallback)}},
      {"Max fails", {max_fails_text(task.max_fails)}},
      {"Runs for", {handled_text(page.handled)}},
      {"Tags", {base::join(task.tags, ", ")}},
      {"Key", {task.key}},
      {"Queue", {page.queue == "default" ? "" : page.queue}},
      {"Needs", {amounts_of(task.needs)}},
      {"Locks", {locks_of(task.needs)}},
      {"Deadline", {deadlines_text(task.deadlines, now)}},
      {"Priority", {task.priority == 0 ? "" : fmt::format("{}", task.priority)}},
      {"Retries", {retry_text(task.retry)}},
      {"Breaker", breaker_cell(page.guard, {now})},
      {"Timeout", {duration_text(task.timeout)}},
      {"Idle timeout", {duration_text(task.idle_timeout)}},
      {"Grace to end", {default_grace ? "" : time::to_string(task.grace_kill)}},
      {"Limits", {task.limits.empty() ? "" : model::to_string(task.limits)}},
      {"Nice", {task.nice ? fmt::format("{}", *task.nice) : ""}},
      {"Preemptible",
       {task.preemptible ? "it gives way to runs of queues that preempt, and for want of memory"
                         : ""}},
      {"Contained", {task.contain ? "in a PID namespace of its own" : ""}},
      {"Input", {input_text(task)}},
      {"Output", {output_text(task)}},
      {"Directory", {task.surroundings.directory}},
      {"Umask", {fmt::format("{:04o}", task.surroundings.umask)}},
      {"Environment", {environment_text(task)}},
      {"Environment file", {task.env_file}},
      {"Added", {moment(task.created_at, now)}},
  };
  insert_machine(details, task);
  return details;
}

}  // namespace

std::string to_text(const TaskPage& page, const View& view) {
  std::string text = to_text(details_of(page, view.now), view.width, view.style);
  if (page.runs.empty()) {
    return text + "\nNo run yet.\n";
  }
  text += "\n" + to_table(run_columns(), page.runs, view);
  if (page.more_runs) {
    text += view.style.paint(
        Tone::dim, fmt::format("older ones: sched runs {}\n", safe(model::label(page.task))));
  }
  return text;
}

}  // namespace sched::render
