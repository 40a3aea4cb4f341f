#include "rules/explain_room.hpp"

#include "rules/memory.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::rules {
namespace {

using Kind = Obstacle::Kind;

Obstacle shortage_of_space(const Shortage& missing) {
  if (missing.device == 0) {
    return {Kind::resource,
            fmt::format("needs room in {}, and there is no such path", missing.name),
            "make it, or mount what belongs there"};
  }
  const std::string needed = rough_size(missing.needed);
  if (missing.needed > missing.capacity) {
    return {Kind::resource,
            fmt::format("needs {} free in {}, whose file system has {} in all", needed,
                        missing.name, rough_size(missing.capacity)),
            "ask for less: sched edit --need-free"};
  }
  const std::string reserved =
      missing.reserved == 0
          ? ""
          : fmt::format(" beside the {} kept for runs in progress", rough_size(missing.reserved));
  return {Kind::resource,
          fmt::format("needs {} free in {}; {} are{}", needed, missing.name,
                      rough_size(missing.free), reserved),
          "it goes on when there is room: the worker looks every two seconds"};
}

Obstacle shortage(const Shortage& missing) {
  if (missing.is_space) {
    return shortage_of_space(missing);
  }
  if (missing.is_file) {
    return {Kind::resource, fmt::format("another run holds the lock of {}", missing.name),
            "it goes on when that has ended: sched resource list"};
  }
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

Obstacle kept(const KeptFor& kept, time::Instant now) {
  const std::string first = model::label(kept.run);
  const auto whole = [](time::Duration left) {
    return time::to_string(std::chrono::duration_cast<std::chrono::seconds>(left));
  };
  return {Kind::kept,
          kept.start ? fmt::format("what it needs is kept for {}, which is expected to start in {}",
                                   first, whole(std::max(*kept.start - now, time::Duration())))
                     : fmt::format("what it needs is kept for {}, of which nobody knows when it "
                                   "can start",
                                   first),
          "it may go first with a --timeout that ends in time; or sched queue edit "
          "QUEUE --backfill eager"};
}

/// Why nobody who works starts anything; nullptr where somebody does.
const model::Throttle* stop_of_all(const ExplainFacts& facts) {
  int stopped = 0;
  for (const model::Throttle& throttle : facts.throttles) {
    stopped += throttle.stopped ? throttle.slots : 0;
  }
  return stopped > 0 && stopped == facts.slots ? &facts.throttles.front() : nullptr;
}

/// " (3 of 1..8 slots, cpu pressure 71%, above 60%)"; "" where their number is fixed.
std::string throttles(const ExplainFacts& facts) {
  std::string text;
  for (const model::Throttle& throttle : facts.throttles) {
    text += (text.empty() ? "" : "; ") + to_string(throttle);
  }
  return text.empty() ? "" : " (" + text + ")";
}

}  // namespace

std::string place_in_queue(const ExplainFacts& facts) {
  return facts.queued_ahead == 0 ? "it is the next of its queue"
         : facts.queued_ahead == 1
             ? "1 queued run of its queue goes first"
             : fmt::format("{} queued runs of its queue go first", facts.queued_ahead);
}

void add_giving_way(const ExplainFacts& facts, std::vector<Obstacle>& found) {
  const auto whole = [](time::Duration duration) {
    return time::to_string(
        std::chrono::duration_cast<std::chrono::seconds>(std::max(duration, time::Duration())));
  };
  for (const GivingWayFact& one : facts.giving_way) {
    const time::Duration left = one.since + one.grace - facts.now;
    found.push_back({Kind::giving_way,
                     fmt::format("{} of {} is being ended for it, for {}; {}",
                                 model::label(one.run), one.task, whole(facts.now - one.since),
                                 left.count() > 0 ? fmt::format("it is killed in {}", whole(left))
                                                  : fmt::format("its grace of {} is over",
                                                                time::to_string(one.grace))),
                     "nothing to do: it starts when that has ended"});
  }
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
      if (!missing.is_outside) {  // Who that is, is told below.
        found.push_back(shortage(missing));
      }
    }
  }
  const bool has_come = run.state == model::RunState::waiting && run.not_before <= facts.now;
  if (run.state == model::RunState::queued || has_come) {
    for (const FileHolder& holder : facts.file_holders) {
      found.push_back(
          {Kind::file_lock,
           fmt::format("{} has the lock of {}",
                       holder.who.empty() ? "somebody outside" : holder.who, holder.path),
           "it goes on by itself when that is free"});
    }
    if (facts.kept_for) {
      found.push_back(kept(*facts.kept_for, facts.now));
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
  if (const auto* stop = stop_of_all(facts)) {
    found.push_back(
        {Kind::memory_pressure,
         fmt::format("nothing starts: {}, since {}", to_string(*stop->strain),
                     time::to_local(stop->since)),
         "it goes on by itself when that has halved; what takes the memory ends sooner"});
    return;
  }
  if (facts.running >= facts.slots) {
    found.push_back({Kind::slots,
                     fmt::format("all {} slots of the workers are taken{}, and {}", facts.slots,
                                 throttles(facts), place_in_queue(facts)),
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

void add_expected_start(const ExplainFacts& facts, const model::Run& run,
                        std::vector<Obstacle>& found) {
  const auto waits_for_others = [](const Obstacle& obstacle) {
    return obstacle.kind == Kind::resource || obstacle.kind == Kind::kept ||
           obstacle.kind == Kind::queue_slots || obstacle.kind == Kind::slots;
  };
  if (run.state != model::RunState::queued || !facts.forecast || found.empty() ||
      !std::all_of(found.begin(), found.end(), waits_for_others) ||
      std::any_of(facts.shortages.begin(), facts.shortages.end(),
                  [](const Shortage& missing) { return missing.needed > missing.capacity; })) {
    return;
  }
  auto start = facts.shortages.empty() ? std::optional(facts.now) : facts.stock_at;
  if (start) {
    start = std::max(*start, start_of(*facts.forecast));
  }
  if (facts.kept_for) {
    start = start && facts.kept_for->start ? std::max(start, facts.kept_for->start) : std::nullopt;
  }
  const std::int64_t unknown = facts.forecast->unknown;
  if (!start) {
    found.push_back({Kind::expected,
                     "nobody knows when it will start: what it waits for has no history",
                     "a --timeout tells too how long a run takes at most"});
    return;
  }
  found.push_back(
      {Kind::expected,
       fmt::format("it is expected to start in {}{}",
                   time::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                       std::max(*start - facts.now, time::Duration()))),
                   unknown == 0 ? ""
                   : unknown == 1
                       ? ", or later: 1 run before it has no history"
                       : fmt::format(", or later: {} runs before it have no history", unknown)),
       "nothing to do"});
}

}  // namespace sched::rules
