#pragma once

#include "unit/worker/handlers_at_hand.hpp"

namespace sched::test {

/// root, of whose flow two may fail; a to d after it, and last after d.
struct Bounded : HandlerShop {
  RunId root;

  explicit Bounded(int slots = 8, int most = 2) : HandlerShop(slots) {
    model::Task made = task_named("root");
    made.trigger = model::TriggerKind::manual;
    made.at.reset();
    made.max_fails.of_flow = most;
    add(made);
    // The last that was added comes first in a flow.
    for (const char* name : {"d", "c", "b", "a"}) {
      below(name, {"root"});
    }
    below("last", {"d"});
    root = start("root");
    succeed("root");
  }
};

/// Five jobs with a tag, of which two may fail; and one without.
struct Tagged : HandlerShop {
  explicit Tagged(int slots, int most = 2) : HandlerShop(slots) {
    for (const char* name : {"a", "b", "c", "d", "e"}) {
      model::Task made = task_named(name);
      made.tags = {"batch"};
      made.max_fails.of_tags = {{"batch", most}};
      first_run(add(made));
    }
    once("other");
  }
};

}  // namespace sched::test
