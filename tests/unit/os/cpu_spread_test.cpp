#include "os/cpu_spread.hpp"

#include "os/cpu_binding.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace sched;

TEST_CASE("one CPU of each core comes before any sibling, and packages take turns") {
  struct Row {
    const char* what;
    std::vector<os::CpuPlace> places;
    std::vector<int> expected;
  };
  for (const Row& row :
       std::vector<Row>{{"none", {}, {}},
                        {"cores without siblings", {{0, 0, 0}, {1, 0, 1}, {2, 0, 2}}, {0, 1, 2}},
                        {"siblings next to each other",
                         {{0, 0, 0}, {1, 0, 0}, {2, 0, 1}, {3, 0, 1}},
                         {0, 2, 1, 3}},
                        {"siblings far from each other",
                         {{0, 0, 0}, {1, 0, 1}, {2, 0, 0}, {3, 0, 1}},
                         {0, 1, 2, 3}},
                        {"two packages",
                         {{0, 0, 0},
                          {1, 0, 1},
                          {2, 1, 0},
                          {3, 1, 1},
                          {4, 0, 0},
                          {5, 0, 1},
                          {6, 1, 0},
                          {7, 1, 1}},
                         {0, 2, 1, 3, 4, 6, 5, 7}},
                        {"in no order", {{3, 0, 1}, {1, 0, 0}, {2, 0, 1}, {0, 0, 0}}, {0, 2, 1, 3}},
                        {"cores that differ", {{0, 0, 0}, {1, 0, 0}, {2, 0, 4}}, {0, 2, 1}}}) {
    CAPTURE(row.what);
    CHECK(os::spread_out(row.places) == row.expected);
  }
}

TEST_CASE("each slot has a CPU that is ours, others as long as there are some") {
  const std::vector<int> ours = os::own_cpus();
  REQUIRE_FALSE(ours.empty());
  os::CpuSpread spread;
  std::vector<int> given;
  const int count = static_cast<int>(ours.size());
  for (int slot = 1; slot <= count; ++slot) {
    const auto cpu = spread.cpu_of(slot);
    REQUIRE(cpu.size() == 1);
    given.push_back(cpu[0]);
  }
  CHECK(spread.cpu_of(count + 1) == std::vector<int>{given[0]});
  std::sort(given.begin(), given.end());
  CHECK(given == ours);
  CHECK(spread.cpu_of(0).empty());
}
