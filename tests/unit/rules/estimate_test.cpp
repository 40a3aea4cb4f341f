#include "rules/estimate.hpp"

#include <doctest/doctest.h>

using namespace sched;
using namespace std::chrono_literals;

TEST_CASE("what remains takes as long as the past says, on as many slots as it can fill") {
  struct Row {
    std::vector<time::Duration> history;
    std::int64_t remaining;
    int slots;
    std::optional<time::Duration> expected;
  };
  for (const Row& row : {Row{{}, 5, 1, std::nullopt}, Row{{10s}, 0, 4, 0s}, Row{{10s}, 1, 4, 10s},
                         Row{{10s}, 8, 4, 20s}, Row{{5s, 15s}, 3, 1, 30s}, Row{{10s}, 2, 0, 20s},
                         Row{{10s}, 3, 100, 10s}}) {
    CAPTURE(row.remaining);
    CAPTURE(row.slots);
    CHECK(rules::estimate(row.history, row.remaining, row.slots) == row.expected);
  }
}
