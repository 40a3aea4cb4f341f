#include "simulation/world.hpp"

#include "simulation/people.hpp"
#include "time/duration.hpp"
#include "worker/by_hand.hpp"
#include "worker/guards.hpp"
#include "worker/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sched::simulation {
namespace {

using Kind = Operation::Kind;
using namespace std::chrono_literals;

}  // namespace

World::World(Site& site, const Schedule& schedule, bool tells)
    : site_(site),
      tells_(tells),
      machine_(clock_, (site.begin_anew(), site.people().places().launchers())),
      promises_(site, machine_, clock_),
      slots_(std::max(1U, schedule.slots)) {
  machine_.boot = "boot 1";
  listener_.listens = tells;
  workers_.resize(std::clamp<std::size_t>(schedule.workers, 1, site.workers()));
}

World::~World() {
  machine_.forget_everything();
}

std::string World::apply(const Operation& operation) {
  licence_ = {};
  listener_.lines.clear();
  ++operations_;
  std::string said;
  if (operation.kind <= Kind::jump) {
    said = pass_time(operation);
  } else if (operation.kind <= Kind::stop) {
    said = happen_to_worker(operation);
  } else if (operation.kind <= Kind::stale_word) {
    said = happen_to_launcher(operation);
  } else if (operation.kind <= Kind::checkpoint) {
    said = happen_to_store(operation);
  } else {
    said = people_do(operation);
  }
  for (const std::string& line : listener_.lines) {
    said += (said.empty() ? "" : "; ") + line;
  }
  if (tells_) {
    last_said_ = said;
  }
  check();
  return said;
}

void World::check() {
  constexpr int k_all_at = 64;
  MemoryFiles& files = MemoryFiles::instance();
  if (comes_to_light_ && files.failed && files.fail_sync == 0 && !site_.is_locked()) {
    comes_to_light_ = false;  // The doubt stays: a power cut may take back what was never synced.
    files.spoil_indexes();
  }
  // The witness reads what is there: no fault is in its way.
  const bool full = std::exchange(files.full, false);
  const int write = std::exchange(files.fail_write, 0);
  const int sync = std::exchange(files.fail_sync, 0);
  site_.check_at_rest();
  const auto runs = site_.changed_runs();
  const auto tasks = site_.changed_tasks();
  if (licence_.unknown || operations_ % k_all_at == 0) {
    promises_.check_all(licence_);
  } else if (!runs.empty() || !tasks.empty()) {
    promises_.check(runs, tasks, licence_);
  }
  if (licence_.unknown) {
    std::erase_if(tasks_, [&](model::TaskId id) { return !people().tasks().exists(id); });
  }
  files.full = full;
  files.fail_write = write;
  files.fail_sync = sync;
}

WorkerProcess& World::rise(std::size_t worker) {
  if (!workers_[worker]) {
    workers_[worker] =
        std::make_unique<WorkerProcess>(site_.of_worker(worker), machine_, clock_, listener_,
                                        static_cast<int>(slots_), [this] { return ++token_; });
  }
  return *workers_[worker];
}

void World::die(std::size_t worker, std::size_t heard) {
  if (workers_[worker]) {
    machine_.let_go(&workers_[worker]->executor(), heard);
    workers_[worker].reset();
  }
}

void World::check_restless(std::size_t worker, std::int64_t before) {
  const auto next = workers_[worker]->worker().next_moment();
  if (next && *next <= clock_.now() && site_.changes() == before) {
    throw Broken(
        fmt::format("worker {} would wake at once, again and again, and do nothing", worker + 1));
  }
}

std::string World::work(std::size_t worker) {
  MemoryFiles::instance().failed = false;
  WorkerProcess& process = rise(worker);
  const std::int64_t before = site_.changes();
  const std::string name = tells_ ? fmt::format("worker {}", worker + 1) : "";
  try {
    const WorkerProcess::State state = process.pass();
    site_.interrupt(site_.of_worker(worker), 0);
    switch (state) {
      case WorkerProcess::State::working:
        check_restless(worker, before);
        promises_.check_deadlines_heeded();
        check_standstills(worker);
        return tells_ ? name + " makes a pass" : "";
      case WorkerProcess::State::done:
        die(worker, 0);
        return tells_ ? name + " has ended" : "";
      case WorkerProcess::State::refused:
        commit_in_doubt_ = commit_in_doubt_ || MemoryFiles::instance().failed;
        if (!MemoryFiles::instance().failed && !site_.is_locked() && !site_.was_interrupted()) {
          throw Broken(
              fmt::format("worker {} fails without a fault: {}", worker + 1, process.refusal));
        }
        return tells_ ? fmt::format("{}: {}", name, process.refusal) : "";
    }
  } catch (const SimulatedExecutor::Crash&) {
    site_.interrupt(site_.of_worker(worker), 0);
    die(worker, 0);
  }
  return tells_ ? name + " dies in its pass" : "";
}

