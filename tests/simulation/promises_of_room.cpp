// What is bounded is never exceeded: slots of queues, resources, locks.
#include "simulation/promises.hpp"

#include <fmt/format.h>

namespace sched::simulation {
namespace {

/// Whose turn a run takes, told anew from the manual.
std::string share_of(const model::Task& task, const model::Queue& queue) {
  if (!queue.policy.fair || task.tags.empty()) {
    return "";
  }
  for (const std::string& tag : task.tags) {
    if (queue.fair.weights.contains(tag)) {
      return tag;
    }
  }
  return task.tags.front();
}

}  // namespace

void Promises::check_room() {
  std::map<std::int64_t, std::int64_t> of_queue;
  std::map<std::string, std::int64_t> held;
  std::map<std::string, std::int64_t> locked_alone;
  std::map<std::string, std::int64_t> locked;
  store::Query query(site_.people().db(),
                     "SELECT t.queue_id, t.needs, r.suspended_at_ms IS NOT NULL FROM runs AS r"
                     " JOIN tasks AS t ON t.id = r.task_id"
                     " WHERE r.state = 'running'");
  while (query.step()) {
    const bool stands_still = query.integer(2) != 0;
    of_queue[query.integer(0)] += stands_still ? 0 : 1;
    const model::Needs needs = model::read_needs(query.text(1));
    for (const model::Need& need : needs.amounts) {
      held[need.resource] += stands_still && need.resource == "cpu" ? 0 : need.amount;
    }
    for (const model::Lock& lock : needs.locks) {
      ++locked[lock.name];
      locked_alone[lock.name] += lock.shared ? 0 : 1;
    }
  }
  store::Query lined(site_.people().db(),
                     "SELECT r.id, r.task_id, l.guards, l.queue_id, l.share FROM runs AS r"
                     " JOIN lanes AS l ON l.id = r.lane_id WHERE r.state = 'queued'");
  while (lined.step()) {
    const auto guards = site_.people().guards().key_of(model::TaskId(lined.integer(1)));
    if (lined.text(2) != guards) {
      throw Broken(fmt::format("run-{} stands behind the guards '{}', and falls under '{}'",
                               lined.integer(0), lined.text(2), guards));
    }
    const model::Task& known = task(model::TaskId(lined.integer(1)));
    const std::string share = share_of(known, site_.people().queues().queue(known.queue));
    if (lined.integer(3) != known.queue.value || lined.text(4) != share) {
      throw Broken(fmt::format("run-{} stands in queue {} with the share '{}', and is of {}, '{}'",
                               lined.integer(0), lined.integer(3), lined.text(4), known.queue.value,
                               share));
    }
  }
  for (const model::Queue& queue : site_.people().queues().all()) {
    const std::int64_t running = of_queue[queue.id.value];
    if (queue.slots > 0 && running > queue.slots) {
      throw Broken(fmt::format("{} runs of the queue {} run, and it has {} slots", running,
                               queue.name, queue.slots));
    }
  }
  for (const model::Resource& resource : site_.people().resources().all()) {
    if (held[resource.name] > resource.capacity) {
      throw Broken(fmt::format("{} of {} are held, and there are {}",
                               model::amount_to_string(held[resource.name]), resource.name,
                               model::amount_to_string(resource.capacity)));
    }
  }
  for (const auto& [name, holders] : locked) {
    if (locked_alone[name] > 0 && holders > 1) {
      throw Broken(fmt::format("{} runs hold the lock {}, one of them alone", holders, name));
    }
  }
}

}  // namespace sched::simulation
