#include "rules/breaker.hpp"

#include "rules/guards.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;
using namespace std::chrono_literals;
using rules::BreakerState;
using rules::BreakerTurn;

namespace {

const time::Instant k_noon = time::from_ms(1'700'000'000'000);

model::Guard guard_with(const char* rule, time::Duration cooldown = 5min) {
  model::Guard guard;
  guard.id = model::GuardId(1);
  guard.name = "mail";
  guard.breaker = model::parse_breaker(rule).value();
  guard.cooldown = cooldown;
  return guard;
}

/// The ends of attempts a second apart: 'x' failed, '.' succeeded, '_' a minute of nothing. Answers
/// how many it took until it opened; 0: it did not.
int opens_after(const char* rule, const std::string& ends) {
  model::Guard guard = guard_with(rule);
  time::Instant now = k_noon;
  int counted = 0;
  for (const char end : ends) {
    now += end == '_' ? time::Duration(1min) : time::Duration(1s);
    if (end == '_') {
      continue;
    }
    ++counted;
    const auto turn =
        rules::count_end(guard, {model::RunId(counted), 1, 7}, end == 'x', "it failed", now);
    CHECK((turn == BreakerTurn::opened) == guard.record.open);
    if (guard.record.open) {
      return counted;
    }
  }
  return 0;
}

BreakerTurn fail(model::Guard& guard, time::Instant now,
                 model::Claim claim = {model::RunId(1), 1}) {
  return rules::count_end(guard, claim, true, "run-1, exited with 1", now);
}

}  // namespace

TEST_CASE("a breaker opens by its rule") {
  struct Row {
    const char* rule;
    const char* ends;
    int expected;
  };
  for (const Row& row :
       {Row{"1", "..x", 3}, Row{"3", "xx.xx.xx", 0}, Row{"3", "xx.xxx", 6}, Row{"3", "xx_x", 3},
        // A share of the last: as soon as the rest could not change it.
        Row{"50%/4", "xx", 2}, Row{"50%/4", "x.x", 3}, Row{"50%/4", "x...x...x", 0},
        Row{"50%/4", "x...x.x", 7}, Row{"100%/3", "xx.xxx", 6}, Row{"34%/3", "x..x", 0},
        Row{"33%/3", "x", 1}, Row{"1%/1000", "xxxxxxxxx", 0}, Row{"1%/1000", "xxxxxxxxxx", 10},
        // Within a time: of five at least.
        Row{"50%/10m", "xxxx", 0}, Row{"50%/10m", "xxxxx", 5}, Row{"50%/10m", "....xxx", 0},
        Row{"50%/10m", "....xxxx", 8}, Row{"50%/10m", ".......__________xxxx", 0},
        Row{"50%/10m", ".......__________xxxxx", 12}, Row{"50%/10m", "xxxx_____xxxx", 5},
        Row{"100%/10m", "xxxx.xxxxxx", 0}}) {
    CAPTURE(row.rule);
    CAPTURE(row.ends);
    CHECK(opens_after(row.rule, row.ends) == row.expected);
  }
}

TEST_CASE("an open breaker lets one run through after its cool-down, and follows that") {
  model::Guard guard = guard_with("2");
  CHECK(fail(guard, k_noon) == BreakerTurn::none);
  CHECK(rules::breaker_state(guard, k_noon) == BreakerState::closed);
  CHECK_FALSE(rules::allowance(guard, k_noon).has_value());
  CHECK(fail(guard, k_noon) == BreakerTurn::opened);
  CHECK(guard.record.why == "2 failures in a row, the last: run-1, exited with 1");
  CHECK(rules::breaker_state(guard, k_noon + 5min - 1ms) == BreakerState::open);
  CHECK(rules::allowance(guard, k_noon + 5min - 1ms) == 0);
  CHECK(rules::opens_at(guard, k_noon) == k_noon + 5min);

  const time::Instant half = k_noon + 5min;
  CHECK(rules::breaker_state(guard, half) == BreakerState::half_open);
  CHECK(rules::allowance(guard, half) == 1);
  const model::Claim probe{model::RunId(8), 2, 99};
  rules::note_start(guard, probe, half);
  CHECK(rules::breaker_state(guard, half) == BreakerState::probing);
  CHECK(rules::allowance(guard, half) == 0);
  CHECK_FALSE(rules::opens_at(guard, half).has_value());

  SUBCASE("what began before it opened says nothing") {
    CHECK(fail(guard, half + 1s, {model::RunId(8), 1}) == BreakerTurn::none);
    CHECK(rules::count_end(guard, {model::RunId(3), 2}, false, "", half + 1s) == BreakerTurn::none);
    CHECK(rules::breaker_state(guard, half + 1s) == BreakerState::probing);
  }
  SUBCASE("a success closes it, and it counts anew") {
    CHECK(rules::count_end(guard, probe, false, "", half + 1s) == BreakerTurn::closed);
    CHECK(rules::breaker_state(guard, half + 1s) == BreakerState::closed);
    CHECK(fail(guard, half + 2s) == BreakerTurn::none);
  }
  SUBCASE("a failure opens it for another cool-down") {
    CHECK(fail(guard, half + 1s, probe) == BreakerTurn::opened);
    CHECK(guard.record.why == "the probe failed: run-1, exited with 1");
    CHECK(rules::open_until(guard) == half + 1s + 5min);
    // The old probe is one no longer.
    CHECK(fail(guard, half + 2s, probe) == BreakerTurn::none);
  }
  SUBCASE("a probe that is over without a word makes room for the next") {
    guard.record.probing = false;  // As it is read when its attempt was handed back or cancelled.
    CHECK(rules::breaker_state(guard, half + 1s) == BreakerState::half_open);
    CHECK(rules::allowance(guard, half + 1s) == 1);
  }
}

