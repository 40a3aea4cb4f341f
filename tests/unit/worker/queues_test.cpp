#include "unit/worker/worker_at_hand.hpp"
#include "worker/line.hpp"

using namespace sched;
using namespace sched::test;
using namespace std::chrono_literals;

namespace {

struct Yard : Shop {
  using Shop::Shop;

  model::QueueId queue(const std::string& name, int slots, int weight = 1,
                       const char* policy = "priority") {
    model::Queue made;
    made.name = name;
    made.slots = slots;
    made.weight = weight;
    made.policy = model::parse_queue_policy(policy).value();
    store::Transaction change(store.db());
    const auto id = store.queues().add(made);
    change.commit();
    return id;
  }
  void in(model::QueueId queue, const std::string& name, const std::string& needs = {},
          int priority = 0) {
    model::Task made = task_named(name);
    made.queue = queue;
    made.priority = priority;
    if (!needs.empty()) {
      made.needs = model::parse_needs(needs).value();
    }
    first_run(add(made));
  }
  void set_state(model::QueueId id, model::QueueState state) {
    store::Transaction change(store.db());
    model::Queue queue = store.queues().queue(id);
    queue.state = state;
    store.queues().update(queue);
    change.commit();
  }
};

}  // namespace

TEST_CASE("a full queue leaves slots to others, and goes on when one of its runs has ended") {
  Yard yard(4);
  const auto narrow = yard.queue("narrow", 1);
  yard.in(narrow, "n1");
  yard.in(narrow, "n2");
  yard.in(narrow, "n3");
  yard.in(model::k_default_queue, "d1");
  yard.in(model::k_default_queue, "d2");
  yard.step();
  CHECK(yard.started() == Lines{"d1", "n1", "d2"});
  yard.end("d1");
  yard.step();
  CHECK(yard.started().size() == 3);
  yard.end("n1");
  yard.step();
  CHECK(yard.started().back() == "n2");
  CHECK(yard.executor.started.back().environment.end() !=
        std::find(yard.executor.started.back().environment.begin(),
                  yard.executor.started.back().environment.end(), "SCHED_QUEUE=narrow"));
}

TEST_CASE("what a paused queue holds keeps no worker, and starts when it is resumed") {
  Yard yard;
  const auto night = yard.queue("night", 0);
  yard.in(night, "a");
  yard.set_state(night, model::QueueState::paused);
  yard.step();
  CHECK(yard.started().empty());
  CHECK(yard.run("a").state == model::RunState::queued);
  CHECK(yard.worker.is_idle(yard.now()));
  yard.set_state(night, model::QueueState::open);
  CHECK_FALSE(yard.worker.is_idle(yard.now()));
  yard.step();
  CHECK(yard.started() == Lines{"a"});
}

TEST_CASE("a blocked run costs no transaction") {
  Yard yard;
  const auto night = yard.queue("night", 1);
  yard.in(night, "a");
  yard.in(night, "b");
  yard.step();
  const auto before = yard.store.db().raw().getTotalChanges();
  yard.refuse_writes(true);  // A pass that wrote would throw.
  for (int i = 0; i < 5; ++i) {
    yard.clock.pass(1s);
    yard.step();
  }
  yard.refuse_writes(false);
  CHECK(yard.store.db().raw().getTotalChanges() == before);
}

TEST_CASE("resources are shared by all workers, and are free again when their holder ends") {
  Yard yard(4);
  yard.store.resources().add({"licence", 2000, {}});
  yard.in(model::k_default_queue, "a", "licence");
  yard.in(model::k_default_queue, "b", "licence=2");
  yard.in(model::k_default_queue, "c", "licence");
  yard.in(model::k_default_queue, "d");
  yard.step();
  CHECK(yard.started() == Lines{"a", "d"});
  const auto free = [&] {  // Of the two that there are.
    model::Needs needs;
    needs.amounts = {{"licence", 3000}};
    return worker::shortages_of(yard.store, needs, yard.now()).front().free;
  };
  CHECK(free() == 1000);
  test::FakeExecutor other_executor;
  worker::Worker other(yard.store, other_executor, yard.observer, 4,
                       [&] { return ++yard.last_token; });
  other.use_launcher(yard.store.launchers().add("this boot", 2, yard.now()));
  other.step(yard.now());
  CHECK(other_executor.started.empty());
  yard.end("a");
  yard.step();
  CHECK(yard.started().back() == "b");
  yard.end("b");
  yard.step();
  CHECK(yard.started().back() == "c");
  yard.end("c");
  yard.end("d");
  yard.step();
  CHECK(free() == 2000);
  CHECK(yard.worker.is_idle(yard.now()));
}

TEST_CASE("a retry takes the place that its task's queue has by then") {
  Yard yard;
  const auto night = yard.queue("night", 0);
  yard.task("a", 0, "1");
  yard.step();
  {
    store::Transaction change(yard.store.db());
    model::Task moved = yard.task("a");
    moved.queue = night;
    yard.store.tasks().update(moved);
    worker::line_up_anew(yard.store, moved.id);
    change.commit();
  }
  CHECK(yard.store.queues().counts(night).running == 0);  // It began elsewhere, and counts there.
  yard.end("a", test::exited(1));
  yard.step();
  yard.clock.pass(31s);
  yard.step();
  CHECK(yard.started() == Lines{"a", "a"});
  CHECK(yard.store.queues().counts(night).running == 1);
}

TEST_CASE("what is short goes first where the queue says so, once it is known") {
  Yard yard(1);
  const auto quick = yard.queue("quick", 0, 1, "shortest");
  const auto manual = [&](const std::string& name) {
    model::Task made = task_named(name);
    made.queue = quick;
    made.trigger = model::TriggerKind::manual;
    made.at.reset();
    yard.add(made);
  };
  manual("long");
  manual("short");
  yard.start("long");
  yard.step();
  model::Ending hour = test::exited(0);
  hour.elapsed = 1h;
  yard.end("long", hour);
  yard.step();
  yard.start("short");
  yard.step();
  model::Ending second = test::exited(0);
  second.elapsed = 1s;
  yard.end("short", second);
  yard.step();
  yard.start("long");
  yard.start("short");
  yard.step();
  CHECK(yard.started().back() == "short");
}
