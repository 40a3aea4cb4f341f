// Deadlines: who is late is told, and nothing is tried that can't be done in time.
#include "simulation/promises.hpp"

#include <fmt/format.h>

namespace sched::simulation {

using model::Outcome;
using model::RunState;

void Promises::check_deadlines(const model::Run& run) {
  if (run.late && !run.deadlines.soft) {
    broken(run, "it is late, and has no deadline");
  }
  if (run.outcome == Outcome::missed && run.trigger != "time" && !run.deadlines.hard) {
    broken(run, "it was missed, and has no deadline that it could miss");
  }
  if (run.outcome == Outcome::missed && run.attempts > run.spent_attempts + run.displaced) {
    broken(run, "it was missed, and was tried");
  }
  const bool is_missed =
      run.outcome == Outcome::missed && run.reason.find("hard deadline") != std::string::npos;
  constexpr int k_any = 1;
  if (is_missed && site_.people().attempts().durations(run.task, k_any).empty() &&
      *run.finished_at <= *run.deadlines.hard) {
    broken(run, "it was given up before its hard deadline, and nobody knows how long it takes");
  }
  const bool has_run = run.outcome == Outcome::succeeded || run.outcome == Outcome::failed ||
                       run.outcome == Outcome::timed_out;
  if (has_run && run.deadlines.soft && !run.late) {
    const auto attempts = site_.people().attempts().of_run(run.id);
    if (!attempts.empty() && attempts.back().ending &&
        attempts.back().ending->ended_at > *run.deadlines.soft) {
      broken(run, "it ended after its deadline, and is not late");
    }
  }
}

void Promises::check_new_deadlines(const model::Run& before, const model::Run& run,
                                   const Licence& licence) const {
  const bool was_moved = licence.by_person && run.trigger == "once" && run.attempts == 0;
  if (run.deadlines != before.deadlines && !licence.new_deadlines && !was_moved &&
      !licence.reopened.contains(run.id)) {
    broken(run, "its deadlines are others, and nobody gave it any");
  }
}

void Promises::check_deadlines_heeded() {
  for (const model::RunId id : site_.people().listing().unfinished()) {
    const model::Run run = site_.people().runs().run(id);
    if (run.created_at == clock_.now()) {
      continue;  // Maybe of this very pass, behind the look at deadlines: the next follows at once.
    }
    if (run.deadlines.soft && *run.deadlines.soft < clock_.now() && !run.late) {
      broken(run, "its deadline has passed, a worker has made a pass, and it is not late");
    }
    if (run.deadlines.hard && *run.deadlines.hard < clock_.now() &&
        run.state != RunState::running) {
      broken(run, "its hard deadline has passed, a worker has made a pass, and it still waits");
    }
  }
}

}  // namespace sched::simulation
