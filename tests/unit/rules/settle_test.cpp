#include "rules/settle.hpp"

#include "rules/retry.hpp"
#include "support/endings.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using namespace sched;
using namespace std::chrono_literals;
using model::Outcome;
using model::RunState;

namespace {

const time::Instant k_now = time::from_ms(1'800'000'000'000);

struct Case {
  model::Task task;
  model::Run run;

  Case(int retries, int attempt, int spent = 0) {
    task.command.argv = {"true"};
    task.retry.retries = retries;
    task.retry.backoff = model::parse_backoff("fixed:30s").value();
    task.timeout = 1min;
    run.id = model::RunId(7);
    run.attempts = attempt;
    run.spent_attempts = spent;
  }
  model::Settlement settle(const model::Ending& ending) const {
    return rules::settle(task, run, {run.id, run.attempts, 99}, ending, k_now);
  }
};

}  // namespace

TEST_CASE("a success ends the run, with attempts left or not") {
  for (const int retries : {0, 3}) {
    const auto end = Case(retries, 1).settle(test::exited(0));
    CHECK(end.counts);
    CHECK(end.outcome == Outcome::succeeded);
    CHECK(end.attempt_outcome == Outcome::succeeded);
    CHECK(end.exit_code == 0);
    CHECK(end.next == RunState::finished);
    CHECK(end.claim == model::Claim{model::RunId(7), 1, 99});
  }
}

TEST_CASE("a bad end is tried again while attempts are left") {
  struct Row {
    int retries;
    int attempt;
    int spent;
    bool again;
  };
  for (const Row& row : {
           Row{0, 1, 0, false},
           Row{1, 1, 0, true},
           Row{1, 2, 0, false},
           Row{2, 2, 0, true},
           Row{2, 3, 0, false},
           // After a retry by hand the attempts before it no longer count.
           Row{1, 3, 2, true},
           Row{1, 4, 2, false},
           Row{0, 3, 2, false},
       }) {
    CAPTURE(row.retries);
    CAPTURE(row.attempt);
    CAPTURE(row.spent);
    for (const auto& ending :
         {test::exited(3), test::signalled(11), test::caused(model::Ending::Cause::timeout)}) {
      const auto end = Case(row.retries, row.attempt, row.spent).settle(ending);
      CHECK(end.counts);
      CHECK(end.outcome.has_value() != row.again);
      CHECK(end.next == (row.again ? RunState::waiting : RunState::finished));
      if (row.again) {
        CHECK(end.not_before == k_now + 30s);
      } else {
        CHECK(end.outcome == end.attempt_outcome);
      }
    }
  }
}

TEST_CASE("the wait for the next attempt grows with the attempts since the last retry by hand") {
  Case fourth(9, 6, 2);
  fourth.task.retry.backoff = model::parse_backoff("exponential:1s..1h").value();
  CHECK(fourth.settle(test::exited(1)).not_before ==
        k_now + rules::delay(fourth.task.retry.backoff, 4, model::RunId(7)));
}

TEST_CASE("the reason tells which attempt it was") {
  struct Row {
    int retries;
    int attempt;
    int spent;
    int code;
    const char* reason;
  };
  for (const Row& row : {Row{2, 1, 0, 3, "attempt 1 of 3 ended badly: exit 3; the next in 30s"},
                         Row{2, 3, 0, 3, "exit 3 (attempt 3 of 3)"}, Row{0, 1, 0, 3, "exit 3"},
                         Row{0, 4, 3, 3, "exit 3"}, Row{1, 5, 3, 3, "exit 3 (attempt 2 of 2)"},
                         Row{2, 2, 0, 0, "exit 0"}}) {
    const auto end = Case(row.retries, row.attempt, row.spent).settle(test::exited(row.code));
    CHECK(end.reason == row.reason);
    CHECK(end.attempt_reason == (row.code == 0 ? "exit 0" : "exit 3"));
  }
}

TEST_CASE("only a command that exited has an exit code") {
  CHECK(Case(0, 1).settle(test::exited(3)).exit_code == 3);
  CHECK_FALSE(Case(0, 1).settle(test::signalled(9)).exit_code.has_value());
  CHECK_FALSE(Case(0, 1).settle(test::lost()).exit_code.has_value());
}

TEST_CASE("a timeout whose attempts are used up is a timeout") {
  const auto end = Case(0, 1).settle(test::caused(model::Ending::Cause::timeout));
  CHECK(end.outcome == Outcome::timed_out);
  CHECK(end.reason == "time limit of 1m reached");
}

