#include "cli/queue_change.hpp"

#include "base/text.hpp"
#include "cli/options.hpp"
#include "cli/queues.hpp"
#include "security/names.hpp"
#include "time/duration.hpp"
#include "worker/line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

std::optional<time::Duration> read_ageing(const std::string& text) {
  if (text == "never") {
    return std::nullopt;
  }
  constexpr time::Duration k_longest = std::chrono::hours(24 * 365);
  const time::Duration ageing = require("--ageing", text, time::parse_duration(text));
  if (ageing.count() == 0 || ageing > k_longest) {
    throw base::bad_input(
        fmt::format("--ageing {}: not from 1ms to a year", base::quote(text)),
        "'never' is for priorities that no waiting makes up for; --policy fifo for none");
  }
  return ageing;
}

void read_fields(const QueueFields& fields, model::Queue& queue) {
  if (!fields.slots.empty()) {
    queue.slots = static_cast<int>(number("--slots", fields.slots, 0, 1'000'000));
  }
  if (!fields.weight.empty()) {
    queue.weight = static_cast<int>(number("--weight", fields.weight, 1, 1000));
  }
  if (!fields.policy.empty()) {
    queue.policy = require("--policy", fields.policy, model::parse_queue_policy(fields.policy));
  }
  if (!fields.ageing.empty()) {
    queue.ageing = read_ageing(fields.ageing);
  }
  for (const std::string& text : fields.defaults) {
    auto given = read_default(text);
    std::erase_if(queue.defaults, [&](const auto& old) { return old.first == given.first; });
    if (!given.second.empty()) {
      queue.defaults.push_back(std::move(given));
    }
  }
  std::sort(queue.defaults.begin(), queue.defaults.end());
}

void line_up_all(store::Store& store, model::QueueId queue) {
  for (const model::TaskId task : store.queues().tasks_of(queue)) {
    worker::line_up_anew(store, task);
  }
}

void move_tasks(store::Store& store, const std::vector<model::TaskId>& tasks,
                const model::Queue& target) {
  for (const model::TaskId id : tasks) {
    model::Task task = store.tasks().task(id);
    task.queue = target.id;
    store.tasks().update(task);
    worker::line_up_anew(store, id);
  }
}

std::string plural(std::size_t tasks) {
  return tasks == 1 ? "1 task" : fmt::format("{} tasks", tasks);
}

}  // namespace

std::string add_queue(store::Store& store, const std::string& name, const QueueFields& fields,
                      time::Instant now) {
  if (const auto complaint = security::check_label("queue", name)) {
    throw *complaint;
  }
  if (store.queues().find(name)) {
    throw base::bad_input(fmt::format("there is a queue {} already", base::quote(name)),
                          fmt::format("sched queue edit {} changes it", name));
  }
  model::Queue queue;
  queue.name = name;
  queue.created_at = now;
  read_fields(fields, queue);
  queue.id = store.queues().add(queue);
  change_guard(store, guard_of(store, queue), fields.guard, now);
  return fmt::format("added queue {}", name);
}

std::string edit_queue(store::Store& store, const std::string& name, const QueueFields& fields,
                       time::Instant now) {
  model::Queue queue = select_queue(store, name);
  const model::Queue before = queue;
  read_fields(fields, queue);
  store.queues().update(queue);
  change_guard(store, guard_of(store, queue), fields.guard, now);
  if (queue.policy != before.policy || queue.ageing != before.ageing) {
    line_up_all(store, queue.id);
  }
  return fmt::format("changed queue {}", name);
}

std::string set_state(store::Store& store, const std::string& name, const std::string& action) {
  model::Queue queue = select_queue(store, name);
  queue.state = action == "pause"   ? model::QueueState::paused
                : action == "drain" ? model::QueueState::draining
                                    : model::QueueState::open;
  store.queues().update(queue);
  switch (queue.state) {
    case model::QueueState::open:
      return fmt::format("resumed queue {}", name);
    case model::QueueState::paused:
      return fmt::format("paused queue {}: what runs goes on, nothing else of it starts", name);
    case model::QueueState::draining:
      return fmt::format("queue {} drains: it takes no further tasks; those it has go on", name);
  }
  return {};
}

std::string remove_queue(store::Store& store, const std::string& name, const std::string& move_to) {
  const model::Queue queue = select_queue(store, name);
  if (queue.id == model::k_default_queue) {
    throw base::bad_input("the queue default stays: it is that of tasks that name none",
                          "sched queue pause default stops it");
  }
  const auto tasks = store.queues().tasks_of(queue.id);
  if (!tasks.empty() && move_to.empty()) {
    throw base::bad_input(
        fmt::format("the queue {} has {}, such as {}", name, plural(tasks.size()),
                    store.tasks().label(tasks.front())),
        fmt::format("sched queue rm {} --move-to default takes them there", name));
  }
  if (!move_to.empty()) {
    const model::Queue target = open_queue(store, move_to, {});
    if (target.id == queue.id) {
      throw base::bad_input(
          fmt::format("--move-to {}: that is the queue to be removed", base::quote(move_to)),
          "name another queue");
    }
    move_tasks(store, tasks, target);
  }
  if (store.queues().runs_anything(queue.id)) {
    throw base::bad_input(
        fmt::format("a run of the queue {} is running", name),
        fmt::format("pause it, wait until that has ended, and try again: sched queue show {}",
                    name));
  }
  store.queues().remove(queue.id);
  return tasks.empty() ? fmt::format("removed queue {}", name)
                       : fmt::format("removed queue {}; its {} went to {}", name,
                                     plural(tasks.size()), move_to);
}

}  // namespace sched::cli
