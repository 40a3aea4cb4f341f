#include "rules/makes_good.hpp"

#include <doctest/doctest.h>

using namespace sched;

TEST_CASE("a success makes good for earlier ends, unless each firing counts for itself") {
  model::Task task;
  CHECK(rules::makes_good(task));  // By hand, after others.
  struct Row {
    model::CatchUp::Kind kind;
    bool expected;
  };
  for (const Row& row :
       {Row{model::CatchUp::Kind::none, true}, Row{model::CatchUp::Kind::last, true},
        Row{model::CatchUp::Kind::all, false}}) {
    CAPTURE(static_cast<int>(row.kind));
    task.schedule.emplace();
    task.schedule->catch_up.kind = row.kind;
    CHECK(rules::makes_good(task) == row.expected);
  }
}
