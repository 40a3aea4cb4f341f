#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/select.hpp"
#include "exec/presence.hpp"
#include "worker/by_hand.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

struct CancelOptions {
  std::vector<std::string> targets;
};

struct Cancelled {
  std::vector<std::string> lines;
  bool any_running = false;
};

void cancel_run(store::Store& store, model::RunId id, time::Instant now, Cancelled& done) {
  const model::Run run = store.runs().run(id);
  const std::string name = fmt::format("{} ({})", store.tasks().label(run.task), model::label(id));
  switch (worker::cancel_run(store, id, now)) {
    case worker::CancelEffect::nothing:
      break;
    case worker::CancelEffect::ending:
      done.lines.push_back(fmt::format("ending {}", name));
      done.any_running = true;
      break;
    case worker::CancelEffect::cancelled:
      done.lines.push_back(fmt::format("cancelled {}", name));
      break;
  }
}

int cancel(Session& session, const CancelOptions& options) {
  store::Store& store = session.store();
  Cancelled done;
  {
    store::Transaction change(store.db());
    for (const std::string& target : options.targets) {
      const auto runs = select_unfinished(store, target);
      if (runs.empty()) {
        done.lines.push_back(fmt::format("{}: nothing to cancel", target));
      }
      for (const model::RunId run : runs) {
        cancel_run(store, run, session.now(), done);
      }
    }
    change.commit();
  }
  session.changed();
  for (const std::string& line : done.lines) {
    session.print(line + "\n");
  }
  if (done.any_running && exec::living_workers(store.places().launchers()).empty()) {
    session.warn("no worker is running: what runs is ended when one starts");
  }
  return 0;
}

}  // namespace

void offer_cancel(CLI::App& command, Session& session) {
  auto options = std::make_shared<CancelOptions>();
  required(offer_targets(command, options->targets, "TARGET",
                         "Tasks (all their unfinished runs) or runs (run-17)"));
  when_chosen(command, [options, &session] { session.exit_code = cancel(session, *options); });
}

}  // namespace sched::cli
