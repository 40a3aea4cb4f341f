// What is bounded is never exceeded: slots of queues, resources, locks.
#include "simulation/promises.hpp"

#include <fmt/format.h>

namespace sched::simulation {

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
                     "SELECT r.id, r.task_id, l.guards FROM runs AS r"
                     " JOIN lanes AS l ON l.id = r.lane_id WHERE r.state = 'queued'");
  while (lined.step()) {
    const auto guards = site_.people().guards().key_of(model::TaskId(lined.integer(1)));
    if (lined.text(2) != guards) {
      throw Broken(fmt::format("run-{} stands behind the guards '{}', and falls under '{}'",
                               lined.integer(0), lined.text(2), guards));
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
