#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/choice.hpp"
#include "cli/handlers.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/rm_many.hpp"
#include "cli/select.hpp"
#include "exec/output_log.hpp"
#include "rules/dag.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

struct RmOptions {
  ChoiceOptions choice;
  bool cascade = false;
};

std::vector<model::TaskId> below(store::Store& store, model::TaskId task) {
  std::vector<model::TaskId> found;
  for (const model::Dependency& edge : store.tasks().downstream_of(task)) {
    found.push_back(edge.task);
  }
  return found;
}

/// The tasks to remove, each behind all that come after it.
std::vector<model::TaskId> choose(store::Store& store, const RmOptions& options) {
  std::vector<model::TaskId> chosen;
  const auto take = [&](model::TaskId task) {
    if (std::find(chosen.begin(), chosen.end(), task) == chosen.end()) {
      chosen.push_back(task);
    }
  };
  for (const std::string& word : options.choice.targets) {
    const model::TaskId task = select_task(store, word);
    if (!options.cascade) {
      take(task);
      continue;
    }
    for (const model::TaskId each :
         rules::in_order(task, [&](model::TaskId here) { return below(store, here); })) {
      take(each);
    }
  }
  for (const model::TaskId task : chosen) {
    for (const model::TaskId dependent : below(store, task)) {
      if (std::find(chosen.begin(), chosen.end(), dependent) == chosen.end()) {
        throw base::bad_input(
            fmt::format("{} comes after {}", store.tasks().label(dependent),
                        store.tasks().label(task)),
            "--cascade removes what comes after it too; 'sched edit --after' unties it");
      }
    }
    for (const model::Handler& handled : store.handlers().handled_by(task)) {
      if (std::find(chosen.begin(), chosen.end(), handled.task) == chosen.end()) {
        throw base::bad_input(
            fmt::format("{} runs at the ends of {}", store.tasks().label(task),
                        handled_names(store, task)),
            fmt::format("'sched edit {} --{} \"\"' unties it", store.tasks().label(handled.task),
                        model::option_of(handled.kind)));
      }
    }
    const auto unfinished = store.runs().unfinished_of(task);
    for (const model::RunId run : unfinished) {
      if (store.runs().run(run).state == model::RunState::running) {
        throw base::bad_input(
            fmt::format("{} is running", store.tasks().label(task)),
            fmt::format("'sched cancel {}' ends it; then remove it", store.tasks().label(task)));
      }
    }
  }
  return chosen;
}

int rm(Session& session, const RmOptions& options) {
  if (chooses_many(options.choice)) {
    return rm_many(session, choose_tasks(session, options.choice), options.cascade);
  }
  store::Store& store = session.store();
  std::vector<model::Run> runs;
  std::vector<std::string> names;
  {
    store::Transaction change(store.db());
    auto chosen = choose(store, options);
    // Edges point upwards, so what is below goes first. Those of one list may be in any order.
    std::vector<model::TaskId> order;
    for (const model::TaskId task : chosen) {
      for (const model::TaskId each :
           rules::in_order(task, [&](model::TaskId here) { return below(store, here); })) {
        std::erase(order, each);
        order.push_back(each);
      }
    }
    std::reverse(order.begin(), order.end());
    for (const model::TaskId task : order) {
      store.handlers().clear(task);  // Those of all are chosen too, and may go before them.
    }
    for (const model::TaskId task : order) {
      names.push_back(store.tasks().label(task));
      for (model::Run& run : store.runs().of_task(task, -1)) {
        runs.push_back(std::move(run));
      }
      store.tasks().remove(task);
    }
    change.commit();
  }
  for (const model::Run& run : runs) {
    exec::remove_logs(store.places().logs(), run.id, run.attempts);
  }
  session.changed();
  for (const std::string& name : names) {
    session.print(fmt::format("removed {}\n", name));
  }
  return 0;
}

}  // namespace

void offer_rm(CLI::App& command, Session& session) {
  auto options = std::make_shared<RmOptions>();
  offer_choice(command, options->choice, "TASK",
               "Name, id, pattern, 'last' for the newest, or - for stdin", ChoiceFilters::both);
  offer_flag(command, "--cascade", options->cascade, "Remove all that comes after them too");
  when_chosen(command, [options, &session] { session.exit_code = rm(session, *options); });
}

}  // namespace sched::cli
