// What a Chooser does with runs that are suspended, and with those that give way.
#include "rules/choose.hpp"
#include "rules/suspension.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sched::rules {

bool Chooser::has_slot(const Line& line) {
  return line.queue.slots == 0 || line.running + line.reserved < line.queue.slots;
}

bool Chooser::may_start(const Line& line) const {
  return starts_ && line.queue.state != model::QueueState::paused;
}

Chooser::Line* Chooser::line_of(model::QueueId queue) {
  const auto found = std::find_if(lines_.begin(), lines_.end(),
                                  [&](const Line& line) { return line.queue.id == queue; });
  return found == lines_.end() ? nullptr : &*found;
}

void Chooser::may_go_on(std::vector<Standing> suspended, bool starts) {
  starts_ = starts;
  for (Standing& one : suspended) {
    if (Line* line = line_of(one.lane.queue)) {
      line->suspended.push_back(std::move(one));
    }
  }
  for (Line& line : lines_) {
    const bool in_turns = line.queue.policy.round_robin;
    const auto key = [in_turns](const Standing& one) {
      return std::tuple(in_turns ? time::to_ms(one.since) : one.rank, one.run);
    };
    std::sort(line.suspended.begin(), line.suspended.end(),
              [&](const Standing& a, const Standing& b) { return key(a) < key(b); });
  }
}

/// The first whose CPUs are there.
const Standing* Chooser::first_suspended(const Line& line) {
  const Length unknown = [] { return std::optional<time::Duration>(); };
  for (const Standing& one : line.suspended) {
    const Demand demand = stock_.demand(given_up(one.lane.needs), one.choice);
    if (demand.empty() || (stock_.fits(demand) && !backfill_.waits_for(stock_, demand, unknown))) {
      return &one;
    }
  }
  return nullptr;
}

void Chooser::go_on(const Choice& choice) {
  for (Line& line : lines_) {
    const auto one = std::find_if(line.suspended.begin(), line.suspended.end(),
                                  [&](const Standing& each) { return each.run == choice.run; });
    if (one != line.suspended.end()) {
      stock_.take(stock_.demand(given_up(one->lane.needs), one->choice));
      ++line.running;
      line.suspended.erase(one);
      order_.clear();
      return;
    }
  }
}

/// Only where the queue is full: else its worker would have let it go on.
bool Chooser::is_turn_of(const Standing& other, Line& line) {
  if (other.lane.queue != line.queue.id || has_slot(line)) {
    return false;
  }
  prepare(line);
  const bool before_new = !may_start(line) || line.in_order.empty() ||
                          !line.in_order.front()->head ||
                          time::to_ms(other.since) <= line.in_order.front()->head->rank;
  return before_new &&
         std::all_of(line.suspended.begin(), line.suspended.end(), [&](const Standing& ours) {
           return std::tuple(other.since, other.run) < std::tuple(ours.since, ours.run);
         });
}

std::optional<Choice> Chooser::next_in_place_of(const Standing& one,
                                                const std::vector<Standing>& elsewhere) {
  Line* line = line_of(one.lane.queue);
  if (line == nullptr) {
    return std::nullopt;
  }
  if (std::any_of(elsewhere.begin(), elsewhere.end(),
                  [&](const Standing& other) { return is_turn_of(other, *line); })) {
    return std::nullopt;
  }
  const Demand freed = stock_.demand(given_up(one.lane.needs), one.choice);
  stock_.take(freed, -1);
  --line->running;
  line->is_sorted = false;  // What was taken to the last of it may be had again.
  backfill_.clear();
  auto choice = has_slot(*line) ? first_of(*line) : std::nullopt;
  if (!choice) {
    stock_.take(freed);
    ++line->running;
  }
  return choice;
}

}  // namespace sched::rules
