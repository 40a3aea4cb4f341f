#include "model/handler.hpp"

#include <doctest/doctest.h>

using namespace sched::model;

TEST_CASE("the trigger of a handler's run names the end, and its kind reads back") {
  for (const HandlerKind kind : all_handler_kinds()) {
    Cause cause;
    cause.kind = kind;
    cause.run = RunId(17);
    cause.attempt = 2;
    const std::string trigger = trigger_of(cause);
    CHECK(trigger == std::string(to_string(kind)) + ":17.2");
    CHECK(kind_in_trigger(trigger) == kind);
    CHECK(parse_handler_kind(to_string(kind)) == kind);
  }
  for (const char* other : {"once", "manual", "time", "boot", "flow:17", "failure", ":", ""}) {
    CAPTURE(other);
    CHECK_FALSE(kind_in_trigger(other));
  }
}

TEST_CASE("a handler runs at ends of its kind alone") {
  for (const Outcome outcome : all_outcomes()) {
    CAPTURE(to_string(outcome));
    CHECK(handles(HandlerKind::success, outcome) == (outcome == Outcome::succeeded));
    const bool is_bad =
        outcome == Outcome::failed || outcome == Outcome::timed_out || outcome == Outcome::lost;
    CHECK(handles(HandlerKind::failure, outcome) == is_bad);
    CHECK(handles(HandlerKind::fallback, outcome) == is_bad);
  }
}
