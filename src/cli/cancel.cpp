#include "cli/choice.hpp"
#include "cli/chunks.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/select.hpp"
#include "exec/presence.hpp"
#include "worker/by_hand.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

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

void warn_without_worker(Session& session) {
  if (exec::living_workers(session.store().places().launchers()).empty()) {
    session.warn("no worker is running: what runs is ended when one starts");
  }
}

int cancel_many(Session& session, const ChoiceOptions& options) {
  store::Store& store = session.store();
  const auto runs = choose_unfinished(session, options);
  bool any_running = false;
  const ChunksDone work = in_chunks(session, "cancelling", runs.size(), [&](std::size_t i) {
    const auto effect = worker::cancel_run(store, runs[i], session.now());
    any_running = any_running || effect == worker::CancelEffect::ending;
    return effect != worker::CancelEffect::nothing;
  });
  if (any_running) {
    warn_without_worker(session);
  }
  return report_chunks(session, "cancelled", work, runs.size(), "run");
}

int cancel(Session& session, const ChoiceOptions& options) {
  if (chooses_many(options)) {
    return cancel_many(session, options);
  }
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
  if (done.any_running) {
    warn_without_worker(session);
  }
  return 0;
}

}  // namespace

void offer_cancel(CLI::App& command, Session& session) {
  auto options = std::make_shared<ChoiceOptions>();
  offer_choice(command, *options, "TARGET",
               "Tasks (all their unfinished runs), patterns, runs (run-17), or - for stdin",
               ChoiceFilters::states);
  when_chosen(command, [options, &session] { session.exit_code = cancel(session, *options); });
}

}  // namespace sched::cli
