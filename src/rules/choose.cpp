#include "rules/choose.hpp"

#include "rules/turns.hpp"

#include <algorithm>
#include <cassert>
#include <tuple>

namespace sched::rules {

Chooser::Chooser(std::vector<model::Queue> queues, const std::vector<model::Resource>& resources,
                 const std::vector<LaneFacts>& lanes, Allowances allowances)
    : stock_(resources), allowances_(std::move(allowances)), clock_(turn_clock(queues)) {
  for (model::Queue& queue : queues) {
    lines_.push_back({std::move(queue), 0, false});
  }
  for (const LaneFacts& facts : lanes) {
    const auto line = std::find_if(lines_.begin(), lines_.end(), [&](const Line& candidate) {
      return candidate.queue.id == facts.queue;
    });
    if (line == lines_.end()) {
      continue;
    }
    line->running += facts.running;
    stock_.take(facts.needs, facts.running);
    lanes_.push_back(
        {facts.id, static_cast<std::size_t>(line - lines_.begin()), facts.needs, facts.guards, {}});
  }
}

bool Chooser::has_room(const Line& line) {
  return line.queue.state != model::QueueState::paused &&
         (line.queue.slots == 0 || line.running < line.queue.slots);
}

bool Chooser::is_open(const Lane& lane) const {
  return has_room(lines_[lane.line]) && allowances_.permit(lane.guards);
}

std::vector<model::LaneId> Chooser::open_lanes() const {
  std::vector<model::LaneId> open;
  for (const Lane& lane : lanes_) {
    if (is_open(lane)) {
      open.push_back(lane.id);
    }
  }
  return open;
}

std::size_t Chooser::index_of(model::LaneId id) const {
  const auto found =
      std::find_if(lanes_.begin(), lanes_.end(), [&](const Lane& lane) { return lane.id == id; });
  assert(found != lanes_.end());  // Only those that were told are asked for.
  return static_cast<std::size_t>(found - lanes_.begin());
}

void Chooser::set_head(model::LaneId lane, std::optional<Head> head) {
  lanes_[index_of(lane)].head = head;
}

const Head& Chooser::head(model::LaneId lane) const {
  const std::optional<Head>& head = lanes_[index_of(lane)].head;
  assert(head);  // Asked of what next() named.
  return *head;
}

const model::Queue& Chooser::queue_of(model::LaneId lane) const {
  return lines_[lanes_[index_of(lane)].line].queue;
}

const std::vector<model::GuardId>& Chooser::guards_of(model::LaneId lane) const {
  return lanes_[index_of(lane)].guards;
}

bool Chooser::would_start(model::LaneId id) const {
  const Lane& lane = lanes_[index_of(id)];
  return is_open(lane) && stock_.shortages(lane.needs).empty();
}

std::optional<model::LaneId> Chooser::next() const {
  using Place = std::tuple<std::int64_t, model::QueueId, std::int64_t, model::RunId, const Lane*>;
  std::vector<Place> order;
  for (const Lane& lane : lanes_) {
    const Line& line = lines_[lane.line];
    if (lane.head && is_open(lane)) {
      order.emplace_back(next_turn(line.queue.turn, clock_), line.queue.id, lane.head->rank,
                         lane.head->run, &lane);
    }
  }
  std::sort(order.begin(), order.end());
  Reserved reserved;
  for (const Place& place : order) {
    const Lane& lane = *std::get<const Lane*>(place);
    const auto missing = stock_.shortages(lane.needs);
    if (missing.empty() && !reserved.touches(lane.needs)) {
      return lane.id;
    }
    // What can never run would keep others from it for ever.
    if (stock_.is_possible(lane.needs)) {
      reserved.add(missing);
    }
  }
  return std::nullopt;
}

void Chooser::start(model::LaneId lane) {
  Lane& started = lanes_[index_of(lane)];
  started.head.reset();
  Line& line = lines_[started.line];
  ++line.running;
  stock_.take(started.needs);
  allowances_.take(started.guards);
  // Alone, a queue takes no turns: there is nobody to share with, and nothing to be written.
  if (lines_.size() > 1) {
    line.queue.turn = take_turn(line.queue, clock_);
    line.moved = true;
    clock_ = std::max(clock_, line.queue.turn.begin);
  }
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
