#include "rules/explain_room.hpp"

#include <fmt/format.h>

namespace sched::rules {
namespace {

using Kind = Obstacle::Kind;

Obstacle shortage(const Shortage& missing) {
  if (missing.is_lock) {
    return {Kind::resource, fmt::format("another run holds the lock {}", missing.name),
            "it goes on when that has ended: sched resource list"};
  }
  const std::string needed = model::amount_to_string(missing.needed);
  const std::string capacity = model::amount_to_string(missing.capacity);
  if (missing.needed > missing.capacity) {
    return {Kind::resource,
            fmt::format("needs {} of {}, and there are {} in all", needed, missing.name, capacity),
            fmt::format("sched resource edit {} {}", missing.name, needed)};
  }
  return {Kind::resource,
          fmt::format("needs {} of {}; {} of {} are free", needed, missing.name,
                      model::amount_to_string(missing.free), capacity),
          fmt::format("it goes on when enough has ended; more of it: sched resource edit {} N",
                      missing.name)};
}

}  // namespace

std::string place_in_queue(const ExplainFacts& facts) {
  return facts.queued_ahead == 0 ? "it is the next of its queue"
         : facts.queued_ahead == 1
             ? "1 queued run of its queue goes first"
             : fmt::format("{} queued runs of its queue go first", facts.queued_ahead);
}

void add_queue(const ExplainFacts& facts, const model::Run& run, std::vector<Obstacle>& found) {
  const model::Queue& queue = facts.queue;
  if (queue.state == model::QueueState::paused) {
    found.push_back({Kind::queue_paused, fmt::format("the queue {} is paused", queue.name),
                     fmt::format("sched queue resume {}", queue.name)});
  }
  if (run.state == model::RunState::queued && queue.slots > 0 &&
      facts.queue_running >= queue.slots) {
    found.push_back(
        {Kind::queue_slots,
         fmt::format("the queue {} runs {} of at most {}, and {}", queue.name, facts.queue_running,
                     queue.slots, place_in_queue(facts)),
         fmt::format("its turn comes; sooner: sched queue edit {} --slots N", queue.name)});
  }
  if (run.state == model::RunState::queued) {
    for (const Shortage& missing : facts.shortages) {
      found.push_back(shortage(missing));
    }
  }
}

void add_room(const ExplainFacts& facts, const model::Run& run, std::vector<Obstacle>& found) {
  if (facts.workers == 0) {
    found.push_back({Kind::no_worker, "no worker is there to start anything", "sched run"});
    return;
  }
  if (!found.empty() || run.state == model::RunState::held) {
    return;
  }
  if (facts.running >= facts.slots) {
    found.push_back({Kind::slots,
                     fmt::format("all {} slots of the workers are taken, and {}", facts.slots,
                                 place_in_queue(facts)),
                     fmt::format("its turn comes; sooner: sched edit {} --priority N, or a worker "
                                 "with more --slots",
                                 facts.task)});
    return;
  }
  found.push_back({Kind::starting,
                   facts.queued_ahead > 0
                       ? fmt::format("{}, and there is room", place_in_queue(facts))
                       : std::string("a worker is about to start it"),
                   "nothing to do"});
}

}  // namespace sched::rules
