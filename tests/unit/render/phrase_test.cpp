#include "render/phrase.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace sched;
using namespace std::chrono_literals;

TEST_CASE("a span is said in at most two units") {
  struct Row {
    time::Duration span;
    const char* expected;
  };
  for (const Row& row :
       {Row{0ms, "0s"}, Row{40ms, "40ms"}, Row{999ms, "999ms"}, Row{1400ms, "1.4s"},
        Row{12'900ms, "12s"}, Row{60s, "1m"}, Row{80s, "1m 20s"}, Row{3h + 5min + 59s, "3h 5m"},
        Row{52h, "2d 4h"}, Row{24h, "1d"}, Row{-5s, "0s"}}) {
    CAPTURE(row.expected);
    CHECK(render::span(row.span) == row.expected);
  }
}

TEST_CASE("a moment is said as its distance from now") {
  const time::Instant now = time::from_ms(1'800'000'000'000);
  struct Row {
    time::Duration distance;
    const char* expected;
  };
  for (const Row& row :
       {Row{0ms, "now"}, Row{999ms, "now"}, Row{-999ms, "now"}, Row{5s, "in 5 s"},
        Row{-90s, "90 s ago"}, Row{5min, "in 5 min"}, Row{-3min, "3 min ago"},
        Row{119s, "in 119 s"}, Row{1h + 59min + 59s, "in 2 h"}, Row{-90min, "90 min ago"},
        Row{47h, "in 47 h"}, Row{-48h, "2 days ago"}, Row{24h * 400, "in 400 days"}}) {
    CAPTURE(row.expected);
    CHECK(render::relative(now + row.distance, now) == row.expected);
  }
}

TEST_CASE("numbers and sizes read well") {
  CHECK(render::count(0, "run") == "0 runs");
  CHECK(render::count(1, "run") == "1 run");
  CHECK(render::count(9'950, "run") == "9,950 runs");
  CHECK(render::grouped(-1'234'567) == "-1,234,567");
  CHECK(render::grouped(-123) == "-123");
  CHECK(render::size(0) == "0 B");
  CHECK(render::size(1023) == "1023 B");
  CHECK(render::size(1536) == "1.5 KiB");
  CHECK(render::size(1024 * 1024 - 1) == "1.0 MiB");
  CHECK(render::size(std::numeric_limits<std::uint64_t>::max()) == "16.0 EiB");
}
