#include "worker/line.hpp"

#include "rules/estimate.hpp"
#include "rules/rank.hpp"
#include "rules/turns.hpp"
#include "store/one_line.hpp"

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
    if (!guarded_) {
      guarded_ = store_.guards().any();
    }
    std::string guards = *guarded_ ? store_.guards().key_of(comer.task) : std::string();
    if (!lane_ || needs_ != comer.needs || guards_ != guards) {
      needs_ = comer.needs;
      guards_ = std::move(guards);
      lane_ = store_.queues().lane_of(comer.queue, needs_, guards_);
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
  std::optional<bool> guarded_;  ///< Whether there are guards, once that was asked.
  std::string needs_;
  std::string guards_;
  std::optional<model::LaneId> lane_;
};

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

rules::Chooser chooser_of(store::Store& store, const GuardBook& guards) {
  std::vector<rules::LaneFacts> lanes;
  for (const store::LaneRow& lane : store.queues().lanes()) {
    lanes.push_back({lane.id, lane.queue, lane.needs, lane.running, guards.of(lane)});
  }
  rules::Chooser chooser(store.queues().all(), store.resources().all(), lanes, guards.allowances());
  for (const model::LaneId lane : chooser.open_lanes()) {
    bring_head(store, chooser, lane);
  }
  return chooser;
}

rules::Chooser bare_chooser(store::Store& store) {
  std::vector<rules::LaneFacts> lanes;
  for (const store::LaneRow& lane : store.queues().lanes()) {
    lanes.push_back({lane.id, lane.queue, lane.needs, lane.running, {}});
  }
  return {store.queues().all(), store.resources().all(), lanes};
}

rules::Stock stock_of(store::Store& store) {
  rules::Stock stock(store.resources().all());
  for (const store::LaneRow& lane : store.queues().lanes()) {
    stock.take(lane.needs, lane.running);
  }
  return stock;
}

bool can_start(store::Store& store, time::Instant now) {
  return store.runs().any_queued() && (store::has_one_line(store.db()) ||
                                       chooser_of(store, GuardBook(store, now)).next().has_value());
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
