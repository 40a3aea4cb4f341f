#include "store/remembered.hpp"

#include "support/temp_dir.hpp"
#include "unit/store/runs_at_hand.hpp"

#include <array>
#include <utility>
#include <vector>

using namespace sched;
using namespace sched::test;
using model::Outcome;
using model::RunState;

namespace {

/// Who is first in both lanes, as it is remembered and as it is.
using FirstRuns = std::array<model::RunId, 2>;

struct Lines : Bench {
  model::LaneId other = store.lanes().with(model::k_default_queue, "cpu=1;", "", "");

  FirstRuns first(int limit) {
    FirstRuns found;
    for (const auto& [at, lane] : {std::pair{0, model::k_default_lane}, {1, other}}) {
      const auto queued = store.runs().queued(lane, limit);
      found.at(static_cast<std::size_t>(at)) = queued.empty() ? model::RunId() : queued.front().id;
    }
    return found;
  }
  bool are_right() {
    const FirstRuns remembered = first(1);
    return remembered == first(2);  // Of which as many as that are read, and remembered.
  }
  model::RunId queue(model::LaneId lane, std::int64_t rank) {
    const model::RunId run = fresh();
    REQUIRE(store.runs().enqueue(run, lane, rank));
    return run;
  }
};

}  // namespace

TEST_CASE("what texts mean is remembered, but not megabytes of them") {
  store::Remembered<std::size_t, 2> sizes;
  int read = 0;
  const auto size_of = [&](const std::string& text) {
    return sizes.of(text, [&](const std::string& unknown) {
      ++read;
      return unknown.size();
    });
  };
  CHECK(size_of("a") == 1);
  CHECK(size_of("a") == 1);
  CHECK(read == 1);
  CHECK(size_of(std::string(2U << 20U, 'x')) == 2U << 20U);
  CHECK(size_of("a") == 1);  // The long one had it forgotten, and goes for it.
  CHECK(read == 3);
  size_of("b");
  size_of("a");
  CHECK(read == 4);
  size_of("c");  // One more than are kept.
  size_of("a");
  CHECK(read == 6);
}

TEST_CASE("who is first in a lane is known anew after whatever happens to runs") {
  const std::pair<const char*, std::function<void(Lines&, model::RunId)>> changes[] = {
      {"start", [](Lines& all, auto run) { all.store.runs().start(run, 1, 0, all.now()); }},
      {"hold", [](Lines& all, auto run) { all.store.runs().hold(run); }},
      {"wait", [](Lines& all, auto run) { all.store.runs().wait(run, all.now(), {}); }},
      {"skip",
       [](Lines& all, auto run) {
         all.store.runs().finish_unstarted(run, Outcome::skipped, "why", all.now());
       }},
      {"another rank",
       [](Lines& all, auto run) { all.store.runs().move_in_line(run, model::k_default_lane, 99); }},
      {"another lane",
       [](Lines& all, auto run) { all.store.runs().move_in_line(run, all.other, -99); }},
      {"a new first", [](Lines& all, auto) { all.queue(model::k_default_lane, -99); }},
      {"one more", [](Lines& all, auto) { all.queue(model::k_default_lane, 99); }},
      {"one that is in line at once",
       [](Lines& all, auto run) {
         model::Run more = all.store.runs().run(run);
         more.nominal_at += std::chrono::hours(1);
         all.store.runs().add(more, {all.other, -99});
       }},
      {"a start, and back",
       [](Lines& all, auto run) {
         all.store.runs().start(run, 1, 0, all.now());
         CHECK(all.are_right());
         all.store.runs().hand_back(all.claim(run), false);
       }},
      {"a start that gives way",
       [](Lines& all, auto run) {
         all.store.runs().start(run, 1, 0, all.now());
         CHECK(all.are_right());
         all.store.runs().give_way(all.claim(run), "why", false);
       }},
      {"the end of another",
       [](Lines& all, auto run) {
         all.store.runs().start(run, 1, 0, all.now());
         CHECK(all.are_right());
         all.store.runs().finish(all.claim(run), Outcome::succeeded, 0, "why", all.now());
       }},
      {"its task is removed", [](Lines& all, auto) { all.store.tasks().remove(all.task); }},
      {"any statement",
       [](Lines& all, auto) { all.store.db().execute("UPDATE runs SET rank = -rank"); }},
  };
  for (const auto& [name, change] : changes) {
    const std::string what(name);  // clang 14 captures no structured binding.
    CAPTURE(what);
    for (const bool is_undone : {false, true}) {
      CAPTURE(is_undone);
      Lines all;
      const model::RunId first = all.queue(model::k_default_lane, 1);
      all.queue(model::k_default_lane, 2);
      all.queue(all.other, 1);
      all.queue(all.other, 2);
      {
        store::Transaction pass(all.store.db());
        REQUIRE(all.are_right());
        pass.commit();
      }
      {
        store::Transaction pass(all.store.db());
        change(all, first);
        CHECK(all.are_right());
        if (!is_undone) {
          pass.commit();
        }
      }
      store::Transaction pass(all.store.db());
      CHECK(all.are_right());
    }
  }
}

