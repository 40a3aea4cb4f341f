#include "rules/retry.hpp"

#include "support/endings.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace sched;
using namespace std::chrono_literals;
using model::Outcome;

TEST_CASE("a fixed delay is exact, whatever was tried") {
  const auto backoff = model::parse_backoff("fixed:30s").value();
  for (const int failed : {1, 2, 50, 1000}) {
    CHECK(rules::delay(backoff, failed, model::RunId(failed)) == 30s);
  }
}

TEST_CASE("an exponential delay is drawn below its doubled bound, and never above the cap") {
  const auto backoff = model::parse_backoff("exponential:1s..10s").value();
  struct Row {
    int failed;
    time::Duration bound;
  };
  for (const Row& row :
       {Row{1, 1s}, Row{2, 2s}, Row{3, 4s}, Row{4, 8s}, Row{5, 10s}, Row{6, 10s}, Row{1000, 10s}}) {
    CAPTURE(row.failed);
    time::Duration longest{};
    time::Duration shortest = 1h;
    for (int run = 1; run <= 500; ++run) {
      const auto delay = rules::delay(backoff, row.failed, model::RunId(run));
      longest = std::max(longest, delay);
      shortest = std::min(shortest, delay);
    }
    CHECK(longest <= row.bound);
    // Spread over all of it: of 500 even draws none above 9/10 or below 1/10 is out of the
    // question.
    CHECK(longest > row.bound * 9 / 10);
    CHECK(shortest < row.bound / 10);
    CHECK(shortest >= 0s);
  }
}

TEST_CASE("the longest backoff that can be written does not overflow") {
  const auto backoff = model::parse_backoff("exponential:30d..30d").value();
  CHECK(rules::delay(backoff, 1000, model::RunId(1)) <= std::chrono::days(30));
  CHECK(rules::delay(backoff, 1000, model::RunId(1)) >= 0s);
}

TEST_CASE("a delay is foretold by run and attempt alone") {
  const model::Backoff backoff;
  CHECK(rules::delay(backoff, 4, model::RunId(7)) == rules::delay(backoff, 4, model::RunId(7)));
  CHECK(rules::delay(backoff, 4, model::RunId(7)) != rules::delay(backoff, 4, model::RunId(8)));
  CHECK(rules::delay(backoff, 4, model::RunId(7)) != rules::delay(backoff, 5, model::RunId(7)));
}

TEST_CASE("what is retried follows the policy, and no-retry-on wins") {
  struct Row {
    const char* retry_on;
    const char* no_retry_on;
    model::Ending ending;
    Outcome outcome;
    bool expected;
  };
  model::Ending not_executed;
  not_executed.kind = model::Ending::Kind::not_executed;
  not_executed.code = 2;
  const model::Ending killed = test::signalled(9);
  const model::Ending shed = test::caused(model::Ending::Cause::preempted, test::signalled(15));
  for (const Row& row : {
           // Without a word: any failure and timeout.
           Row{"", "", test::exited(1), Outcome::failed, true},
           Row{"", "", killed, Outcome::failed, true},
           Row{"", "", killed, Outcome::timed_out, true},
           Row{"", "", not_executed, Outcome::failed, true},
           Row{"", "", test::lost(), Outcome::lost, false},
           Row{"", "", test::exited(0), Outcome::succeeded, false},
           Row{"", "", killed, Outcome::cancelled, false},
           // Only what is named.
           Row{"2,64-78", "", test::exited(2), Outcome::failed, true},
           Row{"2,64-78", "", test::exited(64), Outcome::failed, true},
           Row{"2,64-78", "", test::exited(78), Outcome::failed, true},
           Row{"2,64-78", "", test::exited(3), Outcome::failed, false},
           Row{"2", "", killed, Outcome::failed, false},
           Row{"9", "", killed, Outcome::failed, false},
           Row{"2", "", not_executed, Outcome::failed, false},
           Row{"2", "", killed, Outcome::timed_out, false},
           Row{"2", "", test::exited(2), Outcome::timed_out, false},
           Row{"signal", "", killed, Outcome::failed, true},
           Row{"signal", "", test::exited(1), Outcome::failed, false},
           Row{"signal", "", killed, Outcome::timed_out, false},
           Row{"timeout", "", killed, Outcome::timed_out, true},
           Row{"timeout", "", killed, Outcome::failed, false},
           Row{"lost", "", test::lost(), Outcome::lost, true},
           Row{"lost", "", test::exited(1), Outcome::failed, false},
           // What was shed too often was told to stop: how it took that says nothing.
           Row{"", "", shed, Outcome::failed, true},
           Row{"memory", "", shed, Outcome::failed, true},
           Row{"signal", "", shed, Outcome::failed, false},
           Row{"", "memory", shed, Outcome::failed, false},
           // Never what is excepted.
           Row{"", "2", test::exited(2), Outcome::failed, false},
           Row{"", "2", test::exited(3), Outcome::failed, true},
           Row{"", "signal", killed, Outcome::failed, false},
           Row{"", "timeout", killed, Outcome::timed_out, false},
           Row{"2,lost", "2,lost", test::exited(2), Outcome::failed, false},
           Row{"2,lost", "2,lost", test::lost(), Outcome::lost, false},
           Row{"1-10", "5", test::exited(5), Outcome::failed, false},
           Row{"1-10", "5", test::exited(6), Outcome::failed, true},
           Row{"signal", "", killed, Outcome::cancelled, false},
       }) {
    model::RetryPolicy policy;
    if (*row.retry_on != '\0') {
      policy.retry_on = model::parse_end_set(row.retry_on).value();
    }
    if (*row.no_retry_on != '\0') {
      policy.no_retry_on = model::parse_end_set(row.no_retry_on).value();
    }
    CAPTURE(row.retry_on);
    CAPTURE(row.no_retry_on);
    CAPTURE(model::to_string(row.ending.kind));
    CAPTURE(row.ending.code);
    CAPTURE(model::to_string(row.outcome));
    CHECK(rules::is_retried(policy, row.ending, row.outcome) == row.expected);
  }
}
