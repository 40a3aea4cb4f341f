#include "rules/readiness.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;
using model::Outcome;
using rules::EdgeVerdict;
using rules::JoinVerdict;

TEST_CASE("each condition is satisfied by these outcomes and refused by all others") {
  struct Row {
    const char* condition;
    const char* satisfied_by;
  };
  for (const Row& row : {Row{"success", " succeeded "}, Row{"failure", " failed timed_out lost "},
                         Row{"done", " succeeded failed timed_out cancelled skipped missed lost "},
                         Row{"skipped", " skipped "}, Row{"exit=1", " "}}) {
    const auto condition = model::parse_condition(row.condition).value();
    CAPTURE(row.condition);
    CHECK(rules::judge(condition, std::nullopt, std::nullopt) == EdgeVerdict::open);
    for (const Outcome outcome : model::all_outcomes()) {
      const std::string word = model::to_string(outcome);
      CAPTURE(word);
      const bool met = std::string(row.satisfied_by).find(" " + word + " ") != std::string::npos;
      CHECK(rules::judge(condition, outcome, std::nullopt) ==
            (met ? EdgeVerdict::satisfied : EdgeVerdict::refused));
    }
  }
}

TEST_CASE("an exit condition looks at the code of an end that the command chose itself") {
  struct Row {
    const char* condition;
    Outcome outcome;
    std::optional<int> code;
    EdgeVerdict expected;
  };
  for (const Row& row : {Row{"exit=3,4", Outcome::failed, 3, EdgeVerdict::satisfied},
                         Row{"exit=3,4", Outcome::failed, 4, EdgeVerdict::satisfied},
                         Row{"exit=3,4", Outcome::failed, 5, EdgeVerdict::refused},
                         Row{"exit=10-20", Outcome::failed, 9, EdgeVerdict::refused},
                         Row{"exit=10-20", Outcome::failed, 10, EdgeVerdict::satisfied},
                         Row{"exit=10-20", Outcome::failed, 20, EdgeVerdict::satisfied},
                         Row{"exit=10-20", Outcome::failed, 21, EdgeVerdict::refused},
                         Row{"exit=0", Outcome::succeeded, 0, EdgeVerdict::satisfied},
                         Row{"exit=3", Outcome::succeeded, 0, EdgeVerdict::refused},
                         Row{"exit=3", Outcome::failed, std::nullopt, EdgeVerdict::refused},
                         Row{"exit=3", Outcome::timed_out, 3, EdgeVerdict::refused},
                         Row{"exit=3", Outcome::cancelled, 3, EdgeVerdict::refused},
                         Row{"exit=3", Outcome::skipped, 3, EdgeVerdict::refused}}) {
    CAPTURE(row.condition);
    CAPTURE(model::to_string(row.outcome));
    CHECK(rules::judge(model::parse_condition(row.condition).value(), row.outcome, row.code) ==
          row.expected);
  }
}

TEST_CASE("a join holds, stays open or becomes impossible as its edges end") {
  struct Row {
    const char* join;
    model::EdgeCounts edges;  // total, open, satisfied
    JoinVerdict expected;
  };
  for (const Row& row : {
           Row{"all", {0, 0, 0}, JoinVerdict::holds},
           Row{"all", {2, 2, 0}, JoinVerdict::open},
           Row{"all", {2, 1, 1}, JoinVerdict::open},
           Row{"all", {2, 0, 2}, JoinVerdict::holds},
           Row{"all", {2, 1, 0}, JoinVerdict::impossible},
           Row{"all", {2, 0, 1}, JoinVerdict::impossible},
           Row{"any", {0, 0, 0}, JoinVerdict::holds},
           Row{"any", {3, 3, 0}, JoinVerdict::open},
           Row{"any", {3, 1, 0}, JoinVerdict::open},
           Row{"any", {3, 2, 1}, JoinVerdict::holds},
           Row{"any", {3, 0, 0}, JoinVerdict::impossible},
           Row{"2", {3, 3, 0}, JoinVerdict::open},
           Row{"2", {3, 2, 1}, JoinVerdict::open},
           Row{"2", {3, 1, 2}, JoinVerdict::holds},
           Row{"2", {3, 1, 1}, JoinVerdict::open},
           Row{"2", {3, 1, 0}, JoinVerdict::impossible},
           Row{"2", {3, 0, 1}, JoinVerdict::impossible},
           Row{"3", {2, 2, 0}, JoinVerdict::impossible},
           Row{"1", {0, 0, 0}, JoinVerdict::impossible},
       }) {
    CAPTURE(row.join);
    CAPTURE(row.edges.total);
    CAPTURE(row.edges.open);
    CAPTURE(row.edges.satisfied);
    CHECK(rules::judge(model::parse_join(row.join).value(), row.edges) == row.expected);
  }
}

TEST_CASE("a run is due at its moment when its join holds and its task is not paused") {
  const time::Instant moment = time::from_ms(5000);
  CHECK(rules::due_at(JoinVerdict::holds, false, moment) == moment);
  CHECK_FALSE(rules::due_at(JoinVerdict::holds, true, moment).has_value());
  CHECK_FALSE(rules::due_at(JoinVerdict::open, false, moment).has_value());
  CHECK_FALSE(rules::due_at(JoinVerdict::impossible, false, moment).has_value());
}
