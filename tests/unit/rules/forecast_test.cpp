#include "rules/forecast.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;

namespace {

const time::Instant k_two_o_clock = time::from_ms(1'800'000'000'000);

rules::ForecastFacts usual(std::optional<time::Duration> length) {
  rules::ForecastFacts facts;
  facts.task = "report";
  facts.usual = length;
  facts.since = k_two_o_clock;
  return facts;
}

}  // namespace

TEST_CASE("a run starts when a slot is free behind those that go before it") {
  struct Row {
    std::vector<time::Duration> busy;
    std::vector<time::Duration> ahead;
    int slots;
    time::Duration wait;
  };
  for (const Row& row :
       {Row{{}, {}, 1, 0s}, Row{{5s}, {}, 1, 5s}, Row{{5s}, {}, 2, 0s}, Row{{5s, 3s}, {}, 2, 3s},
        Row{{5s, 3s}, {4s}, 2, 5s}, Row{{}, {1s, 2s, 3s}, 1, 6s}, Row{{}, {1s, 2s, 3s}, 2, 2s},
        Row{{}, {1s}, 3, 0s}, Row{{1s, 5s, 9s}, {}, 1, 9s}, Row{{1s, 5s, 9s}, {2s}, 2, 7s},
        Row{{}, {1s}, 0, 1s}}) {
    rules::ForecastFacts facts = usual(1s);
    facts.busy = row.busy;
    facts.ahead = row.ahead;
    facts.slots = row.slots;
    CHECK(rules::start_of(facts) == k_two_o_clock + row.wait);
  }
}

TEST_CASE("the forecast says whether, by how much not, and because of what") {
  using Facts = rules::ForecastFacts;
  struct Row {
    std::optional<time::Duration> usual;
    std::function<void(Facts&)> change;
    const char* expected;
  };
  for (const Row& row : {
           Row{{}, [](Facts&) {}, "no history of report yet"},
           Row{20min, [](Facts&) {}, "it can be met: it usually takes 20m, which leaves 40m"},
           Row{20min, [](Facts& f) { f.is_free = false; },
               "it can be met if nothing else kept it: it usually takes 20m, which leaves 40m"},
           Row{90min, [](Facts&) {}, "it can't be met, by about 30m: it usually takes 1h30m"},
           Row{20min,
               [](Facts& f) {
                 f.ahead = {10min, 40min};
               },
               "it can't be met, by about 10m: it usually takes 20m, and 2 runs that go first keep "
               "it waiting for 50m"},
           Row{20min, [](Facts& f) { f.ahead = {10min}; },
               "it can be met: it usually takes 20m, and 1 run that goes first keeps it waiting "
               "for 10m, which leaves 30m"},
           Row{20min, [](Facts& f) { f.busy = {50min}; },
               "it can't be met, by about 10m: it usually takes 20m, and a slot is free in 50m"},
           Row{{},
               [](Facts& f) { f.ahead = {2h}; },
               "it can't be met, by at least 1h: 1 run that goes first keeps it waiting for 2h"},
           Row{20min,
               [](Facts& f) {
                 f.ahead = {10min};
                 f.room_at = k_two_o_clock + 50min;
                 f.room = "what it needs is free";
               },
               "it can't be met, by about 10m: it usually takes 20m, and what it needs is free in "
               "50m"},
           Row{20min,
               [](Facts& f) {
                 f.busy = {30min};
                 f.room_at = k_two_o_clock + 10min;
                 f.room = "its rate lets it start";
               },
               "it can be met: it usually takes 20m, and a slot is free in 30m, which leaves 10m"},
           Row{20min, [](Facts& f) { f.unknown = 2; },
               "it can be met: it usually takes 20m, which leaves 40m (not counting 2 runs without "
               "history)"},
           Row{20min, [](Facts& f) { f.since -= 30min; },
               "it can be met: it usually takes 20m, which leaves 1h"},
       }) {
    Facts facts = usual(row.usual);
    row.change(facts);
    CHECK(rules::forecast(facts, k_two_o_clock + 1h, k_two_o_clock) == row.expected);
  }
}

TEST_CASE("a deadline is met, is not, or nobody knows") {
  const time::Instant at = k_two_o_clock + 1h;
  CHECK(rules::meets(usual(1h), at, k_two_o_clock) == true);
  CHECK(rules::meets(usual(1h + 1ms), at, k_two_o_clock) == false);
  CHECK(rules::meets(usual(std::nullopt), at, k_two_o_clock) == std::nullopt);
  CHECK(rules::meets(usual(std::nullopt), at, at + 1ms) == false);
  rules::ForecastFacts behind = usual(std::nullopt);
  behind.ahead = {2h};
  CHECK(rules::meets(behind, at, k_two_o_clock) == false);
}
