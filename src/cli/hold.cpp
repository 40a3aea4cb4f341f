#include "cli/choice.hpp"
#include "cli/chunks.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/select.hpp"
#include "worker/by_hand.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

struct Verbs {
  const char* doing;
  const char* done;
  const char* nothing;
};

/// Applies `move` to every unfinished run that is meant; it answers whether it did something.
template <typename Move>
int for_each_run(Session& session, const ChoiceOptions& options, const Verbs& words, Move move) {
  store::Store& store = session.store();
  if (chooses_many(options)) {
    const auto runs = choose_unfinished(session, options);
    const ChunksDone work = in_chunks(session, words.doing, runs.size(),
                                      [&](std::size_t i) { return move(store, runs[i]); });
    return report_chunks(session, words.done, work, runs.size(), "run");
  }
  std::vector<std::string> lines;
  {
    store::Transaction change(store.db());
    for (const std::string& target : options.targets) {
      bool any = false;
      for (const model::RunId run : select_unfinished(store, target)) {
        if (move(store, run)) {
          any = true;
          lines.push_back(fmt::format("{} {} ({})", words.done,
                                      store.tasks().label(store.runs().run(run).task),
                                      model::label(run)));
        }
      }
      if (!any) {
        lines.push_back(fmt::format("{}: {}", target, words.nothing));
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

int hold(Session& session, const ChoiceOptions& options) {
  return for_each_run(session, options, {"holding", "held", "nothing waits that could be held"},
                      [](store::Store& store, model::RunId run) { return store.runs().hold(run); });
}

int release(Session& session, const ChoiceOptions& options) {
  const time::Instant now = session.now();
  return for_each_run(session, options, {"releasing", "released", "nothing is held"},
                      [now](store::Store& store, model::RunId run) {
                        return worker::release_run(store, run, now);
                      });
}

void offer(CLI::App& command, Session& session, int (*act)(Session&, const ChoiceOptions&)) {
  auto options = std::make_shared<ChoiceOptions>();
  offer_choice(command, *options, "TARGET",
               "Tasks (all their unfinished runs), patterns, runs (run-17), or - for stdin",
               ChoiceFilters::states);
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
