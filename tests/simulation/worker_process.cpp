#include "simulation/worker_process.hpp"

#include "worker/shed.hpp"
#include "worker/timed.hpp"

#include <fmt/format.h>

#include <utility>

namespace sched::simulation {
namespace {

constexpr time::Duration k_slow_pace = std::chrono::seconds(2);

}  // namespace

void Listener::told(const worker::Notice& notice) {
  static const char* const k_kinds[] = {"starts",     "ends",      "is retried",   "is handed back",
                                        "is adopted", "gives way", "stands still", "goes on",
                                        "is late",    "opens it",  "closes it"};
  if (listens) {
    lines.push_back(fmt::format(
        "run-{} of {} {}{}", notice.run.value, notice.task, k_kinds[static_cast<int>(notice.kind)],
        notice.outcome ? fmt::format(": {}", model::to_string(*notice.outcome)) : std::string()));
  }
}

void Listener::warned(const std::string& what) {
  if (listens) {
    lines.push_back(what);
  }
}

WorkerProcess::WorkerProcess(store::Store& store, Machine& machine, const time::Clock& clock,
                             Listener& listener, int slots, std::function<std::int64_t()> token)
    : store_(store),
      clock_(clock),
      executor_(machine),
      worker_(store, executor_, listener, slots, std::move(token)),
      boot_(machine.boot),
      inheritance_(store, boot_) {}

WorkerProcess::State WorkerProcess::pass() {
  try {
    if (sheds != model::Shed::never) {
      worker::shed_one(store_, worker_.claims(), std::exchange(sheds, model::Shed::never),
                       "shed for want of memory", clock_.now());
    }
    settle_the_dead();
    fire_once_a_boot();
    if (!worker_.draining() && !executor_.current()) {
      open_launcher();
    }
    worker_.use_launcher(executor_.current());
    worker_.step(clock_.now());
    discard_settled();
    if (worker_.draining() && worker_.in_flight() == 0) {
      executor_.close();
      return State::done;
    }
    return State::working;
  } catch (const base::Error& error) {
    refusal = error.message();
    return State::refused;
  }
}

void WorkerProcess::settle_the_dead() {
  const time::Duration now = clock_.monotonic();
  if (executor_.take_over_is_due() || now >= next_look_round_) {
    next_look_round_ = now + k_slow_pace;
    inheritance_.take(executor_.take_over());
  } else if (!inheritance_.is_open()) {
    return;
  }
  inheritance_.settle(worker_, executor_);
}

void WorkerProcess::discard_settled() {
  for (const model::LauncherId launcher : inheritance_.settled()) {
    executor_.discard(launcher);
  }
}

void WorkerProcess::fire_once_a_boot() {
  if (fired_at_boot_ || worker_.draining()) {
    return;
  }
  store::Transaction change(store_.db());
  worker::fire_at_boot(store_, boot_, clock_.now());
  change.commit();
  fired_at_boot_ = true;
}

void WorkerProcess::open_launcher() {
  model::LauncherId id;
  {
    store::Transaction change(store_.db());
    id = store_.launchers().add(boot_, 1, clock_.now());
    change.commit();
  }
  executor_.open(id);
}

}  // namespace sched::simulation
