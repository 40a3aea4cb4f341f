// The lines of a Chooser: which queue comes when, and who stands where in it.
#include "rules/choose.hpp"
#include "rules/fair.hpp"
#include "rules/turns.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace sched::rules {

void Chooser::sort_lines() {
  std::vector<std::tuple<bool, bool, std::int64_t, model::QueueId, std::size_t>> keys;
  keys.reserve(lines_.size());
  for (std::size_t at = 0; at < lines_.size(); ++at) {
    const Line& line = lines_[at];
    keys.emplace_back(line.queue.preempt == model::Preempt::none,
                      line.running >= line.queue.guaranteed, next_turn(line.queue.turn, clock_),
                      line.queue.id, at);
  }
  std::sort(keys.begin(), keys.end());
  order_.clear();
  for (const auto& key : keys) {
    order_.push_back(std::get<std::size_t>(key));
  }
}

void Chooser::add_shares(Line& line) {
  const auto uses =
      lookup_.uses_of ? lookup_.uses_of(line.queue) : std::map<std::string, model::ShareUse>();
  for (const Place& place : line.places) {
    Share& share = line.shares[place.lane.share];
    share.weight = line.queue.fair.weight_of(place.lane.share);
    const auto use = uses.find(place.lane.share);
    if (use != uses.end()) {
      share.used =
          static_cast<double>(used_at(use->second, line.queue.fair.half_life, now_).count()) /
          share.weight;
    }
  }
  for (const model::LaneLoad& load : loads_) {
    const auto share = line.shares.find(load.lane.share);
    if (load.lane.queue == line.queue.id && share != line.shares.end()) {
      share->second.used +=
          (static_cast<double>(load.taken.count()) + k_start_ms * static_cast<double>(load.runs)) /
          share->second.weight;
    }
  }
}

void Chooser::prepare(Line& line) {
  if (!line.is_open) {
    open(line);
  }
  if (!line.is_sorted) {
    sort_places(line);
  }
}

/// Nothing is looked at that none of these asks for: a file system that does not answer must stop
/// nobody who has no need of it.
void Chooser::look_outside(std::vector<model::Lane>& lanes) {
  std::vector<model::Lane> asking;
  const auto asks = [this](const model::Lane& lane) {
    return (!lane.needs.space.empty() || !lane.needs.files.empty()) &&
           !lookup_.heads_of(lane.id, 1).empty();
  };
  const auto first = std::stable_partition(lanes.begin(), lanes.end(),
                                           [&](const model::Lane& lane) { return !asks(lane); });
  if (first == lanes.end() || !lookup_.outside_of) {
    return;
  }
  asking.assign(std::make_move_iterator(first), std::make_move_iterator(lanes.end()));
  stock_.see(lookup_.outside_of(asking, loads_));
  std::move(asking.begin(), asking.end(), first);
  if (std::exchange(has_looked_, true)) {
    return;
  }
  for (const model::LaneLoad& load : loads_) {
    model::Needs space;
    space.space = load.lane.needs.space;
    stock_.take(stock_.demand(space, 0), load.runs);
  }
}

void Chooser::open(Line& line) {
  line.is_open = true;
  auto lanes = lookup_.lanes_of(line.queue);
  look_outside(lanes);
  for (model::Lane& lane : lanes) {
    Place place;
    for (int choice = 0; choice < lane.needs.choices(); ++choice) {
      place.demands.push_back(stock_.demand(lane.needs, choice));
      place.guards.push_back(lookup_.guards_of ? lookup_.guards_of(lane, choice)
                                               : std::vector<model::GuardId>());
    }
    place.lane = std::move(lane);
    line.places.push_back(std::move(place));
  }
  if (line.queue.policy.fair) {
    add_shares(line);
  }
}

void Chooser::sort_places(Line& line) {
  line.is_sorted = true;
  for (Place& place : line.places) {
    // Of what waits for the last of something it need not be known who is first.
    const bool is_exhausted =
        std::all_of(place.demands.begin(), place.demands.end(),
                    [this](const Demand& demand) { return stock_.is_exhausted(demand); });
    if (!place.is_asked && !is_exhausted && is_permitted(place)) {
      place.is_asked = true;
      const auto heads = lookup_.heads_of(place.lane.id, 1);
      place.head = heads.empty() ? std::nullopt : std::optional(heads.front());
      empty_lanes_ += place.head ? 0 : 1;
    }
  }
  std::vector<std::tuple<bool, double, std::int64_t, model::RunId, Place*>> keys;
  keys.reserve(line.places.size());
  for (Place& place : line.places) {
    const double used = line.queue.policy.fair ? line.shares[place.lane.share].used : 0;
    const Head head = place.head.value_or(Head{});
    keys.emplace_back(!place.head, used, head.rank, head.run, &place);
  }
  std::sort(keys.begin(), keys.end());
  line.in_order.clear();
  for (const auto& key : keys) {
    line.in_order.push_back(std::get<Place*>(key));
  }
}

}  // namespace sched::rules
