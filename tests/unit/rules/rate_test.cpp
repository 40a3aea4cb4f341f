#include "rules/rate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;

namespace {

const time::Instant k_noon = time::from_ms(1'700'000'000'000);

model::Rate rate_of(const char* text, std::int64_t burst = 1) {
  model::Rate rate = model::parse_rate(text).value();
  rate.burst = burst;
  return rate;
}

/// A bucket from which is taken whenever something is in it.
struct Bucket {
  model::Rate rate;
  std::int64_t full_at_us = 0;

  bool take(time::Instant now) {
    if (rules::tokens(rate, full_at_us, now) == 0) {
      return false;
    }
    full_at_us = rules::take_token(rate, full_at_us, now);
    return true;
  }
  int take_all(time::Instant now) {
    int taken = 0;
    while (take(now)) {
      ++taken;
    }
    return taken;
  }
};

}  // namespace

TEST_CASE("a bucket holds its burst, and fills evenly") {
  struct Row {
    const char* what;
    model::Rate rate;
    time::Duration later;
    int expected;
  };
  for (const Row& row :
       {Row{"at once nothing more", rate_of("10/min", 3), 0ms, 0},
        Row{"not yet", rate_of("10/min", 3), 5999ms, 0},
        Row{"a token each six seconds", rate_of("10/min", 3), 6s, 1},
        Row{"two of them", rate_of("10/min", 3), 17'999ms, 2},
        Row{"never more than the burst", rate_of("10/min", 3), 24h, 3},
        Row{"seven a minute are none too early", rate_of("7/min"), 8571ms, 0},
        Row{"and none much too late", rate_of("7/min"), 8572ms, 1},
        Row{"one a day", rate_of("1/d"), 24h - 1ms, 0}, Row{"the next day", rate_of("1/d"), 24h, 1},
        Row{"as fast as it goes", rate_of("1000/s", 100'000), 50s, 50'000}}) {
    CAPTURE(row.what);
    Bucket bucket{row.rate};
    CHECK(bucket.take_all(k_noon) == row.rate.burst);
    CHECK(rules::tokens(bucket.rate, bucket.full_at_us, k_noon + row.later) == row.expected);
  }
}

TEST_CASE("the next token is there at the moment that is told, and not before") {
  for (const char* text : {"1/s", "7/min", "3/s", "1000/s", "999/s", "11/h", "1/d"}) {
    for (const std::int64_t burst : {1, 2, 50}) {
      CAPTURE(text);
      CAPTURE(burst);
      Bucket bucket{rate_of(text, burst)};
      CHECK(rules::next_token_at(bucket.rate, bucket.full_at_us, k_noon) == k_noon);
      bucket.take_all(k_noon);
      time::Instant now = k_noon;
      for (int i = 0; i < 100; ++i) {
        const time::Instant next = rules::next_token_at(bucket.rate, bucket.full_at_us, now);
        CHECK(next > now);
        CHECK(rules::tokens(bucket.rate, bucket.full_at_us, next - 1ms) == 0);
        CHECK(bucket.take(next));
        now = next;
        if (bucket.take(now)) {  // A thousand a second: two may come within a millisecond.
          bucket.take_all(now);
        }
      }
    }
  }
}

TEST_CASE("in any time no more starts than the burst and what came within it") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const auto any = [&random](std::int64_t low, std::int64_t high) {
      return std::uniform_int_distribution<std::int64_t>(low, high)(random);
    };
    model::Rate rate;
    rate.period = std::vector<time::Duration>{1s, 1min, 1h}[static_cast<std::size_t>(any(0, 2))];
    rate.count = any(1, 50);
    rate.burst = any(1, 20);
    Bucket bucket{rate};
    const std::int64_t token_ms = std::max<std::int64_t>(1, rate.period.count() / rate.count);
    std::vector<time::Instant> starts;
    time::Instant now = k_noon;
    for (int i = 0; i < 300; ++i) {
      now += time::Duration(any(0, token_ms * (any(0, 9) == 0 ? 30 : 2)));
      for (std::int64_t wanted = any(0, 5); wanted > 0 && bucket.take(now); --wanted) {
        starts.push_back(now);
      }
    }
    CAPTURE(round);
    bool exceeded = false;
    for (std::size_t first = 0; first < starts.size(); ++first) {
      for (std::size_t last = first; last < starts.size(); ++last) {
        const std::int64_t length = (starts[last] - starts[first]).count();
        const std::int64_t came = length * rate.count / rate.period.count();
        exceeded = exceeded || static_cast<std::int64_t>(last - first + 1) > rate.burst + came;
      }
    }
    CHECK_FALSE(exceeded);
  }
}

TEST_CASE("who always wants to start gets the whole rate") {
  for (const char* text : {"10/s", "7/min", "100/h"}) {
    CAPTURE(text);
    Bucket bucket{rate_of(text, 5)};
    bucket.take_all(k_noon);
    int starts = 0;
    const time::Instant end = k_noon + bucket.rate.period * 20;
    time::Instant now = k_noon;
    while ((now = rules::next_token_at(bucket.rate, bucket.full_at_us, now)) <= end) {
      starts += bucket.take_all(now);
    }
    // The interval is rounded up to microseconds: at most one of so few is lost by that.
    CHECK(starts >= bucket.rate.count * 20 - 1);
    CHECK(starts <= bucket.rate.count * 20);
  }
}

TEST_CASE("after a clock was set back, an empty bucket fills as it always does") {
  Bucket bucket{rate_of("10/min", 3)};
  bucket.take_all(k_noon);
  const time::Instant earlier = k_noon - 5h;
  CHECK(rules::tokens(bucket.rate, bucket.full_at_us, earlier) == 0);
  bucket.full_at_us = rules::clamped(bucket.rate, bucket.full_at_us, earlier);
  CHECK(rules::next_token_at(bucket.rate, bucket.full_at_us, earlier) == earlier + 6s);
  // Where the clock is right it changes nothing.
  CHECK(rules::clamped(bucket.rate, bucket.full_at_us, earlier) == bucket.full_at_us);
  CHECK(rules::clamped(bucket.rate, 0, earlier) == 0);
}
