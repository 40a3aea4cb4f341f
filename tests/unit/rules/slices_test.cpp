#include "rules/slices.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;

namespace {

time::Instant at(std::int64_t ms) {
  return time::from_ms(ms);
}

/// Slots, who has them since when, and who waits, as a worker moves them by the rule.
struct Circle {
  struct Waiting {
    std::int64_t since = 0;
    std::size_t ahead = 0;
  };
  std::size_t slots = 1;
  time::Duration slice{};
  std::vector<std::int64_t> running;
  std::deque<Waiting> waiting;
  std::optional<std::int64_t> last_stop;

  std::optional<std::int64_t> next() const {
    std::vector<time::Instant> since;
    for (const std::int64_t one : running) {
      since.push_back(at(one));
    }
    const auto end =
        rules::slice_end(slice, since, last_stop ? std::optional(at(*last_stop)) : std::nullopt);
    return end && !waiting.empty() ? std::optional(time::to_ms(*end)) : std::nullopt;
  }
  void come(std::int64_t now) {
    if (running.size() < slots) {
      running.push_back(now);
    } else {
      waiting.push_back({now, waiting.size()});
    }
  }
  void go(std::int64_t now) {
    const Waiting first = waiting.front();
    waiting.pop_front();
    running.push_back(now);
    // None waits for longer than the slice that runs, and what those ahead of it get.
    const auto share =
        slice.count() * static_cast<std::int64_t>(first.ahead) / static_cast<std::int64_t>(slots);
    CHECK(now - first.since <= slice.count() + share);
    CHECK(running.size() <= slots);
  }
  void turn(std::int64_t now) {
    const auto first = std::min_element(running.begin(), running.end());
    CHECK(now - *first >= slice.count());
    running.erase(first);
    last_stop = now;
    const Waiting stopped{now, waiting.size() - 1};
    go(now);
    waiting.push_back(stopped);
  }
  void end(std::size_t which, std::int64_t now) {
    running.erase(running.begin() + static_cast<std::ptrdiff_t>(which));
    if (!waiting.empty()) {
      go(now);
    }
  }
};

}  // namespace

TEST_CASE("a slice ends with the one that has run the longest, and turns are spread evenly") {
  struct Row {
    std::vector<int> since;
    std::optional<int> last_stop;
    std::optional<int> end;
  };
  for (const Row& row : {Row{{}, {}, {}}, Row{{}, 5, {}}, Row{{0}, {}, 100}, Row{{40, 10}, {}, 110},
                         Row{{0}, 0, 100}, Row{{0, 0}, 100, 150}, Row{{0, 0, 0, 0}, 100, 125},
                         Row{{150, 100}, 150, 200}}) {
    std::vector<time::Instant> since;
    for (const int one : row.since) {
      since.push_back(at(one));
    }
    const auto end = rules::slice_end(
        100ms, since, row.last_stop ? std::optional(at(*row.last_stop)) : std::nullopt);
    CHECK(end == (row.end ? std::optional(at(*row.end)) : std::nullopt));
  }
}

TEST_CASE("whoever comes and ends, each gets a whole slice in its turn and nobody starves") {
  std::mt19937_64 random(1);
  const auto draw = [&](std::size_t below) { return random() % below; };
  for (int round = 0; round < 300; ++round) {
    Circle circle;
    circle.slots = 1 + draw(5);
    circle.slice = time::Duration(static_cast<std::int64_t>(circle.slots) *
                                  static_cast<std::int64_t>(20 + draw(200)));
    std::int64_t now = 0;
    for (std::size_t i = 0; i <= draw(12); ++i) {
      circle.come(0);
    }
    for (int step = 0; step < 300; ++step) {
      const std::int64_t happens = now + static_cast<std::int64_t>(draw(400));
      while (const auto moment = circle.next()) {
        if (*moment > happens) {
          break;
        }
        now = std::max(now, *moment);
        circle.turn(now);
      }
      now = happens;
      if (draw(2) == 0 && circle.waiting.size() < 20) {
        circle.come(now);
      } else if (!circle.running.empty()) {
        circle.end(draw(circle.running.size()), now);
      }
    }
  }
}
