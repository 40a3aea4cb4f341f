#pragma once

#include "model/run.hpp"
#include "model/task.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::cli {

// How people name things: a task by its name, "task-17", "17", or "last" (the newest); a run by
// "run-17".

/// Throws not_found with the nearest name.
model::TaskId select_task(store::Store& store, const std::string& word);

/// The tasks named by the words, each once; without words every task with a timetable, oldest
/// first.
std::vector<model::TaskId> select_timed_tasks(store::Store& store,
                                              const std::vector<std::string>& words);

/// A task or a run. Throws not_found.
struct Target {
  std::optional<model::TaskId> task;
  std::optional<model::RunId> run;
};
Target select(store::Store& store, const std::string& word);

/// The run that is meant: the run itself, or the newest run of the task. Throws not_found when the
/// task has none yet.
model::Run select_run(store::Store& store, const std::string& word);

/// The unfinished runs that are meant: the run itself, or all of the task's.
std::vector<model::RunId> select_unfinished(store::Store& store, const std::string& word);

}  // namespace sched::cli