TEST_CASE("what a person cancelled is not tried again") {
  Case cancelled(5, 1);
  CHECK(cancelled.settle(test::caused(model::Ending::Cause::cancelled)).outcome ==
        Outcome::cancelled);
  // The wish came while the command was failing by itself: its own end stands, and is the last.
  cancelled.run.cancel_requested = true;
  const auto end = cancelled.settle(test::exited(3));
  CHECK(end.outcome == Outcome::failed);
  CHECK(end.next == RunState::finished);
}

TEST_CASE("what was lost is tried again only when the policy names it") {
  Case silent(3, 1);
  CHECK(silent.settle(test::lost()).outcome == Outcome::lost);
  silent.task.retry.retry_on = model::parse_end_set("lost").value();
  CHECK(silent.settle(test::lost()).next == RunState::waiting);
  CHECK_FALSE(silent.settle(test::lost()).outcome.has_value());
}

TEST_CASE("an attempt that never began does not count") {
  SUBCASE("never tried: back into the queue") {
    const auto end = Case(0, 1).settle(test::not_begun(0));
    CHECK_FALSE(end.counts);
    CHECK_FALSE(end.outcome.has_value());
    CHECK(end.next == RunState::queued);
  }
  SUBCASE("no process could be made: again in a while") {
    const auto end = Case(0, 1).settle(test::not_begun(EAGAIN));
    CHECK_FALSE(end.counts);
    CHECK_FALSE(end.outcome.has_value());
    CHECK(end.next == RunState::waiting);
    CHECK(end.not_before == k_now + 1s);
  }
  SUBCASE("cancelled meanwhile: it ends there") {
    Case cancelled(5, 1);
    cancelled.run.cancel_requested = true;
    for (const int error_number : {0, EAGAIN}) {
      const auto end = cancelled.settle(test::not_begun(error_number));
      CHECK_FALSE(end.counts);
      CHECK(end.outcome == Outcome::cancelled);
      CHECK(end.reason == "cancelled by a person");
    }
  }
  SUBCASE("who asked for its end said why") {
    Case replaced(0, 1);
    replaced.run.cancel_requested = true;
    replaced.run.reason = "replaced by the firing of 09:00";
    CHECK(replaced.settle(test::not_begun(0)).reason == replaced.run.reason);
    const auto end = replaced.settle(test::caused(model::Ending::Cause::cancelled));
    CHECK(end.outcome == Outcome::cancelled);
    CHECK(end.reason == replaced.run.reason);
    CHECK(end.attempt_reason == replaced.run.reason);
    CHECK(replaced.settle(test::exited(0)).reason == "exit 0");  // It ended by itself before.
  }
}

TEST_CASE("an attempt that gave way counts for nothing, and its run stands in line again") {
  Case one(1, 2);
  one.run.reason = "displaced by run-9 of urgent";
  model::Ending ending = test::caused(model::Ending::Cause::preempted, test::exited(0));
  ending.elapsed = 125s + 7ms;
  const model::Settlement settlement = one.settle(ending);
  CHECK(settlement.displaced);
  CHECK_FALSE(settlement.outcome);
  CHECK(settlement.next == RunState::queued);
  CHECK(settlement.attempt_outcome == Outcome::cancelled);
  CHECK(settlement.reason == "displaced by run-9 of urgent after 2m5s of work, which begins anew");
  // As if it had not been: the second that counts is the last.
  one.run.attempts = 3;
  one.run.displaced = 1;
  CHECK(one.settle(test::exited(1)).outcome == Outcome::failed);
  one.run.attempts = 2;
  CHECK_FALSE(one.settle(test::exited(1)).outcome);
  // Who was to be ended for good is.
  one.run.cancel_requested = true;
  CHECK(one.settle(ending).outcome == Outcome::cancelled);
}

TEST_CASE("what is shed for the third time in a row has failed, and is tried again as it says") {
  model::Ending ending = test::caused(model::Ending::Cause::preempted, test::exited(0));
  ending.elapsed = 5s;
  for (const int retries : {0, 1}) {
    Case one(retries, 3);
    one.run.reason = "shed for want of memory (full pressure 43%, above 20%)";
    one.run.displaced = 2;
    one.run.shed = 2;
    CHECK(one.settle(ending).displaced);
    one.run.shed = 3;
    const model::Settlement settlement = one.settle(ending);
    CHECK_FALSE(settlement.displaced);
    CHECK(settlement.attempt_outcome == Outcome::failed);
    CHECK(settlement.attempt_reason == one.run.reason + " after 5s of work, 3 times in a row");
    if (retries == 0) {
      CHECK(settlement.outcome == Outcome::failed);
      CHECK(settlement.reason == settlement.attempt_reason);
    } else {
      CHECK_FALSE(settlement.outcome);
      CHECK(settlement.not_before == k_now + 30s);
    }
    CHECK(one.settle(test::exited(0)).outcome == Outcome::succeeded);  // It was quicker.
  }
}
