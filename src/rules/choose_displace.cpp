// How a Chooser makes room for runs that displace others.
#include "rules/choose.hpp"
#include "rules/suspension.hpp"

#include <algorithm>
#include <utility>

namespace sched::rules {

void Chooser::favour(const std::vector<Favoured>& favoured) {
  for (const Favoured& one : favoured) {
    Line* line = line_of(one.queue);
    const Place* place = line != nullptr && may_start(*line) ? place_of(*line, one.lane) : nullptr;
    // What it waits for besides may keep it for long, and nothing is kept for it then.
    if (place != nullptr && is_permitted(*place) && stock_.is_possible(place->demands.front())) {
      ++line->reserved;
      favoured_.push_back(one);
    }
  }
}

Chooser::Place* Chooser::place_of(Line& line, model::LaneId lane) {
  if (!line.is_open) {
    open(line);
  }
  const auto found = std::find_if(line.places.begin(), line.places.end(),
                                  [&](const Place& place) { return place.lane.id == lane; });
  return found == line.places.end() ? nullptr : &*found;
}

std::optional<Choice> Chooser::next_favoured() {
  for (const Favoured& one : favoured_) {
    Line& line = *line_of(one.queue);
    Place* place = place_of(line, one.lane);
    if (place == nullptr) {
      continue;
    }
    if (line.queue.slots == 0 || line.running < line.queue.slots) {
      if (auto choice = choose(line, *place, {0, one.run})) {
        return choice;
      }
    }
    backfill_.keep(place->demands.front(), one.run, false);
  }
  return std::nullopt;
}

std::optional<Choice> Chooser::first_in(model::QueueId queue) {
  Line* line = line_of(queue);
  if (line == nullptr || !may_start(*line)) {
    return std::nullopt;
  }
  if (!line->is_open) {
    open(*line);
  }
  std::optional<Head> first;
  const Place* of = nullptr;
  for (const Place& place : line->places) {
    const auto heads =
        is_permitted(place) ? lookup_.heads_of(place.lane.id, 1) : std::vector<Head>();
    if (!heads.empty() && (!first || std::pair(heads.front().rank, heads.front().run) <
                                         std::pair(first->rank, first->run))) {
      first = heads.front();
      of = &place;
    }
  }
  return first ? std::optional(Choice{of->lane.id, first->run, 0, line->queue.name, {}, false})
               : std::nullopt;
}

/// Which of its choices could start now.
std::optional<int> Chooser::fitting(const Line& line, const Place& place) const {
  if (!has_slot(line)) {
    return std::nullopt;
  }
  for (std::size_t choice = 0; choice < place.demands.size(); ++choice) {
    if (allowances_.permit(place.guards[choice]) && stock_.fits(place.demands[choice])) {
      return static_cast<int>(choice);
    }
  }
  return std::nullopt;
}

/// One gives up what it has, or with -1 takes it again.
void Chooser::give_back(const Standing& one, bool suspends, std::int64_t times) {
  model::Needs needs = suspends ? given_up(one.lane.needs) : one.lane.needs;
  needs.space.clear();
  stock_.take(stock_.demand(needs, one.choice), -times);
  if (Line* line = line_of(one.lane.queue)) {
    line->running -= times;
  }
}

std::optional<Displacement> Chooser::displace(const Choice& first,
                                              const std::vector<Victim>& victims, bool suspends,
                                              bool has_slot) {
  Line* line = nullptr;
  Place* place = nullptr;
  for (Line& each : lines_) {
    if (each.is_open && (place = place_of(each, first.lane)) != nullptr) {
      line = &each;
      break;
    }
  }
  if (place == nullptr) {
    return std::nullopt;
  }
  std::vector<std::size_t> taken;
  const auto fits = [&] {
    const bool may_use_slot =
        has_slot || std::any_of(taken.begin(), taken.end(),
                                [&](std::size_t at) { return victims[at].is_ours; });
    return may_use_slot ? fitting(*line, *place) : std::nullopt;
  };
  for (std::size_t at = 0; at < victims.size() && !fits(); ++at) {
    give_back(victims[at].standing, suspends, 1);
    taken.push_back(at);
  }
  auto choice = fits();
  // Nobody gives way in vain: the last that was asked for is the dearest.
  for (std::size_t i = taken.size(); choice && i-- > 0;) {
    const std::size_t at = taken[i];
    taken.erase(taken.begin() + static_cast<std::ptrdiff_t>(i));
    give_back(victims[at].standing, suspends, -1);
    if (const auto still = fits()) {
      choice = still;
    } else {
      give_back(victims[at].standing, suspends, 1);
      taken.insert(taken.begin() + static_cast<std::ptrdiff_t>(i), at);
      choice = fits();
    }
  }
  const bool gives_way = choice && !taken.empty();
  if (!gives_way || !suspends) {
    for (const std::size_t at : taken) {
      give_back(victims[at].standing, suspends, -1);
    }
  }
  if (!gives_way) {
    return std::nullopt;
  }
  Displacement found{first, taken};
  found.choice.amounts = *choice;
  found.choice.guards = place->guards[static_cast<std::size_t>(*choice)];
  return found;
}

}  // namespace sched::rules
