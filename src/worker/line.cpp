#include "worker/line.hpp"

#include "rules/estimate.hpp"
#include "rules/rank.hpp"
#include "rules/turns.hpp"
#include "store/one_line.hpp"
#include "worker/outside.hpp"

#include <algorithm>
#include <optional>

namespace sched::worker {
namespace {

/// Of so many runs of a task the length is asked, when it counts.
constexpr int k_history = 5;

/// Queues as they are read once for many runs.
class Places {
 public:
  explicit Places(store::Store& store) : store_(store) {}

  struct Place {
    model::LaneId lane;
    std::int64_t rank = 0;
  };
  Place of(const store::Comer& comer) {
    if (!queue_ || queue_->id != comer.queue) {
      queue_ = store_.queues().queue(comer.queue);
      lane_.reset();
    }
    if (!lane_ || needs_ != comer.needs) {
      needs_ = comer.needs;
      lane_ = store_.queues().lane_of(comer.queue, needs_);
    }
    rules::RankFacts facts{comer.not_before, comer.priority, std::nullopt, comer.deadline};
    if (queue_->policy.shortest) {
      facts.usual = rules::estimate(store_.attempts().durations(comer.task, k_history), 1, 1);
    }
    return {*lane_, rules::rank(*queue_, facts)};
  }

 private:
  store::Store& store_;
  std::optional<model::Queue> queue_;
  std::string needs_;
  std::optional<model::LaneId> lane_;
};

/// Looks at what lanes ask of the machine in which something waits, and at what those have that
/// run. Nothing else: a file system that does not answer must stop nobody who has no need of it.
void look_around(store::Store& store, Surroundings& surroundings,
                 std::vector<store::LaneRow>& lanes) {
  const auto asks = [&](const store::LaneRow& lane) {
    return (!lane.needs.space.empty() || !lane.needs.files.empty()) &&
           !store.runs().queued(lane.id, 1).empty();
  };
  if (std::none_of(lanes.begin(), lanes.end(), asks)) {
    return;
  }
  for (store::LaneRow& lane : lanes) {
    if (lane.running > 0 || asks(lane)) {
      surroundings.look_at(lane.needs);
    }
  }
}

rules::Stock stock_of(store::Store& store, Surroundings& surroundings) {
  auto lanes = store.queues().lanes();
  look_around(store, surroundings, lanes);
  rules::Stock stock(store.resources().all(), surroundings.found());
  for (const store::LaneRow& lane : lanes) {
    stock.take(lane.needs, lane.running);
  }
  return stock;
}

}  // namespace

void line_up(store::Store& store, model::RunId run) {
  if (const auto comer = store.runs().comer(run)) {
    const Places::Place place = Places(store).of(*comer);
    store.runs().enqueue(run, place.lane, place.rank);
  }
}

int line_up_due(store::Store& store, time::Instant now, int limit) {
  const auto due = store.runs().due(now, limit);
  Places places(store);
  for (const store::Comer& comer : due) {
    const Places::Place place = places.of(comer);
    store.runs().enqueue(comer.id, place.lane, place.rank);
  }
  return static_cast<int>(due.size());
}

void line_up_anew(store::Store& store, model::TaskId task) {
  Places places(store);
  for (const store::Comer& comer : store.runs().queued_of(task)) {
    const Places::Place place = places.of(comer);
    store.runs().move_in_line(comer.id, place.lane, place.rank);
  }
}

void bring_head(store::Store& store, rules::Chooser& chooser, model::LaneId lane) {
  const auto first = store.runs().queued(lane, 1);
  chooser.set_head(lane, first.empty()
                             ? std::nullopt
                             : std::optional(rules::Head{first.front().rank, first.front().id}));
}

rules::Chooser chooser_of(store::Store& store) {
  Surroundings surroundings;
  std::vector<rules::LaneFacts> lanes;
  auto rows = store.queues().lanes();
  look_around(store, surroundings, rows);
  for (const store::LaneRow& lane : rows) {
    lanes.push_back({lane.id, lane.queue, lane.needs, lane.running});
  }
  rules::Chooser chooser(store.queues().all(), store.resources().all(), lanes,
                         surroundings.found());
  for (const model::LaneId lane : chooser.open_lanes()) {
    bring_head(store, chooser, lane);
  }
  return chooser;
}

rules::Stock stock_of(store::Store& store) {
  Surroundings surroundings;
  return stock_of(store, surroundings);
}

std::vector<rules::Shortage> shortages_of(store::Store& store, model::Needs needs) {
  Surroundings surroundings;
  surroundings.look_at(needs);
  return stock_of(store, surroundings).shortages(needs);
}

bool can_start(store::Store& store) {
  return store.runs().any_queued() &&
         (store::has_one_line(store.db()) || chooser_of(store).next().has_value());
}

bool awaits_file(store::Store& store) {
  Surroundings surroundings;
  return std::ranges::any_of(store.queues().lanes(), [&](store::LaneRow& lane) {
    if (lane.needs.files.empty() || store.runs().queued(lane.id, 1).empty() ||
        store.queues().queue(lane.queue).state == model::QueueState::paused) {
      return false;
    }
    surroundings.look_at(lane.needs);
    const auto missing =
        rules::Stock({}, surroundings.found()).shortages({{}, {}, {}, lane.needs.files});
    return !missing.empty();
  });
}

void pay_turns(store::Store& store, const std::vector<exec::Ended>& ends) {
  if (ends.empty() || store::has_one_line(store.db())) {
    return;  // There is nobody to take turns with.
  }
  auto queues = store.queues().all();
  for (const exec::Ended& end : ends) {
    if (!store.attempts().is_open(end.claim)) {
      continue;  // A stale word.
    }
    const model::QueueId id = store.queues().queue_of_run(end.claim.run).value_or(model::QueueId());
    const auto queue = std::find_if(queues.begin(), queues.end(),
                                    [id](const model::Queue& one) { return one.id == id; });
    if (queue != queues.end()) {
      queue->turn = rules::pay(*queue, end.ending.elapsed);
      store.queues().set_turn(*queue);
    }
  }
}

}  // namespace sched::worker
