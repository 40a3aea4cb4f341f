#include "rules/pace.hpp"

#include <doctest/doctest.h>

using namespace sched;
using namespace std::chrono_literals;

TEST_CASE("as much is claimed ahead as is done in a moment, and nothing before that is known") {
  struct Row {
    time::Duration usual;
    int slots;
    int ahead;
  };
  CHECK(rules::Pace().ahead(8) == 0);
  for (const Row& row : {Row{0ms, 1, 50}, Row{1ms, 1, 50}, Row{1ms, 2, 64}, Row{10ms, 2, 10},
                         Row{50ms, 1, 1}, Row{51ms, 1, 0}, Row{200ms, 8, 2}, Row{1h, 8, 0}}) {
    CAPTURE(row.usual.count());
    rules::Pace pace;
    pace.heard(row.usual);
    CHECK(pace.ahead(row.slots) == row.ahead);
  }
}

TEST_CASE("one long run among short ones, or one that waited in vain, ends it for a while") {
  rules::Pace pace;
  for (int i = 0; i < 100; ++i) {
    pace.heard(1ms);
  }
  SUBCASE("a long one") {
    pace.heard(10s);
  }
  SUBCASE("one that waited") {
    pace.was_too_slow();
  }
  CHECK(pace.ahead(2) == 0);
  int until_again = 0;
  while (pace.ahead(2) == 0) {
    pace.heard(1ms);
    ++until_again;
  }
  CHECK(until_again > 1);
  CHECK(until_again < 50);
}
