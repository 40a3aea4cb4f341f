#include "simulation/people.hpp"

#include "cli/change_task.hpp"
#include "cli/guards.hpp"
#include "cli/keep.hpp"
#include "cli/queue_change.hpp"

#include <fmt/format.h>

namespace sched::simulation {
namespace {

const security::Environment k_environment;

cli::DraftContext context_at(time::Instant now) {
  return {now, "/", &k_environment};
}

}  // namespace

void open_queue(store::Store& store, const std::string& name, time::Instant now) {
  cli::QueueFields fields;
  fields.slots = name == "eager" ? "3" : "2";
  fields.policy = name == "fair" ? "fair" : name == "due" ? "deadline" : "priority";
  fields.fair_by = name == "fair" ? "tag" : "";
  fields.half_life = name == "fair" ? "10m" : "";
  fields.guarantee = name == "due" ? "1" : "";
  fields.backfill = name == "eager" ? "eager" : "";
  if (name == "fair") {
    fields.shares = {"red=3"};
  }
  store::Transaction change(store.db());
  if (!store.queues().find(name)) {
    cli::add_queue(store, name, fields, now);
    change.commit();
  }
}

void guard_tag(store::Store& store, const std::string& tag, time::Instant now) {
  cli::GuardFields fields;
  fields.rate = tag == "slow" ? "10/min" : "";
  fields.burst = tag == "slow" ? "2" : "";
  fields.breaker = tag == "slow" ? "" : "2";
  fields.cooldown = tag == "slow" ? "" : "30s";
  store::Transaction change(store.db());
  cli::change_guard(store, cli::guard_of_tag(store, tag), fields, now);
  change.commit();
}

model::TaskId add_task(store::Store& store, const std::string& name, const Fields& fields,
                       time::Instant now) {
  cli::TaskDraft draft;
  draft.task.name = name;
  draft.task.command.argv = {"work"};
  draft.task.surroundings.directory = "/";
  std::vector<std::string> after;
  std::vector<std::string> deadlines;
  for (const auto& [field, value] : fields) {
    if (field == "after") {
      after.push_back(value);
    } else if (field == "deadline") {
      deadlines.push_back(value);
    } else if (field == "command") {
      draft.task.command.argv = {value};
    } else {
      cli::read_new_field(*cli::find_task_field(field), context_at(now), draft, {value});
    }
  }
  if (!after.empty()) {
    cli::read_new_field(*cli::find_task_field("after"), context_at(now), draft, after);
  }
  if (!deadlines.empty()) {
    cli::read_new_field(*cli::find_task_field("deadline"), context_at(now), draft, deadlines);
  }
  std::vector<cli::TaskDraft> drafts = {draft};
  std::vector<cli::DraftError> errors;
  store::Transaction change(store.db());
  const auto kept = cli::keep_tasks(store, drafts, cli::IfExists::usual, now, errors);
  if (!errors.empty()) {
    throw errors.front().error;
  }
  change.commit();
  return kept.front().id;
}

void change_task(store::Store& store, model::TaskId task, const Fields& fields, time::Instant now) {
  cli::TaskChange change;
  for (const auto& [field, value] : fields) {
    if (!change.fields.empty() && change.fields.back().first == field) {
      change.fields.back().second.push_back(value);
    } else {
      change.fields.emplace_back(field, std::vector<std::string>{value});
    }
  }
  std::vector<std::string> warnings;
  store::Transaction work(store.db());
  cli::change_task(store, context_at(now), task, change, warnings);
  work.commit();
}

std::string to_string(const Fields& fields) {
  std::string text;
  for (const auto& [field, value] : fields) {
    text += fmt::format("{}--{} {}", text.empty() ? "" : " ", field,
                        value.find(' ') == std::string::npos ? value : "'" + value + "'");
  }
  return text;
}

bool is_endless(const std::vector<std::string>& argv) {
  return argv.front() == "endless";
}

}  // namespace sched::simulation