TEST_CASE("what another connection changes is seen by the next transaction") {
  TempDir directory;
  store::Store one(store::Places{directory / "store"});
  store::Store two(store::Places{directory / "store"});
  const auto names = [&] {
    std::string all;
    store::Transaction pass(one.db());
    for (const model::Queue& queue : one.queues().all()) {
      all += queue.name + (one.lanes().of_queue(queue.id).empty() ? "" : "*") + " ";
    }
    pass.commit();
    return all;
  };
  CHECK(names() == "default* ");
  model::Queue night;
  night.name = "night";
  night.id = two.queues().add(night);
  CHECK(names() == "default* night ");
  two.lanes().with(night.id, "cpu=1;", "", "");
  CHECK(names() == "default* night* ");
  two.queues().remove(night.id);
  CHECK(names() == "default* ");
}

TEST_CASE("a queue is remembered with the turn that it was given, unless that is undone") {
  Bench bench;
  model::Queue night;
  night.name = "night";
  night.id = bench.store.queues().add(night);
  const auto turn = [&] { return bench.store.queues().queue(night.id).turn.begin; };
  const auto give = [&](std::int64_t begin) {
    night.turn = {begin, begin + 1};
    bench.store.queues().set_turn(night);
    CHECK(turn() == begin);
    CHECK(bench.store.queues().all().back().turn.begin == begin);
  };
  {
    store::Transaction pass(bench.store.db());
    CHECK(bench.store.queues().all().size() == 2);
    give(5);
    pass.commit();
  }
  {
    store::Transaction pass(bench.store.db());
    give(7);
    bench.store.lanes().with(night.id, "cpu=2;", "", "");
    CHECK(bench.store.lanes().of_queue(night.id).size() == 1);
  }
  store::Transaction pass(bench.store.db());
  CHECK(bench.store.queues().all().back().turn.begin == 5);
  CHECK(bench.store.lanes().of_queue(night.id).empty());
  CHECK(turn() == 5);
}

TEST_CASE("a look at the store has nothing forgotten, and sees what others changed") {
  Bench bench;
  store::Store other(store::Places{bench.directory / "store"});
  const auto version = [&] { return bench.store.db().version(store::Watched::queues); };
  const auto look = [&] {
    const store::Snapshot at_once(bench.store.db());
    return std::pair{version(), bench.store.queues().all().size()};
  };
  std::uint64_t before = 0;
  {
    store::Transaction pass(bench.store.db());
    CHECK(bench.store.queues().all().size() == 1);
    before = version();
    pass.commit();
  }
  CHECK(version() == 0);
  CHECK(look() == std::pair{before, std::size_t{1}});
  CHECK(look() == std::pair{before, std::size_t{1}});
  {
    store::Transaction change(other.db());
    model::Queue night;
    night.name = "night";
    other.queues().add(night);
    change.commit();
  }
  CHECK(look().first != before);
  CHECK(look().second == 2);
  const store::Transaction pass(bench.store.db());
  CHECK(bench.store.queues().all().size() == 2);
}
