#include "cli/purge_runs.hpp"

#include "base/error.hpp"
#include "cli/prune_logs.hpp"
#include "render/phrase.hpp"
#include "store/prune.hpp"

#include <fmt/format.h>

namespace sched::cli {

int purge_runs(Session& session, const std::vector<model::RunId>& runs) {
  store::Store& store = session.store();
  PruneLogs logs(exec::list_log_files(store.places().logs()));
  std::set<model::RunId> stay(runs.begin(), runs.end());
  const auto wanted = static_cast<std::int64_t>(stay.size());
  const auto plan = store::plan_removal(store, stay, logs.sizes());
  std::int64_t tasks = 0;
  store::prune(store, plan.units, [&](const std::vector<const store::PruneUnit*>& units) {
    for (const store::PruneUnit* unit : units) {
      tasks += unit->task ? 1 : 0;
      for (const store::PrunedRun& run : unit->runs) {
        logs.remove(run.id);
        stay.erase(run.id);
      }
    }
  });
  store::prune_surroundings(store);
  logs.remove_empty_directories(store);
  session.changed();
  session.print(fmt::format("removed {} and {}\n",
                            render::count(wanted - static_cast<std::int64_t>(stay.size()), "run"),
                            render::count(tasks, "task")));
  if (stay.empty()) {
    return 0;
  }
  session.note(
      fmt::format("{} ({}{}): what stays needs it, or it is the newest run of a task that goes on",
                  render::count(static_cast<std::int64_t>(stay.size()), "run") + " stayed",
                  model::label(*stay.begin()), stay.size() > 1 ? ", ..." : ""));
  session.note("'sched dead resolve' takes it from the list");
  return base::exit_code(base::ErrorKind::refused);
}

}  // namespace sched::cli
