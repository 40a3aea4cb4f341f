#include "model/run_state.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <utility>

using namespace sched;
using model::RunState;

TEST_CASE("a run moves along these ways and no others") {
  const std::set<std::pair<std::string, std::string>> legal = {
      {"waiting", "queued"},   {"waiting", "held"},     {"waiting", "finished"},
      {"queued", "running"},   {"queued", "waiting"},   {"queued", "held"},
      {"queued", "finished"},  {"running", "finished"}, {"running", "waiting"},
      {"running", "queued"},   {"held", "waiting"},     {"held", "finished"},
      {"finished", "waiting"},
  };
  for (const RunState from : model::all_run_states()) {
    for (const RunState to : model::all_run_states()) {
      CAPTURE(model::to_string(from));
      CAPTURE(model::to_string(to));
      CHECK(model::may_move(from, to) ==
            legal.contains({model::to_string(from), model::to_string(to)}));
    }
  }
}

TEST_CASE("a state is written as one word and read back") {
  CHECK(model::all_run_states().size() == 5);
  for (const RunState state : model::all_run_states()) {
    CHECK(model::parse_run_state(model::to_string(state)) == state);
  }
  CHECK_FALSE(model::parse_run_state("").has_value());
  CHECK_FALSE(model::parse_run_state("Running").has_value());
}
