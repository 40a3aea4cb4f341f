#include "rules/shed.hpp"

#include <doctest/doctest.h>

using namespace sched;
using namespace std::chrono_literals;
using model::Shed;

namespace {

model::Claim claim_of(std::int64_t run) {
  return {model::RunId(run), 1, run};
}

}  // namespace

TEST_CASE("one is shed when pressure has gone on, and the next after a pause") {
  struct Row {
    time::Duration at;
    bool stopped;
    std::optional<double> full;
    bool sheds;
    const char* why;
  };
  rules::Shedding rule;
  for (const Row& row :
       {Row{0s, true, 90, false, "it has only begun"},  //
        Row{4s, true, 90, false, "starts are stopped, and that may help"},
        Row{5s, true, 20, false, "some get on: it begins anew"},
        Row{6s, true, 21, false, "just above"},                                              //
        Row{11s, true, 21, false, "for five seconds"}, Row{12s, true, 21, true, "for six"},  //
        Row{14s, true, 99, false, "what it had may still come back"},
        Row{21s, true, 99, false, "the pause is not over"},  //
        Row{22s, true, 99, true, "that did not do"},
        Row{40s, false, 99, false, "others may start: it is not the memory"},
        Row{42s, true, 99, false, "it begins anew"},  //
        Row{48s, true, 99, true, "and goes on"},
        Row{70s, true, std::nullopt, false, "the kernel does not tell"},
        Row{72s, true, 99, false, "that was no pressure"}}) {
    CAPTURE(row.why);
    CHECK(rule.heed(row.stopped, row.full, row.at) == row.sheds);
    if (row.sheds) {
      rule.note_ending(row.at);
    }
  }
}

TEST_CASE("the pause begins when who was shed has ended") {
  rules::Shedding rule;
  rule.heed(true, 50, 0s);
  CHECK(rule.heed(true, 50, 6s));
  rule.note_ending(6s);
  rule.note_ending(15s);
  CHECK_FALSE(rule.heed(true, 50, 16s));
  CHECK(rule.heed(true, 50, 25s));
}

TEST_CASE("who is least important goes first, and only who may") {
  struct Row {
    const char* name;
    std::vector<rules::Sheddable> runs;
    Shed whom;
    std::int64_t goes;  ///< 0: nobody.
  };
  const rules::Sheddable low{claim_of(1), false, 0, 5s};
  const rules::Sheddable high{claim_of(2), false, 9, 1s};
  const rules::Sheddable soft{claim_of(3), true, 5, 9s};
  const rules::Sheddable soft_low{claim_of(4), true, 2, 9s};
  const rules::Sheddable soft_low_new{claim_of(5), true, 2, 8s};
  const rules::Sheddable soft_low_as_new{claim_of(6), true, 2, 8s};
  for (const Row& row : {
           Row{"none runs", {}, Shed::any, 0},
           Row{"nobody is to be ended", {low, soft}, Shed::never, 0},
           Row{"only preemptible ones", {low, high, soft}, Shed::preemptible, 3},
           Row{"none is preemptible", {low, high}, Shed::preemptible, 0},
           Row{"preemptible ones first", {low, high, soft}, Shed::any, 3},
           Row{"else others, by priority", {high, low}, Shed::any, 1},
           Row{"lowest priority", {soft, soft_low}, Shed::preemptible, 4},
           Row{"least work", {soft_low, soft_low_new}, Shed::preemptible, 5},
           Row{"else the first", {soft_low_as_new, soft_low_new}, Shed::preemptible, 5},
       }) {
    CAPTURE(row.name);
    const auto found = rules::least_important(row.runs, row.whom);
    CHECK(found == (row.goes > 0 ? std::optional(claim_of(row.goes)) : std::nullopt));
  }
}

TEST_CASE("the reason says what was measured, and never a figure that is not too much") {
  CHECK(rules::shed_reason(42.3) == "shed for want of memory (full pressure 43%, above 20%)");
  CHECK(rules::shed_reason(20.1) == "shed for want of memory (full pressure 21%, above 20%)");
}

TEST_CASE("where none may be shed it is told why") {
  const std::string begin =
      "memory stays far too short (full pressure 43%, above 20%), and no run may be ended for it: ";
  CHECK(rules::none_to_shed(42.3, Shed::never, true) == begin + "--shed is never");
  CHECK(rules::none_to_shed(42.3, Shed::preemptible, true) ==
        begin + "none of them is preemptible");
  CHECK(rules::none_to_shed(42.3, Shed::any, false) == begin + "none is running");
}
