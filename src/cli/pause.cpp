#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/select.hpp"
#include "worker/by_hand.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

struct PauseOptions {
  std::vector<std::string> tasks;
};

int set_paused(Session& session, const PauseOptions& options, bool paused) {
  store::Store& store = session.store();
  std::vector<std::string> lines;
  {
    store::Transaction change(store.db());
    for (const std::string& word : options.tasks) {
      const model::TaskId task = select_task(store, word);
      worker::set_paused(store, task, paused, session.now());
      lines.push_back(
          fmt::format("{} {}", paused ? "paused" : "resumed", store.tasks().label(task)));
    }
    change.commit();
  }
  session.changed();
  for (const std::string& line : lines) {
    session.print(line + "\n");
  }
  return 0;
}

void offer(CLI::App& command, Session& session, bool paused) {
  auto options = std::make_shared<PauseOptions>();
  required(offer_targets(command, options->tasks, "TASK", "Name, id, or 'last' for the newest"));
  when_chosen(command, [options, &session, paused] {
    session.exit_code = set_paused(session, *options, paused);
  });
}

}  // namespace

void offer_pause(CLI::App& command, Session& session) {
  offer(command, session, true);
}

void offer_resume(CLI::App& command, Session& session) {
  offer(command, session, false);
}

}  // namespace sched::cli
