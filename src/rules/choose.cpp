#include "rules/choose.hpp"

#include "rules/suspension.hpp"
#include "rules/turns.hpp"

#include <algorithm>
#include <utility>

namespace sched::rules {
namespace {

/// In turns by who has waited for longer, else as if it stood in line again; equal ones go on
/// first.
bool goes_on_first(const model::QueuePolicy& policy, const Standing& suspended, const Head& head) {
  return policy.fair ||
         (policy.round_robin ? time::to_ms(suspended.since) : suspended.rank) <= head.rank;
}

/// So many of a lane are asked how long they take, when its first must wait.
constexpr int k_deepest = 32;

}  // namespace

Chooser::Chooser(std::vector<model::Queue> queues, const std::vector<model::Resource>& resources,
                 std::vector<model::LaneLoad> loads, Lookup lookup, time::Instant now,
                 Allowances allowances)
    : loads_(std::move(loads)),
      lookup_(std::move(lookup)),
      now_(now),
      stock_(resources),
      backfill_(now, [this] { return holdings(); }),
      allowances_(std::move(allowances)),
      clock_(turn_clock(queues)) {
  std::map<model::QueueId, std::int64_t> running;
  for (const model::LaneLoad& load : loads_) {
    running[load.lane.queue] += load.suspended ? 0 : load.runs;
    model::Needs needs = load.suspended ? kept_back(load.lane.needs) : load.lane.needs;
    needs.space.clear();  // On which disk that is must be looked up first.
    stock_.take(stock_.demand(needs, load.choice), load.runs);
  }
  for (model::Queue& queue : queues) {
    Line line;
    line.running = running[queue.id];
    line.queue = std::move(queue);
    lines_.push_back(std::move(line));
  }
}

bool Chooser::has_room(const Line& line) {
  return line.queue.state != model::QueueState::paused && has_slot(line);
}

std::optional<Choice> Chooser::choose(const Line& line, const Place& place, const Head& head) {
  const Length length = [&] {
    return lookup_.length_of ? lookup_.length_of(head.run) : std::nullopt;
  };
  for (std::size_t choice = 0; choice < place.demands.size(); ++choice) {
    const Demand& demand = place.demands[choice];
    const std::vector<model::GuardId>& guards = place.guards[choice];
    if (allowances_.permit(guards) && stock_.fits(demand) &&
        !backfill_.waits_for(stock_, demand, length)) {
      return Choice{place.lane.id, head.run, static_cast<int>(choice), line.queue.name, guards};
    }
  }
  return std::nullopt;
}

/// Of those behind the head of a lane, which are told from it by nothing but how long they take.
std::optional<Choice> Chooser::choose_behind(const Line& line, const Place& place) {
  for (const Head& head : lookup_.heads_of(place.lane.id, k_deepest)) {
    if (head.run != place.head->run) {
      if (auto choice = choose(line, place, head)) {
        return choice;
      }
    }
  }
  return std::nullopt;
}

std::optional<Choice> Chooser::first_of(Line& line) {
  std::optional<Choice> back;
  const Standing* suspended = first_suspended(line);
  if (suspended != nullptr) {
    back = Choice{suspended->lane.id, suspended->run, suspended->choice, line.queue.name, {}, true};
  }
  if (!may_start(line)) {
    return back;
  }
  prepare(line);
  for (const Place* const at : line.in_order) {
    const Place& place = *at;
    if (!place.head) {
      break;  // They stand behind.
    }
    if (suspended != nullptr && goes_on_first(line.queue.policy, *suspended, *place.head)) {
      return back;
    }
    if (!is_permitted(place)) {
      continue;  // Another start took the last that was allowed; nothing is kept for it either.
    }
    if (auto choice = choose(line, place, *place.head)) {
      return choice;
    }
    const auto fits = [this](const Demand& demand) { return stock_.fits(demand); };
    if (std::any_of(place.demands.begin(), place.demands.end(), fits)) {
      // It waits for somebody's turn; one behind it may be short enough not to.
      if (auto choice = choose_behind(line, place)) {
        return choice;
      }
    }
    keep_for(line, place);
  }
  return back;
}

bool Chooser::is_permitted(const Place& place) const {
  return std::any_of(
      place.guards.begin(), place.guards.end(),
      [this](const std::vector<model::GuardId>& guards) { return allowances_.permit(guards); });
}

void Chooser::keep_for(const Line& line, const Place& place) {
  // What can never run would keep others from it for ever.
  const Demand& first = place.demands.front();
  if (place.head && stock_.is_possible(first) && !stock_.fits(first)) {
    backfill_.keep(first, place.head->run, line.queue.eager_backfill);
  }
}

std::optional<Choice> Chooser::next(bool only_favoured) {
  if (order_.empty()) {
    sort_lines();
  }
  backfill_.clear();
  if (auto choice = next_favoured(); choice || only_favoured) {
    return choice;
  }
  for (const std::size_t at : order_) {
    Line& line = lines_[at];
    if (!has_slot(line) || (!may_start(line) && line.suspended.empty())) {
      continue;
    }
    if (auto choice = first_of(line)) {
      return choice;
    }
  }
  return std::nullopt;
}

bool Chooser::could_start(const model::Lane& lane) {
  const auto line = std::find_if(lines_.begin(), lines_.end(),
                                 [&](const Line& one) { return one.queue.id == lane.queue; });
  if (line == lines_.end() || !has_room(*line)) {
    return false;
  }
  model::Needs needs = lane.needs;
  needs.space.clear();
  needs.files.clear();
  for (int choice = 0; choice < needs.choices(); ++choice) {
    if (stock_.fits(stock_.demand(needs, choice))) {
      return true;
    }
  }
  return false;
}

std::optional<KeptFor> Chooser::kept_from(model::LaneId lane, model::RunId run) {
  sort_lines();
  backfill_.clear();
  for (const std::size_t at : order_) {
    Line& line = lines_[at];
    if (!has_room(line)) {
      continue;
    }
    prepare(line);
    for (const Place* const at_place : line.in_order) {
      const Place& place = *at_place;
      if (place.lane.id != lane) {
        keep_for(line, place);
        continue;
      }
      const Length length = [&] {
        return lookup_.length_of ? lookup_.length_of(run) : std::nullopt;
      };
      std::optional<KeptFor> found;
      for (const Demand& demand : place.demands) {
        if (!stock_.fits(demand)) {
          continue;
        }
        const auto kept = backfill_.waits_for(stock_, demand, length);
        if (!kept) {
          return std::nullopt;
        }
        found = found ? found : kept;
      }
      return found;
    }
  }
  return std::nullopt;
}

std::optional<time::Instant> Chooser::start_of(const model::Needs& needs) {
  std::optional<time::Instant> soonest;
  for (int choice = 0; choice < needs.choices(); ++choice) {
    const auto start = backfill_.start_of(stock_, stock_.demand(needs, choice));
    soonest = soonest && start ? std::min(*soonest, *start) : soonest ? soonest : start;
  }
  return soonest;
}

void Chooser::start(const Choice& choice) {
  if (choice.goes_on) {
    go_on(choice);
    return;
  }
  const auto is_started = [&](const Favoured& one) { return one.run == choice.run; };
  const bool was_favoured = std::erase_if(favoured_, is_started) > 0;
  const auto is_chosen = [&](const Place& place) { return place.lane.id == choice.lane; };
  const auto line = std::find_if(lines_.begin(), lines_.end(), [&](const Line& one) {
    return std::any_of(one.places.begin(), one.places.end(), is_chosen);
  });
  if (line == lines_.end()) {
    return;
  }
  Place& place = *std::find_if(line->places.begin(), line->places.end(), is_chosen);
  line->reserved -= was_favoured ? 1 : 0;
  const Demand& demand = place.demands[static_cast<std::size_t>(choice.amounts)];
  stock_.take(demand);
  allowances_.take(choice.guards);
  backfill_.started(demand, [this, run = choice.run] {
    return lookup_.length_of ? lookup_.length_of(run) : std::nullopt;
  });
  if (line->queue.policy.fair) {
    Share& share = line->shares[place.lane.share];
    share.used += k_start_ms / share.weight;
  }
  place.head.reset();
  place.is_asked = false;
  line->is_sorted = false;
  ++line->running;
  // Alone, a queue takes no turns: there is nobody to share with, and nothing to be written.
  if (lines_.size() > 1) {
    line->queue.turn = take_turn(line->queue, clock_);
    line->moved = true;
    clock_ = std::max(clock_, line->queue.turn.begin);
    order_.clear();
  }
}

std::vector<Holding> Chooser::holdings() {
  std::vector<Holding> found;
  for (const model::LaneLoad& load : loads_) {
    const Demand demand =
        stock_.demand(load.suspended ? kept_back(load.lane.needs) : load.lane.needs, load.choice);
    if (demand.empty()) {
      continue;
    }
    auto ends = lookup_.ends_of && !load.suspended ? lookup_.ends_of(load)
                                                   : std::vector<std::optional<time::Instant>>();
    ends.resize(static_cast<std::size_t>(load.runs));
    for (const auto& end : ends) {
      found.push_back({demand, end});
    }
  }
  return found;
}

std::vector<model::Queue> Chooser::moved() const {
  std::vector<model::Queue> queues;
  for (const Line& line : lines_) {
    if (line.moved) {
      queues.push_back(line.queue);
    }
  }
  return queues;
}

}  // namespace sched::rules