std::string World::happen_to_worker(const Operation& operation) {
  const std::size_t worker = operation.a % workers_.size();
  switch (operation.kind) {
    case Kind::kill:
      die(worker, operation.b % 4);
      return tells_ ? fmt::format("worker {} is killed", worker + 1) : "";
    case Kind::kill_within: {
      rise(worker);
      site_.interrupt(site_.of_worker(worker), 1 + operation.b % k_ticks);
      const std::string said = work(worker);
      die(worker, operation.b % 3);
      return tells_ ? said + ", and is killed in it" : "";
    }
    case Kind::kill_at: {
      using Death = SimulatedExecutor::Death;
      constexpr Death k_deaths[] = {Death::before_start, Death::after_start, Death::before_forget,
                                    Death::before_halt};
      rise(worker).executor().death = k_deaths[operation.b % std::size(k_deaths)];
      const std::string said = work(worker);
      if (workers_[worker]) {
        workers_[worker]->executor().death = Death::none;
      }
      return said;
    }
    case Kind::slots:
      rise(worker).worker().use_slots(1 + static_cast<int>(operation.b % 4));
      return tells_ ? fmt::format("worker {} has {} slots", worker + 1,
                                  workers_[worker]->worker().slots())
                    : "";
    case Kind::shed:
      rise(worker).sheds = operation.b % 2 == 0 ? model::Shed::preemptible : model::Shed::any;
      return work(worker);
    case Kind::drain:
      rise(worker).drain();
      return tells_ ? fmt::format("worker {} is told to end", worker + 1) : "";
    case Kind::stop:
      rise(worker).drain();
      rise(worker).end_children();
      return tells_ ? fmt::format("worker {} is told to end all and itself", worker + 1) : "";
    default:
      return work(worker);
  }
}

void World::quiet_down() {
  licence_ = {};
  licence_.by_person = true;
  site_.free_lock();
  MemoryFiles& files = MemoryFiles::instance();
  files.full = false;
  files.fail_write = files.fail_sync = 0;
  machine_.refuse_starts = 0;
  promises_.check_all(licence_);
  promises_.follow_none();
  let_people_finish();
  constexpr int k_patience = 600;
  int rounds = 0;
  while (!settle_down()) {
    if (++rounds > k_patience) {
      promises_.check_all(licence_);
      promises_.check_quiet();
      throw Broken("it does not come to rest");
    }
  }
  promises_.check_all(licence_);
  promises_.check_quiet();
  for (auto& worker : workers_) {
    if (worker && !worker->worker().is_idle(clock_.now())) {
      throw Broken("all has come to an end, and a worker does not know it");
    }
  }
}

/// What waits for a person goes on: nothing is held, paused, fires or runs for ever.
void World::let_people_finish() {
  store::Store& store = people();
  store::Transaction change(store.db());
  // Of those in the store, for an `add` that was refused in doubt may have come to be.
  for (const model::TaskId id : store.tasks().ids()) {
    worker::set_paused(store, id, false, clock_.now());
    store.timers().set_next(id, std::nullopt, store.tasks().task(id).runs_left);
  }
  for (const model::RunId id : store.listing().unfinished()) {
    worker::release_run(store, id, clock_.now());
  }
  change.commit();
}

/// One round towards the end; true when nothing is left to do.
bool World::settle_down() {
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    work(i);
  }
  for (auto& [id, launcher] : machine_.launchers) {
    machine_.serve(launcher);
  }
  {
    store::Transaction change(people().db());
    for (const auto& [id, claim] : machine_.running()) {
      if (is_endless(machine_.launchers.at(id).running.at(claim).launch.argv)) {
        worker::cancel_run(people(), claim.run, clock_.now());
      }
    }
    change.commit();
  }
  const auto running = machine_.running();
  for (std::uint32_t i = 0; i < running.size(); ++i) {
    end_attempt(i, 0);
  }
  check();
  {
    store::Transaction change(people().db());  // A bound of a tag may have held some since.
    for (const model::RunId id : people().listing().unfinished()) {
      worker::release_run(people(), id, clock_.now());
    }
    change.commit();
  }
  time::Duration wait = 3s;
  if (const auto next = people().runs().next_due()) {
    wait = std::max(wait, *next - clock_.now());
  }
  const auto opening = worker::next_opening(people(), clock_.now());
  if (opening) {
    wait = std::max(wait, *opening - clock_.now());
  }
  clock_.pass(wait);
  const bool is_open =
      !people().runs().running().empty() || worker::can_start(people(), clock_.now()) || opening ||
      people().runs().next_due() || !running.empty() ||
      std::any_of(machine_.launchers.begin(), machine_.launchers.end(), [](const auto& entry) {
        const Launcher& launcher = entry.second;
        return !launcher.alive || launcher.owner == nullptr || !launcher.inbox.empty() ||
               !launcher.outbox.empty() || !launcher.journal.empty();
      });
  return !is_open;
}

}  // namespace sched::simulation