TEST_CASE("what a person opened stays open until its time, or until it is reset") {
  model::Guard guard = guard_with("2");
  rules::open_breaker(guard, std::nullopt, "opened by hand", k_noon);
  CHECK(rules::breaker_state(guard, k_noon + 24h * 365) == BreakerState::open);
  CHECK_FALSE(rules::opens_at(guard, k_noon).has_value());
  rules::close_breaker(guard);
  CHECK(rules::breaker_state(guard, k_noon) == BreakerState::closed);
  rules::open_breaker(guard, 10min, "opened by hand", k_noon);
  CHECK(rules::open_until(guard) == k_noon + 10min);
  CHECK(rules::breaker_state(guard, k_noon + 10min) == BreakerState::half_open);
}

TEST_CASE(
    "a guard with both waits for the later of token and cool-down, and its probe is paid for") {
  model::Guard guard = guard_with("1", 1min);
  guard.rate = model::parse_rate("1/h").value();
  rules::note_start(guard, {model::RunId(1), 1}, k_noon);
  CHECK(fail(guard, k_noon + 1s) == BreakerTurn::opened);
  CHECK(rules::opens_at(guard, k_noon + 1s) == k_noon + 1h);
  CHECK(rules::allowance(guard, k_noon + 2min) == 0);  // Half-open, but without a token.
  CHECK(rules::opens_at(guard, k_noon + 2min) == k_noon + 1h);
  CHECK(rules::allowance(guard, k_noon + 1h) == 1);
  rules::note_start(guard, {model::RunId(2), 1}, k_noon + 1h);
  CHECK(rules::opens_at(guard, k_noon + 1h) == std::nullopt);
  CHECK(rules::allowance(guard, k_noon + 5h) == 0);
}

TEST_CASE(
    "a clock that was set back by hours costs a token's time and a cool-down, not the hours") {
  model::Guard guard = guard_with("1", 1min);
  guard.rate = model::parse_rate("1/min").value();
  rules::note_start(guard, {model::RunId(1), 1}, k_noon);
  CHECK(fail(guard, k_noon) == BreakerTurn::opened);
  CHECK_FALSE(rules::is_ahead_of_clock(guard, k_noon));
  CHECK_FALSE(rules::is_ahead_of_clock(guard, k_noon - 5s));  // Another worker looked earlier.
  const time::Instant earlier = k_noon - 5h;
  CHECK(rules::is_ahead_of_clock(guard, earlier));
  rules::set_back(guard, earlier);
  CHECK_FALSE(rules::is_ahead_of_clock(guard, earlier));
  CHECK(rules::opens_at(guard, earlier) == earlier + 1min);
  CHECK(rules::allowance(guard, earlier + 1min) == 1);
}

TEST_CASE("a start takes one of all that it falls under, or does not happen") {
  rules::Allowances allowances;
  allowances.set(model::GuardId(1), 2);
  allowances.set(model::GuardId(2), 1);
  const std::vector<model::GuardId> both = {model::GuardId(1), model::GuardId(2)};
  const std::vector<model::GuardId> first = {model::GuardId(1), model::GuardId(9)};
  CHECK(allowances.permit(both));
  allowances.take(both);
  CHECK_FALSE(allowances.permit(both));
  CHECK(allowances.permit(first));  // One that bounds nothing permits any number.
  allowances.take(first);
  CHECK_FALSE(allowances.permit(first));
  CHECK(allowances.permit({model::GuardId(9)}));
  CHECK(allowances.permit({}));
}
