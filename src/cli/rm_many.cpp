#include "cli/rm_many.hpp"

#include "cli/chunks.hpp"
#include "exec/output_log.hpp"
#include "render/phrase.hpp"

#include <fmt/format.h>

#include <set>

namespace sched::cli {
namespace {

/// With everything that comes after them, at whatever distance.
std::vector<model::TaskId> with_all_below(store::Store& store, std::vector<model::TaskId> tasks) {
  std::set<model::TaskId> known(tasks.begin(), tasks.end());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    for (const model::Dependency& edge : store.tasks().downstream_of(tasks[i])) {
      if (known.insert(edge.task).second) {
        tasks.push_back(edge.task);
      }
    }
  }
  return {known.rbegin(), known.rend()};
}

bool is_running(store::Store& store, model::TaskId task) {
  for (const model::RunId run : store.runs().unfinished_of(task)) {
    if (store.runs().run(run).state == model::RunState::running) {
      return true;
    }
  }
  return false;
}

/// What became of the tasks in one pass over them.
struct Pass {
  std::vector<model::Run> gone;        ///< Runs of the transaction that is open; their logs follow.
  std::vector<model::TaskId> blocked;  ///< Others come after them, or have them as handlers.
  std::int64_t running = 0;
};

bool remove(store::Store& store, model::TaskId task, Pass& pass) {
  if (!store.tasks().exists(task)) {
    return false;
  }
  if (!store.tasks().downstream_of(task).empty() || !store.handlers().handled_by(task).empty()) {
    pass.blocked.push_back(task);
    return false;
  }
  if (is_running(store, task)) {
    ++pass.running;
    return false;
  }
  for (model::Run& run : store.runs().of_task(task, -1)) {
    pass.gone.push_back(std::move(run));
  }
  store.tasks().remove(task);
  return true;
}

}  // namespace

int rm_many(Session& session, std::vector<model::TaskId> tasks, bool cascade) {
  store::Store& store = session.store();
  if (cascade) {
    tasks = with_all_below(store, std::move(tasks));
  }
  const std::size_t count = tasks.size();
  ChunksDone work;
  std::int64_t running = 0;
  // The newest first, so what comes after others has mostly gone before them; what has not is
  // tried again for as long as that brings something.
  while (!tasks.empty() && !work.interrupted) {
    Pass pass;
    const ChunksDone part = in_chunks(
        session, "removing", tasks.size(),
        [&](std::size_t i) { return remove(store, tasks[i], pass); },
        [&] {
          for (const model::Run& run : pass.gone) {
            exec::remove_logs(store.places().logs(), run.id, run.attempts);
          }
          pass.gone.clear();
        });
    work.done += part.done;
    work.interrupted = part.interrupted;
    running += pass.running;
    tasks = std::move(pass.blocked);
    if (part.done == 0) {
      break;
    }
  }
  const int code = report_chunks(session, "removed", work, count, "task");
  if (running > 0) {
    session.note(fmt::format("kept: {} that is running; 'sched cancel' ends it",
                             render::count(running, "task")));
  }
  const auto handlers = static_cast<std::int64_t>(std::erase_if(tasks, [&](model::TaskId task) {
    return store.tasks().downstream_of(task).empty();  // So it was the other that kept it.
  }));
  if (handlers > 0 && !work.interrupted) {
    session.note(
        fmt::format("kept: {} that runs at the ends of others; 'sched edit' with "
                    "--on-failure '', --on-success '' or --fallback '' unties it",
                    render::count(handlers, "task")));
  }
  if (!tasks.empty() && !work.interrupted) {
    session.note(fmt::format("kept: {} that others come after; --cascade removes those too",
                             render::count(static_cast<std::int64_t>(tasks.size()), "task")));
  }
  return code;
}

}  // namespace sched::cli
