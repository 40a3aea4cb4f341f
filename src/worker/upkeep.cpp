#include "worker/upkeep.hpp"

#include "exec/presence.hpp"
#include "exec/remains.hpp"
#include "os/bell.hpp"
#include "os/facts.hpp"
#include "os/file.hpp"
#include "os/host.hpp"
#include "worker/shed.hpp"
#include "worker/timed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>

namespace sched::worker {
namespace {

/// Below that nothing new is started. Several times what the write-ahead log usually grows to.
constexpr std::uint64_t k_reserve = 16U << 20U;
/// Past that somebody is told.
constexpr std::uint64_t k_long_log = 64U << 20U;
constexpr time::Duration k_between_checkpoints = std::chrono::seconds(5);

}  // namespace

Upkeep::Upkeep(store::Store& store, const time::Clock& clock, Observer& observer,
               exec::LocalExecutor& executor, Worker& worker, exec::Presence& presence,
               const ServiceOptions& options)
    : store_(store),
      clock_(clock),
      observer_(observer),
      executor_(executor),
      worker_(worker),
      presence_(presence),
      boot_(os::boot_id()),
      inheritance_(store, boot_) {
  if (options.range) {
    adapter_.emplace(*options.range, clock);
    adapter_->set_shed(options.shed);
    if (presence.throttle()) {
      adapter_->go_on_from(*presence.throttle());
    }
    show_throttle();
  }
}

void Upkeep::watch_pressure(Wakeups& wakeups) {
  if (adapter_) {
    wakeups.hear_pressure(adapter_->triggers());
  }
}

void Upkeep::before_pass() {
  store_.db().check();
  look_at_space();
  look_at_pressure();
  settle_the_dead();
  fire_once_a_boot();
  if (!worker_.draining() && !executor_.current()) {
    open_launcher();
  }
  if (executor_.current() && executor_.current() != known_) {
    learn_of(executor_.current());
  }
  worker_.use_launcher(executor_.current());
}

/// What runs must still be settled when the disk is full, so it has the last of the room.
void Upkeep::look_at_space() {
  const auto free = os::free_bytes(store_.places().directory);
  const bool is_short = free && *free < k_reserve;
  if (is_short && !lacks_space_) {
    shortage_ = fmt::format("less than {} MiB are free on the disk of the store", k_reserve >> 20U);
    observer_.warned("starts nothing new: " + shortage_);
  } else if (!is_short && lacks_space_) {
    shortage_.clear();
    observer_.warned("there is room on the disk again: goes on");
  }
  lacks_space_ = is_short;
}

void Upkeep::look_at_pressure() {
  const bool was_stopped = adapter_ && adapter_->throttle().stopped;
  if (adapter_ && adapter_->look(worker_.busy())) {
    show_throttle();
  }
  const bool is_stopped = adapter_ && adapter_->throttle().stopped;
  if (is_stopped != was_stopped) {
    observer_.warned(is_stopped ? "starts nothing new: " + to_string(*adapter_->throttle().strain)
                                : "there is memory again: goes on");
  }
  if (!lacks_space_) {
    shortage_ = is_stopped ? to_string(*adapter_->throttle().strain) : "";
  }
  worker_.hold_claims(lacks_space_ || is_stopped);
  shed_for_memory();
}

/// That nothing starts has not helped: then who matters least gives way, one at a time. Where
/// nobody may, that is told, once as long as it goes on.
void Upkeep::shed_for_memory() {
  const auto full = adapter_ ? adapter_->take_lasting() : std::nullopt;
  const model::Shed whom = adapter_ ? adapter_->throttle().shed : model::Shed::never;
  if (!full) {
    return;
  }
  const std::string reason = rules::shed_reason(*full);
  const ShedRun shed = shed_one(store_, worker_.claims(), whom, reason, clock_.now());
  if (shed.is_ending) {
    adapter_->note_ending();
  } else if (shed.run) {
    adapter_->note_shed(*shed.run);
    show_throttle();
    observer_.warned(fmt::format("ends {} of {}: {}", model::label(*shed.run),
                                 store_.tasks().label(store_.runs().run(*shed.run).task), reason));
  } else if (adapter_->note_none_to_shed()) {
    show_throttle();
    observer_.warned(rules::none_to_shed(*full, whom, !worker_.claims().empty()));
  }
}

void Upkeep::show_throttle() {
  worker_.use_slots(adapter_->throttle().slots);
  presence_.say(adapter_->throttle());
}

/// A reader that stays keeps the log from being shortened. Then it is not tried at every pass, for
/// each try holds up all who write.
void Upkeep::shorten_log() {
  const std::uint64_t bytes = store_.db().log_bytes();
  const time::Duration now = clock_.monotonic();
  if (bytes <= store::k_log_bound || now < next_checkpoint_) {
    return;
  }
  if (store_.db().shorten_log()) {
    next_checkpoint_ = {};
    warned_of_log_ = false;
    return;
  }
  next_checkpoint_ = now + k_between_checkpoints;
  // One that is seen twice stays; a command that is only passing by is not to blame.
  const auto before = std::exchange(reader_, store_.db().reader());
  if (bytes > k_long_log && reader_ == before && !std::exchange(warned_of_log_, true)) {
    observer_.warned(fmt::format(
        "the write-ahead log of the store has grown to {} MiB: {} reads an old state of "
        "it and keeps it from being shortened",
        bytes >> 20U, reader_.value_or("somebody")));
  }
}

void Upkeep::after_pass() {
  shorten_log();
  // The journals of dead launchers go once all that they told is in the store.
  for (const model::LauncherId launcher : inheritance_.settled()) {
    executor_.discard(launcher);
  }
}

void Upkeep::settle_the_dead() {
  const time::Duration now = clock_.monotonic();
  // A launcher that came is watched at once: its worker may die before the next look.
  std::error_code failure;
  const auto changed = std::filesystem::last_write_time(store_.places().launchers(), failure);
  if (executor_.take_over_is_due() || now >= next_look_round_ || changed != launchers_changed_) {
    next_look_round_ = now + k_slow_pace;
    launchers_changed_ = changed;
    inheritance_.take(executor_.take_over());
  } else if (!inheritance_.is_open()) {
    return;
  }
  inheritance_.settle(worker_, executor_);
}

void Upkeep::fire_once_a_boot() {
  if (fired_at_boot_ || worker_.draining()) {
    return;
  }
  store::Transaction change(store_.db());
  fire_at_boot(store_, boot_, clock_.now());
  change.commit();
  fired_at_boot_ = true;
}

void Upkeep::open_launcher() {
  model::LauncherId id;
  {
    store::Transaction change(store_.db());
    remove_gone_launchers();
    id = store_.launchers().add(boot_, os::own_pid(), clock_.now());
    change.commit();
  }
  known_ = id;
  executor_.open(id);
  os::ring(store_.places().directory);  // The other workers have one more to watch.
}

/// Attempts are claimed for none that the store does not know; an older copy may have been put in
/// its place.
void Upkeep::learn_of(model::LauncherId launcher) {
  store::Transaction change(store_.db());
  store_.launchers().learn(launcher, boot_, os::own_pid(), clock_.now());
  change.commit();
  known_ = launcher;
}

/// One that has a directory, or may still get it from its worker, is not gone. The workers are
/// looked at first: what a dead one made is there by then.
void Upkeep::remove_gone_launchers() {
  std::set<int> workers;
  for (const exec::WorkerInfo& worker : exec::living_workers(store_.places().launchers())) {
    workers.insert(worker.pid);
  }
  const auto present = exec::noted_launchers(store_.places().launchers());
  for (const store::LauncherRow& row : store_.launchers().unused()) {
    if (!workers.contains(row.worker_pid) &&
        std::find(present.begin(), present.end(), row.id) == present.end()) {
      store_.launchers().remove(row.id);
    }
  }
}

}  // namespace sched::worker
