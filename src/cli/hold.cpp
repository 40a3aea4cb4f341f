#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/select.hpp"
#include "worker/by_hand.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

struct HoldOptions {
  std::vector<std::string> targets;
};

/// Applies `move` to every unfinished run that is meant; it answers whether it did something.
template <typename Move>
int for_each_run(Session& session, const HoldOptions& options, const char* done,
                 const char* nothing, Move move) {
  store::Store& store = session.store();
  std::vector<std::string> lines;
  {
    store::Transaction change(store.db());
    for (const std::string& target : options.targets) {
      bool any = false;
      for (const model::RunId run : select_unfinished(store, target)) {
        if (move(store, run)) {
          any = true;
          lines.push_back(fmt::format("{} {} ({})", done,
                                      store.tasks().label(store.runs().run(run).task),
                                      model::label(run)));
        }
      }
      if (!any) {
        lines.push_back(fmt::format("{}: {}", target, nothing));
      }
    }
    change.commit();
  }
  session.changed();
  for (const std::string& line : lines) {
    session.print(line + "\n");
  }
  return 0;
}

int hold(Session& session, const HoldOptions& options) {
  return for_each_run(session, options, "held", "nothing waits that could be held",
                      [](store::Store& store, model::RunId run) { return store.runs().hold(run); });
}

int release(Session& session, const HoldOptions& options) {
  const time::Instant now = session.now();
  return for_each_run(session, options, "released", "nothing is held",
                      [now](store::Store& store, model::RunId run) {
                        return worker::release_run(store, run, now);
                      });
}

void offer(CLI::App& command, Session& session, int (*act)(Session&, const HoldOptions&)) {
  auto options = std::make_shared<HoldOptions>();
  required(offer_targets(command, options->targets, "TARGET",
                         "Tasks (all their unfinished runs) or runs (run-17)"));
  when_chosen(command, [options, &session, act] { session.exit_code = act(session, *options); });
}

}  // namespace

void offer_hold(CLI::App& command, Session& session) {
  offer(command, session, hold);
}

void offer_release(CLI::App& command, Session& session) {
  offer(command, session, release);
}

}  // namespace sched::cli
