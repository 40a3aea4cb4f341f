#include "cli/wait_for.hpp"

#include "cli/patience.hpp"
#include "cli/reading.hpp"
#include "render/safe_text.hpp"
#include "rules/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace sched::cli {
namespace {

constexpr int k_most_told = 10;
constexpr int k_signal_base = 128;

model::Run find(store::Store& store, model::RunId id) {
  auto run = store.runs().find(id);
  if (!run) {
    throw base::Error(base::ErrorKind::not_found,
                      fmt::format("{} was removed meanwhile", model::label(id)));
  }
  return std::move(*run);
}

/// The run, or when it failed what runs in its place.
model::Run find_in_place(store::Store& store, model::RunId id) {
  model::Run run = find(store, id);
  if (!run.outcome || !model::is_failure(*run.outcome)) {
    return run;
  }
  const model::RunId in_place = store.handlers().in_place_of(id);
  return in_place == id ? run : find(store, in_place);
}

bool has_ended(store::Store& store, model::RunId id) {
  return find_in_place(store, id).state == model::RunState::finished;
}

/// Takes away those that have ended, and is true when enough have. Waiting for all, it looks no
/// further than to the first that is open: ten thousand runs cost no more than one.
bool enough(store::Store& store, std::vector<model::RunId>& open, bool any) {
  if (any) {
    return std::any_of(open.begin(), open.end(),
                       [&](model::RunId id) { return has_ended(store, id); });
  }
  while (!open.empty() && has_ended(store, open.back())) {
    open.pop_back();
  }
  return open.empty();
}

/// Those of the runs whose end counts.
std::vector<render::RunLine> ended(store::Store& store, const std::vector<model::RunId>& runs) {
  std::vector<render::RunLine> lines;
  std::set<model::RunId> told;  // One may run in the place of another.
  for (const model::RunId id : runs) {
    model::Run run = find_in_place(store, id);
    if (run.state == model::RunState::finished && told.insert(run.id).second) {
      std::string label = store.tasks().label(run.task);
      lines.push_back({std::move(run), std::move(label)});
    }
  }
  return lines;
}

void keep_first(std::vector<render::RunLine>& lines) {
  const auto first = std::min_element(lines.begin(), lines.end(), [](const auto& a, const auto& b) {
    return a.run.finished_at < b.run.finished_at;
  });
  lines = {*first};
}

int own_exit_code(store::Store& store, const model::Run& run) {
  const auto attempts = store.attempts().of_run(run.id);
  if (attempts.size() <= static_cast<std::size_t>(run.spent_attempts) || !attempts.back().ending) {
    return run.outcome == model::Outcome::succeeded ? 0 : 1;
  }
  const model::Ending& ending = *attempts.back().ending;
  switch (ending.kind) {
    case model::Ending::Kind::exited:
      return ending.code;
    case model::Ending::Kind::signalled:
      return k_signal_base + ending.code;
    case model::Ending::Kind::not_executed:
    case model::Ending::Kind::not_begun:
    case model::Ending::Kind::lost:
      return 1;
  }
  return 1;
}

int tell(Session& session, const std::vector<render::RunLine>& lines, const WaitOptions& options) {
  if (session.json) {
    print_json(session, render::to_json_array(render::run_columns(), lines));
  }
  int bad = 0;
  for (const render::RunLine& line : lines) {
    if (line.run.outcome == model::Outcome::succeeded) {
      continue;
    }
    if (++bad <= k_most_told && !session.json) {
      session.note(render::safe(fmt::format("{} of {} {}: {}", model::label(line.run.id), line.task,
                                            rules::told(*line.run.outcome), line.run.reason)));
    }
  }
  if (bad > k_most_told && !session.json) {
    session.note(fmt::format("and {} more that did not succeed: sched runs", bad - k_most_told));
  }
  if (options.exit_code && lines.size() == 1) {
    return own_exit_code(session.store(), lines.front().run);
  }
  return bad == 0 ? 0 : base::exit_code(base::ErrorKind::failed);
}

}  // namespace

int wait_for(Session& session, const std::vector<model::RunId>& runs, const WaitOptions& options) {
  store::Store& store = session.store();
  Patience patience(session);
  WorkerWatch watch(session);
  std::optional<time::Duration> deadline;
  if (options.timeout) {
    deadline = session.clock().monotonic() + *options.timeout;
  }
  std::vector<model::RunId> open(runs.rbegin(), runs.rend());
  while (!(patience.store_changed() && enough(store, open, options.any && !runs.empty()))) {
    if (deadline && session.clock().monotonic() >= *deadline) {
      // A commit in this very moment still counts.
      if (enough(store, open, options.any)) {
        break;
      }
      throw base::Error(base::ErrorKind::timed_out, "still not over, and the time is up",
                        "what it waits for: sched explain TARGET");
    }
    watch.look();
    if (!patience.wait(deadline)) {
      return base::exit_code(base::ErrorKind::interrupted);
    }
  }
  std::vector<render::RunLine> lines = ended(store, runs);
  if (options.any && !lines.empty()) {
    keep_first(lines);
  }
  return tell(session, lines, options);
}

void require_wait(bool wait, bool exit_code) {
  if (exit_code && !wait) {
    throw base::Error(base::ErrorKind::invalid_input, "--exit-code has no effect without --wait",
                      "give --wait too, or 'sched wait --exit-code' later");
  }
}

}  // namespace sched::cli
