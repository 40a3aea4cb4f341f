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

time::Duration read_slice(const std::string& text) {
  constexpr time::Duration k_shortest = std::chrono::milliseconds(100);
  constexpr time::Duration k_longest = std::chrono::hours(24 * 365);
  const time::Duration slice = require("--slice", text, time::parse_duration(text));
  if (slice < k_shortest || slice > k_longest) {
    throw base::bad_input(fmt::format("--slice {}: not from 100ms to a year", base::quote(text)),
                          "so long a run goes on before it gives way to the next");
  }
  return slice;
}

bool read_backfill(const std::string& text) {
  if (text != "estimates" && text != "eager") {
    throw base::bad_input(fmt::format("--backfill {}: unknown", base::quote(text)),
                          "estimates (what nobody knows the length of waits) or eager");
  }
  return text == "eager";
}

time::Duration read_half_life(const std::string& text) {
  constexpr time::Duration k_shortest = std::chrono::seconds(1);
  constexpr time::Duration k_longest = std::chrono::hours(24 * 365);
  const time::Duration half_life = require("--half-life", text, time::parse_duration(text));
  if (half_life < k_shortest || half_life > k_longest) {
    throw base::bad_input(fmt::format("--half-life {}: not from 1s to a year", base::quote(text)),
                          "after that long what a share has had counts half");
  }
  return half_life;
}

/// "alice=3", or "alice=" for what others have too.
void read_share(const std::string& text, model::FairShares& fair) {
  const std::size_t equals = text.rfind('=');
  const std::string name = text.substr(0, equals);
  if (equals == std::string::npos || name.empty() || !base::is_utf8(name)) {
    throw base::bad_input(fmt::format("--share {}: not NAME=WEIGHT", base::quote(text)),
                          "such as --share alice=3; --share alice= takes the weight away");
  }
  const std::string weight = text.substr(equals + 1);
  if (weight.empty()) {
    fair.weights.erase(name);
  } else {
    fair.weights[name] = static_cast<int>(number("--share " + name, weight, 1, 1000));
  }
}

void read_fair_fields(const QueueFields& fields, model::Queue& queue) {
  if (!fields.fair_by.empty()) {
    const auto by = model::parse_share_by(fields.fair_by);
    if (!by) {
      throw base::bad_input(fmt::format("--fair-by {}: unknown", base::quote(fields.fair_by)),
                            "user (who added the task) or tag");
    }
    queue.fair.by = *by;
  }
  if (!fields.half_life.empty()) {
    queue.fair.half_life = read_half_life(fields.half_life);
  }
  for (const std::string& share : fields.shares) {
    read_share(share, queue.fair);
  }
  const bool any = !fields.fair_by.empty() || !fields.half_life.empty() || !fields.shares.empty();
  if (any && !queue.policy.fair) {
    throw base::bad_input("--fair-by, --half-life and --share: the order of the queue is not fair",
                          "--policy fair makes it so, or --policy fair,priority");
  }
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
  if (!fields.slice.empty()) {
    queue.slice = read_slice(fields.slice);
    if (!queue.policy.round_robin) {
      throw base::bad_input("--slice: the runs of the queue take no turns",
                            "--policy round-robin makes them do so");
    }
  }
  if (!fields.preempt.empty()) {
    const auto preempt = model::parse_preempt(fields.preempt);
    if (!preempt) {
      throw base::bad_input(fmt::format("--preempt {}: unknown", base::quote(fields.preempt)),
                            "requeue (they begin anew), suspend (they go on later) or none");
    }
    queue.preempt = *preempt;
  }
  if (!fields.ageing.empty()) {
    queue.ageing = read_ageing(fields.ageing);
  }
  if (!fields.guarantee.empty()) {
    queue.guaranteed = static_cast<int>(number("--guarantee", fields.guarantee, 0, 1'000'000));
  }
  if (queue.slots > 0 && queue.guaranteed > queue.slots) {
    throw base::bad_input(
        fmt::format("--guarantee {}: the queue has {} slots in all", queue.guaranteed, queue.slots),
        "guarantee fewer, or give it more with --slots");
  }
  if (!fields.backfill.empty()) {
    queue.eager_backfill = read_backfill(fields.backfill);
  }
  read_fair_fields(fields, queue);
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
  require_handlers(store, queue);
  queue.id = store.queues().add(queue);
  change_guard(store, guard_of(store, queue), fields.guard, now);
  return fmt::format("added queue {}", name);
}

std::string edit_queue(store::Store& store, const std::string& name, const QueueFields& fields,
                       time::Instant now) {
  model::Queue queue = select_queue(store, name);
  const model::Queue before = queue;
  read_fields(fields, queue);
  if (!fields.defaults.empty()) {
    require_handlers(store, queue);
  }
  store.queues().update(queue);
  change_guard(store, guard_of(store, queue), fields.guard, now);
  if (queue.policy != before.policy || queue.ageing != before.ageing || queue.fair != before.fair) {
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
