#include "worker/line.hpp"

#include "rules/estimate.hpp"
#include "rules/fair.hpp"
#include "rules/rank.hpp"
#include "rules/suspension.hpp"
#include "rules/turns.hpp"
#include "store/one_line.hpp"
#include "worker/outside.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

namespace sched::worker {
namespace {

/// Of so many runs of a task the length is asked, when it counts.
constexpr int k_history = 5;

/// Queues as they are read once for many runs.
class Places {
 public:
  explicit Places(store::Store& store) : store_(store) {}

  store::LinePlace of(const store::Comer& comer) {
    if (!queue_ || queue_->id != comer.queue) {
      queue_ = store_.queues().queue(comer.queue);
      lane_.reset();
    }
    const std::string share =
        queue_->policy.fair ? rules::share_of(queue_->fair, store_.tasks().task(comer.task)) : "";
    if (!guarded_) {
      guarded_ = store_.guards().any();
    }
    const std::string guards = *guarded_ ? store_.guards().key_of(comer.task) : "";
    if (!lane_ || needs_ != comer.needs || share_ != share || guards_ != guards) {
      needs_ = comer.needs;
      share_ = share;
      guards_ = guards;
      lane_ = store_.lanes().with(comer.queue, needs_, share_, guards_);
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
  std::string share_;
  std::optional<bool> guarded_;  ///< Whether there are guards, once that was asked.
  std::string guards_;
  std::optional<model::LaneId> lane_;
};

/// How long runs take at most: as long as the longest of the last, and never more than their time
/// limit. Each task is asked once.
class Longest {
 public:
  explicit Longest(store::Store& store) : store_(store) {}

  std::optional<time::Duration> of(model::TaskId task) {
    const auto [place, is_new] = known_.try_emplace(task);
    if (is_new) {
      const time::Duration limit = store_.tasks().task(task).timeout;
      const auto history = store_.attempts().durations(task, k_history);
      if (!history.empty()) {
        place->second = *std::max_element(history.begin(), history.end());
      }
      if (limit.count() > 0) {
        place->second = std::min(place->second.value_or(limit), limit);
      }
    }
    return place->second;
  }

 private:
  store::Store& store_;
  std::map<model::TaskId, std::optional<time::Duration>> known_;
};

rules::Outside look_around(Surroundings& surroundings, std::vector<model::Lane>& lanes,
                           std::vector<model::LaneLoad>& loads) {
  for (model::Lane& lane : lanes) {
    surroundings.look_at(lane.needs);
  }
  for (model::LaneLoad& load : loads) {
    surroundings.look_at(load.lane.needs);
  }
  return surroundings.found();
}

rules::Lookup lookup_of(store::Store& store, const GuardBook& guards) {
  const auto longest = std::make_shared<Longest>(store);
  rules::Lookup lookup;
  lookup.lanes_of = [&store](const model::Queue& queue) {
    return store.lanes().of_queue(queue.id);
  };
  lookup.heads_of = [&store](model::LaneId lane, int limit) {
    std::vector<rules::Head> heads;
    for (const store::QueuedRun& run : store.runs().queued(lane, limit)) {
      heads.push_back({run.rank, run.id});
    }
    return heads;
  };
  lookup.uses_of = [&store](const model::Queue& queue) { return store.lanes().uses_of(queue.id); };
  lookup.outside_of = [surroundings = std::make_shared<Surroundings>()](
                          std::vector<model::Lane>& lanes, std::vector<model::LaneLoad>& loads) {
    return look_around(*surroundings, lanes, loads);
  };
  if (!guards.guards().empty()) {
    lookup.guards_of = [&guards](const model::Lane& lane, int choice) {
      return guards.of(lane, choice);
    };
  }
  lookup.length_of = [&store, longest](model::RunId run) {
    return longest->of(store.runs().run(run).task);
  };
  lookup.ends_of = [&store, longest](const model::LaneLoad& load) {
    std::vector<std::optional<time::Instant>> ends;
    for (const store::LaneRunner& runner : store.lanes().runners(load)) {
      const auto length = longest->of(runner.task);
      ends.push_back(length ? std::optional(runner.started_at + *length) : std::nullopt);
    }
    return ends;
  };
  return lookup;
}

}  // namespace

void line_up(store::Store& store, const std::vector<store::Comer>& comers) {
  Places places(store);
  for (const store::Comer& comer : comers) {
    const store::LinePlace place = places.of(comer);
    store.runs().enqueue(comer.id, place.lane, place.rank, comer.edges);
  }
}

std::vector<store::LinePlace> places_of(store::Store& store,
                                        const std::vector<store::Comer>& comers) {
  Places places(store);
  std::vector<store::LinePlace> found;
  found.reserve(comers.size());
  for (const store::Comer& comer : comers) {
    found.push_back(places.of(comer));
  }
  return found;
}

int line_up_due(store::Store& store, time::Instant now, int limit) {
  const auto due = store.runs().due(now, limit);
  line_up(store, due);
  return static_cast<int>(due.size());
}

void line_up_anew(store::Store& store, model::TaskId task) {
  Places places(store);
  for (const store::Comer& comer : store.runs().queued_of(task)) {
    const store::LinePlace place = places.of(comer);
    store.runs().move_in_line(comer.id, place.lane, place.rank);
  }
}

rules::Chooser chooser_of(store::Store& store, const GuardBook& guards, time::Instant now) {
  return {store.queues().all(),
          store.resources().all(),
          store.lanes().loads(now),
          lookup_of(store, guards),
          now,
          guards.allowances()};
}

rules::Chooser bare_chooser(store::Store& store, time::Instant now) {
  return {store.queues().all(), store.resources().all(), store.lanes().loads(now), {}, now};
}

std::vector<rules::Shortage> shortages_of(store::Store& store, model::Needs needs,
                                          time::Instant now) {
  Surroundings surroundings;
  surroundings.look_at(needs);
  auto loads = store.lanes().loads(now);
  const bool asks = !needs.space.empty() || !needs.files.empty();
  rules::Stock stock(store.resources().all());
  for (model::LaneLoad& load : loads) {
    if (asks) {
      surroundings.look_at(load.lane.needs);
    }
    const model::Needs taken = load.suspended ? rules::kept_back(load.lane.needs) : load.lane.needs;
    stock.take(stock.demand(taken, load.choice), load.runs);
  }
  stock.see(surroundings.found());
  return stock.shortages(needs);
}

bool awaits_file(store::Store& store) {
  Surroundings surroundings;
  return std::ranges::any_of(store.lanes().all(), [&](model::Lane& lane) {
    if (lane.needs.files.empty() || store.runs().queued(lane.id, 1).empty() ||
        store.queues().queue(lane.queue).state == model::QueueState::paused) {
      return false;
    }
    surroundings.look_at(lane.needs);
    rules::Stock stock;
    stock.see(surroundings.found());
    model::Needs files;
    files.files = lane.needs.files;
    return !stock.shortages(files).empty();
  });
}

bool can_start(store::Store& store, time::Instant now) {
  return store.runs().any_queued() &&
         (store::has_one_line(store.db()) ||
          chooser_of(store, GuardBook(store, now), now).next().has_value());
}

void pay_turns(store::Store& store, const std::vector<exec::Ended>& ends, time::Instant now) {
  if (ends.empty() || store::has_one_line(store.db())) {
    return;  // There is nobody to take turns with.
  }
  for (const exec::Ended& end : ends) {
    if (!store.attempts().is_open(end.claim)) {
      continue;  // A stale word.
    }
    const auto load = store.lanes().of_run(end.claim.run);
    if (!load) {
      continue;
    }
    model::Queue queue = store.queues().queue(load->lane.queue);
    queue.turn = rules::pay(queue, end.ending.elapsed);
    store.queues().set_turn(queue);
    if (queue.policy.fair) {
      const auto uses = store.lanes().uses_of(queue.id);
      const auto use = uses.find(load->lane.share);
      store.lanes().set_use(queue.id, load->lane.share,
                            rules::paid(use == uses.end() ? model::ShareUse{{}, now} : use->second,
                                        queue.fair.half_life, end.ending.elapsed, now));
    }
  }
}

}  // namespace sched::worker
