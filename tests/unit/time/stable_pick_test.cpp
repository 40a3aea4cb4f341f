#include "time/stable_pick.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace sched;

TEST_CASE("a pick never changes, or tasks would move with an upgrade") {
  struct Row {
    const char* name;
    const char* purpose;
    int expected;
  };
  for (const Row& row :
       {Row{"", "", 27}, Row{"backup", "minute 0", 55}, Row{"backup", "hour 0", 57},
        Row{"backup", "minute 1", 28}, Row{"Größe", "minute 0", 2}}) {
    CAPTURE(row.name);
    CAPTURE(row.purpose);
    CHECK(time::stable_pick(row.name, row.purpose, 0, 59) == row.expected);
  }
}

TEST_CASE("picks lie within their bounds and spread over them") {
  CHECK(time::stable_pick("a", "b", 7, 7) == 7);
  std::array<int, 10> counts{};
  for (int i = 0; i < 1000; ++i) {
    const int picked = time::stable_pick("task" + std::to_string(i), "minute 0", 10, 19);
    REQUIRE(picked >= 10);
    REQUIRE(picked <= 19);
    ++counts[static_cast<std::size_t>(picked - 10)];
  }
  for (const int count : counts) {
    CHECK(count > 60);
    CHECK(count < 140);
  }
}
