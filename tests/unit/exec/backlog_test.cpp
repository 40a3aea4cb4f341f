#include "exec/backlog.hpp"

#include <doctest/doctest.h>

using namespace sched;
using namespace std::chrono_literals;

namespace {

exec::Launch launch(std::int64_t run) {
  exec::Launch launch;
  launch.claim = {model::RunId(run), 1, run};
  launch.argv = {"true"};
  return launch;
}

/// The runs that begin now, each with the slot that it is told.
std::string begin(exec::Backlog& backlog) {
  std::string said;
  while (const auto next = backlog.next()) {
    said += (said.empty() ? "" : " ") + std::to_string(next->claim.run.value) + ":" +
            next->environment.back();
  }
  return said;
}

}  // namespace

TEST_CASE("as many begin as there are slots, the others in their order as slots get free") {
  exec::Backlog backlog;
  backlog.set_room(2, {});
  for (const int run : {1, 2, 3, 4}) {
    backlog.add(launch(run), 0ms);
  }
  CHECK(begin(backlog) == "1:SCHED_SLOT=1 2:SCHED_SLOT=2");
  CHECK(backlog.slot_of(launch(2).claim) == 2);
  CHECK(backlog.slot_of(launch(3).claim) == 0);
  CHECK(begin(backlog).empty());
  backlog.free(launch(1).claim);
  CHECK(begin(backlog) == "3:SCHED_SLOT=1");
  backlog.free(launch(2).claim);
  CHECK(begin(backlog) == "4:SCHED_SLOT=2");
  CHECK(backlog.empty());
}

TEST_CASE("slots of other launchers are told to nobody else") {
  exec::Backlog backlog;
  backlog.set_room(2, {1, 3});
  for (const int run : {1, 2}) {
    backlog.add(launch(run), 0ms);
  }
  CHECK(begin(backlog) == "1:SCHED_SLOT=2 2:SCHED_SLOT=4");
}

TEST_CASE("who waits for too long, or is cancelled, never begins") {
  exec::Backlog backlog;
  backlog.set_room(1, {});
  for (const int run : {1, 2, 3}) {
    backlog.add(launch(run), time::Duration(run));
  }
  CHECK(begin(backlog) == "1:SCHED_SLOT=1");
  CHECK(backlog.contains(launch(2).claim));
  CHECK_FALSE(backlog.contains(launch(1).claim));
  CHECK(backlog.next_moment() == 2ms + exec::Backlog::k_patience);
  CHECK(backlog.remove_late(1ms + exec::Backlog::k_patience).empty());
  CHECK(backlog.remove_late(2ms + exec::Backlog::k_patience) ==
        std::vector<model::Claim>{launch(2).claim});
  CHECK(backlog.remove(launch(3).claim));
  CHECK_FALSE(backlog.remove(launch(3).claim));
  CHECK_FALSE(backlog.next_moment().has_value());
  backlog.free(launch(1).claim);
  CHECK(begin(backlog).empty());
}

TEST_CASE("one that is suspended has no slot, and gets the lowest that is free when it goes on") {
  exec::Backlog backlog;
  backlog.set_room(2, {});
  for (const int run : {1, 2, 3}) {
    backlog.add(launch(run), 0ms);
  }
  CHECK(begin(backlog) == "1:SCHED_SLOT=1 2:SCHED_SLOT=2");
  backlog.free(launch(1).claim);
  CHECK(begin(backlog) == "3:SCHED_SLOT=1");
  backlog.free(launch(2).claim);
  backlog.take_slot(launch(1).claim);
  CHECK(backlog.slot_of(launch(1).claim) == 2);
  backlog.take_slot(launch(1).claim);
  CHECK(backlog.slot_of(launch(1).claim) == 2);
  backlog.take_slot(launch(2).claim);
  CHECK(backlog.slot_of(launch(2).claim) == 3);
}
