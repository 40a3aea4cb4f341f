#include "cli/select.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

constexpr int k_names_looked_at = 20'000;

std::optional<std::int64_t> number_behind(const std::string& word, std::string_view prefix) {
  if (!std::string_view(word).starts_with(prefix)) {
    return std::nullopt;
  }
  const auto number = base::parse_int(std::string_view(word).substr(prefix.size()));
  return number && *number > 0 ? number : std::nullopt;
}

base::Error no_such(store::Store& store, const char* kind, const std::string& word) {
  const auto names = store.tasks().names(k_names_looked_at);
  return {base::ErrorKind::not_found, fmt::format("there is no {} {}", kind, base::quote(word)),
          base::did_you_mean(word, names, "'sched list' shows all tasks, 'sched runs' all runs")};
}

std::optional<model::TaskId> find_task(store::Store& store, const std::string& word) {
  if (word == "last") {
    return store.tasks().newest();
  }
  if (const auto named = store.tasks().find_by_name(word)) {
    return named;
  }
  auto id = number_behind(word, "task-");
  if (!id) {
    id = number_behind(word, "");
  }
  if (id && store.tasks().exists(model::TaskId(*id))) {
    return model::TaskId(*id);
  }
  return std::nullopt;
}

}  // namespace

model::TaskId select_task(store::Store& store, const std::string& word) {
  const auto found = find_task(store, word);
  if (!found) {
    if (const auto run = number_behind(word, "run-")) {
      throw base::Error(base::ErrorKind::not_found,
                        fmt::format("{} is a run, and a task is wanted", base::quote(word)),
                        "name its task, or the task's id");
    }
    throw no_such(store, "task", word);
  }
  return *found;
}

Target select(store::Store& store, const std::string& word) {
  if (const auto id = number_behind(word, "run-")) {
    const model::RunId run(*id);
    if (!store.runs().find(run)) {
      throw base::Error(base::ErrorKind::not_found,
                        fmt::format("there is no run {}", base::quote(word)),
                        "'sched runs' shows all runs");
    }
    return {std::nullopt, run};
  }
  const auto task = find_task(store, word);
  if (!task) {
    throw no_such(store, "task or run", word);
  }
  return {task, std::nullopt};
}

model::Run select_run(store::Store& store, const std::string& word) {
  const Target target = select(store, word);
  if (target.run) {
    return store.runs().run(*target.run);
  }
  auto newest = store.runs().newest_of(*target.task);
  if (!newest) {
    throw base::Error(base::ErrorKind::not_found,
                      fmt::format("{} has no run yet", store.tasks().label(*target.task)),
                      "its runs come with its trigger, or with 'sched start'");
  }
  return std::move(*newest);
}

std::vector<model::RunId> select_unfinished(store::Store& store, const std::string& word) {
  const Target target = select(store, word);
  if (!target.run) {
    return store.runs().unfinished_of(*target.task);
  }
  if (store.runs().run(*target.run).state == model::RunState::finished) {
    return {};
  }
  return {*target.run};
}

std::vector<model::TaskId> select_timed_tasks(store::Store& store,
                                              const std::vector<std::string>& words) {
  std::vector<model::TaskId> tasks;
  for (const std::string& word : words) {
    const model::TaskId task = select_task(store, word);
    if (std::find(tasks.begin(), tasks.end(), task) == tasks.end()) {
      tasks.push_back(task);
    }
  }
  if (words.empty()) {
    for (const store::TaskRow& row : store.listing().tasks({}).rows) {
      if (row.trigger == model::TriggerKind::timed) {
        tasks.push_back(row.id);
      }
    }
    std::reverse(tasks.begin(), tasks.end());
  }
  return tasks;
}

}  // namespace sched::cli
