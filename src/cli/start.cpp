#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/select.hpp"
#include "cli/wait_for.hpp"
#include "worker/by_hand.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

struct StartOptions {
  std::vector<std::string> tasks;
  bool quiet = false;
  bool wait = false;
  bool exit_code = false;
};

int start(Session& session, const StartOptions& options) {
  require_wait(options.wait, options.exit_code);
  store::Store& store = session.store();
  std::vector<model::RunId> runs;
  std::vector<std::string> names;
  {
    store::Transaction change(store.db());
    for (const std::string& word : options.tasks) {
      const model::Task task = store.tasks().task(select_task(store, word));
      runs.push_back(worker::start_task(store, task, session.now()));
      names.push_back(model::label(task));
      if (task.paused) {
        session.warn(fmt::format("{} is paused: the run waits until 'sched resume {}'",
                                 names.back(), names.back()));
      }
    }
    change.commit();
  }
  session.changed();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    session.print(options.quiet
                      ? fmt::format("{}\n", model::label(runs[i]))
                      : fmt::format("started {} ({})\n", names[i], model::label(runs[i])));
  }
  std::fflush(stdout);
  if (!options.wait) {
    return 0;
  }
  WaitOptions waiting;
  waiting.exit_code = options.exit_code;
  return wait_for(session, runs, waiting);
}

}  // namespace

void offer_start(CLI::App& command, Session& session) {
  auto options = std::make_shared<StartOptions>();
  required(offer_targets(command, options->tasks, "TASK", "Name, id, or 'last' for the newest"));
  offer_flag(command, "--wait", options->wait, "Wait until it has ended");
  offer_flag(command, "--exit-code", options->exit_code,
             "With --wait: end with the command's own exit code");
  offer_flag(command, "-q,--quiet", options->quiet, "Print the id of the run alone");
  when_chosen(command, [options, &session] { session.exit_code = start(session, *options); });
}

}  // namespace sched::cli
