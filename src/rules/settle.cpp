#include "rules/settle.hpp"

#include "rules/deadline.hpp"
#include "rules/end_reason.hpp"
#include "rules/file_lock.hpp"
#include "rules/memory.hpp"
#include "rules/retry.hpp"
#include "rules/shed.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

namespace sched::rules {
namespace {

/// No process, no memory or no descriptor just now: tried again soon, and not counted.
constexpr time::Duration k_pause_after_not_begun = std::chrono::seconds(1);

/// Who asked for its end wrote down why.
bool has_reason_for_end(const model::Run& run) {
  return run.cancel_requested && !run.reason.empty();
}

/// Its hard deadline came before its time limit.
bool ended_by_deadline(const model::Task& task, const model::Run& run,
                       const model::Ending& ending) {
  const bool by_clock = ending.cause == model::Ending::Cause::timeout;
  if (!by_clock || !run.started_at || !run.deadlines.hard) {
    return false;
  }
  // While it is suspended its time limit stands still, and its deadline does not.
  return ending.elapsed < task.timeout ||
         attempt_limit(task.timeout, run.deadlines.hard, *run.started_at) != task.timeout;
}

/// Without what is below a second, where there is more.
time::Duration coarse(time::Duration duration) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
  return seconds.count() > 0 ? time::Duration(seconds) : duration;
}

std::string settled_reason(const model::Task& task, const model::Run& run,
                           const model::Ending& ending) {
  if (ending.cause == model::Ending::Cause::cancelled && has_reason_for_end(run)) {
    return run.reason;
  }
  return ended_by_deadline(task, run, ending)
             ? fmt::format("its hard deadline {} came while it ran",
                           time::to_local(*run.deadlines.hard))
             : rules::reason_of(ending, task);
}

}  // namespace

model::Settlement settle(const model::Task& task, const model::Run& run, const model::Claim& claim,
                         const model::Ending& ending, time::Instant now) {
  model::Settlement settlement;
  settlement.claim = claim;
  settlement.ending = ending;
  settlement.reason = settled_reason(task, run, ending);
  settlement.attempt_reason = settlement.reason;
  if (ending.kind == model::Ending::Kind::not_begun) {
    settlement.counts = false;
    if (run.cancel_requested) {
      settlement.outcome = model::Outcome::cancelled;
      settlement.reason = has_reason_for_end(run) ? run.reason : "cancelled by a person";
      return settlement;
    }
    if (ending.step == model::Ending::Step::flock) {
      const time::Duration wait = pause_for_file_lock(now - run.not_before);
      settlement.next = model::RunState::waiting;
      settlement.not_before = now + wait;
      settlement.reason += fmt::format("; asked for again in {}", time::to_string(wait));
      return settlement;
    }
    // Without an errno it was never tried: its worker died between the claim and the start.
    settlement.next = ending.code == 0 ? model::RunState::queued : model::RunState::waiting;
    settlement.not_before = now + k_pause_after_not_begun;
    return settlement;
  }
  settlement.attempt_outcome = outcome_of(ending);
  if (ending.cause == model::Ending::Cause::preempted && !run.cancel_requested &&
      ending.kind != model::Ending::Kind::lost) {
    // Whatever it said of that itself: it was told to stop before it had done.
    const bool too_often = run.shed >= k_most_shed;
    settlement.reason =
        fmt::format("{} after {} of work, {}", run.reason.empty() ? settlement.reason : run.reason,
                    time::to_string(coarse(ending.elapsed)),
                    too_often ? fmt::format("{} times in a row", run.shed) : "which begins anew");
    settlement.attempt_reason = settlement.reason;
    if (!too_often) {
      settlement.displaced = true;
      settlement.next = model::RunState::queued;
      return settlement;
    }
    settlement.attempt_outcome = model::Outcome::failed;
  }
  if (ending.kind == model::Ending::Kind::exited) {
    settlement.exit_code = ending.code;
  }
  const int tried = claim.attempt - run.spent_attempts - run.displaced;
  const bool again = !run.cancel_requested && tried <= task.retry.retries &&
                     is_retried(task.retry, ending, settlement.attempt_outcome);
  const time::Duration pause = again ? delay(task.retry.backoff, tried, run.id) : time::Duration();
  const bool too_late = again && run.deadlines.hard && now + pause > *run.deadlines.hard;
  if (again && !too_late) {
    settlement.next = model::RunState::waiting;
    settlement.not_before = now + pause;
    const std::string memory = next_memory(task, ending);
    settlement.reason = fmt::format("attempt {} of {} ended badly: {}; the next in {}{}{}", tried,
                                    task.retry.retries + 1, settlement.attempt_reason,
                                    time::to_string(pause), memory.empty() ? "" : " gets ", memory);
    if (!memory.empty()) {
      settlement.attempt_reason += fmt::format("; next attempt gets {}", memory);
    }
    return settlement;
  }
  settlement.outcome = settlement.attempt_outcome;
  if (model::is_failure(settlement.attempt_outcome) && tried > 1) {
    settlement.reason += fmt::format(" (attempt {} of {})", tried, task.retry.retries + 1);
  }
  if (too_late && !ended_by_deadline(task, run, ending)) {
    settlement.reason += fmt::format(", and its hard deadline {} leaves no time for another",
                                     time::to_local(*run.deadlines.hard));
  }
  return settlement;
}

}  // namespace sched::rules
