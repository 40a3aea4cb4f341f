#include "worker/service.hpp"

#include "exec/local.hpp"
#include "exec/presence.hpp"
#include "os/bell.hpp"
#include "os/program.hpp"
#include "os/service_manager.hpp"
#include "store/writable.hpp"
#include "worker/reload.hpp"
#include "worker/standby.hpp"
#include "worker/status.hpp"
#include "worker/token.hpp"
#include "worker/upkeep.hpp"
#include "worker/wakeups.hpp"
#include "worker/worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <set>
#include <string>
#include <thread>
#include <utility>

namespace sched::worker {
namespace {

/// After the store refused a write: try again then.
constexpr time::Duration k_pause_after_failure = std::chrono::seconds(1);
constexpr int k_most_refusals = 10;  ///< In a row: about ten seconds.
/// How long ends may gather while the launcher has enough to go on with: one commit serves them
/// all. A small part of the work that is claimed ahead, and hardly to be felt by who waits for an
/// end.
constexpr time::Duration k_gathering = rules::k_ahead / 8;

/// One worker while it lives.
class Service {
 public:
  Service(store::Store& store, const time::Clock& clock, Observer& observer,
          const ServiceOptions& options)
      : store_(store),
        clock_(clock),
        observer_(observer),
        options_(options),
        wakeups_(store.places().directory, !options.until_idle),
        handed_(exec::take_handover(os::take_variable(k_handover), store.places().directory)),
        presence_(store.places().workers(), options.slots,
                  options.standby ? exec::WorkerState::standby : exec::WorkerState::working,
                  handed_),
        executor_(
            {store.places().launchers(), store.places().logs(), store.places().directory.string()}),
        worker_(store, executor_, observer, options.slots, draw_token),
        upkeep_(store, clock, observer, executor_, worker_, presence_, options) {
    worker_.pin(options.pin);
    wakeups_.hear(executor_.wake_fd(), Wakeups::Source::executor);
    upkeep_.watch_pressure(wakeups_);
    executor_.inherit(handed_);
  }

  ServiceEnd run() {
    // Unlike all that pass() waits for, this never gets better by itself.
    store::require_writable(store_.db());
    if (presence_.state() == exec::WorkerState::standby && !stand_by()) {
      return end();
    }
    while (!leaving_) {
      try {
        if (!turn()) {
          break;
        }
      } catch (const std::bad_alloc&) {
        // What was half said to a launcher is told anew by it; then as if the store had refused.
        executor_.start_over();
        complaint_ = "out of memory";
        rest();
      }
    }
    return end();
  }

 private:
  enum class State { working, done, refused };

  /// A pass and the wait after it; false when it was the last.
  bool turn() {
    const State state = pass();
    if (state != State::done) {
      manager_.ready(status_of(worker_, complaint_.empty() ? upkeep_.shortage() : complaint_));
      manager_.turned(clock_.monotonic());
      wait(state);
    }
    return state != State::done;
  }

  /// A pause that is one even when there is no memory to hear orders with.
  void rest() {
    try {
      wait(State::refused);
    } catch (const std::bad_alloc&) {
      std::this_thread::sleep_for(k_pause_after_failure);
    }
  }

  ServiceEnd end() {
    manager_.stopping();
    executor_.close();
    if (leaving_) {
      return ServiceEnd::left;
    }
    store_.db().checkpoint();
    return ending_              ? ServiceEnd::ended
           : worker_.draining() ? ServiceEnd::drained
                                : ServiceEnd::idle;
  }

  /// Waits until no other worker works; false when we were told to end before that.
  bool stand_by() {
    Standby standby(presence_, store_.places());
    wakeups_.hear(standby.fd(), Wakeups::Source::standby);
    while (!standby.take_over()) {
      manager_.ready("standing by: another worker works");
      manager_.turned(clock_.monotonic());
      wait(State::working);
      if (worker_.draining() || leaving_) {
        return false;
      }
    }
    wakeups_.forget(standby.fd());
    return true;
  }

  /// One pass; refused when the store did. Everything that reads or writes the store is in here.
  State pass() {
    try {
      upkeep_.before_pass();
      worker_.step(clock_.now());
      upkeep_.after_pass();
      const State state = is_done() ? State::done : State::working;
      wakeups_.set_timer(worker_.next_moment());
      refusals_ = 0;  // Only now: all that this asks of the store was answered.
      if (!std::exchange(complaint_, "").empty()) {
        presence_.say(presence_.state());  // There may have been no room for it.
      }
      if (options_.on_tick) {
        options_.on_tick();
      }
      return state;
    } catch (const base::Error& error) {
      return refuse(error);
    }
  }

  /// What runs is with its launcher, ends wait in its journal, and the next pass tries again.
  State refuse(const base::Error& error) {
    if (store_.db().is_outdated()) {
      give_way(error);
    }
    worker_.hear();
    if (options_.until_idle && worker_.all_ended() && ++refusals_ > k_most_refusals) {
      throw error;  // Whoever waits for our end is told why, and not kept waiting for ever.
    }
    if (std::exchange(complaint_, error.message()).empty()) {
      observer_.warned(error.message());
    }
    // A person who wants it to end need not wait for the store: the next worker settles.
    return worker_.draining() && worker_.all_ended() ? State::done : State::refused;
  }

  /// The store is a newer version's now. That one settles what we have as soon as we are gone.
  void give_way(const base::Error& error) {
    if (!options_.until_idle && !worker_.draining()) {
      observer_.warned(error.message());
      reload();
    }
    throw error;
  }

  bool is_done() {
    return worker_.draining() ? worker_.in_flight() == 0
                              : options_.until_idle && worker_.is_idle(clock_.now());
  }

  void wait(State state) {
    time::Duration patience = state != State::working ? k_pause_after_failure
                              : worker_.is_resting()  ? k_resting_pace
                                                      : k_slow_pace;
    const bool ticks = options_.on_tick && worker_.in_flight() > 0;
    patience = ticks ? std::min(patience, options_.tick) : patience;
    patience = std::min(patience, manager_.pace().value_or(patience));
    std::set<Wakeups::Source> came;
    if (state == State::working && worker_.is_stocked()) {
      came = wakeups_.wait(Wakeups::For::all_but_ends, std::min(patience, k_gathering));
    }
    if (came.empty()) {
      came = wakeups_.wait(state == State::refused ? Wakeups::For::orders : Wakeups::For::all,
                           patience);
    }
    if (came.contains(Wakeups::Source::pressure)) {
      upkeep_.heard_pressure();
    }
    if (came.contains(Wakeups::Source::orders)) {
      take_orders();
    }
  }

  void take_orders() {
    bool reloads = false;  // At last: what else came would be forgotten by it.
    for (const Order order : wakeups_.take_orders()) {
      switch (order) {
        case Order::drain:
          drain();
          break;
        case Order::stop:
          stop();
          break;
        case Order::leave:
          leaving_ = true;
          break;
        case Order::reload:
          reloads = true;
          break;
      }
    }
    if (leaving_ && worker_.in_flight() > 0) {
      observer_.warned("leaving: what runs goes on, and the next worker takes it over");
    } else if (reloads && !leaving_) {
      reload();
    }
  }

  void reload() {
    if (worker_.draining()) {
      observer_.warned("draining: not reloaded");
      return;
    }
    const base::Error failure = worker::reload(store_.places().directory, [this] {
      manager_.reloading();
      exec::Held held = executor_.hand_over();
      held.merge(presence_.held());
      return held;
    });
    observer_.warned(failure.message());
  }

  void drain() {
    if (worker_.draining()) {
      return stop();
    }
    worker_.drain();
    presence_.say(exec::WorkerState::draining);
    os::ring(store_.places().directory);  // For one that stands by.
    if (worker_.in_flight() > 0) {
      observer_.warned("draining: nothing new starts; once more ends what runs");
    }
  }

  void stop() {
    worker_.drain();
    ending_ = true;
    presence_.say(exec::WorkerState::ending);
    os::ring(store_.places().directory);
    worker_.end_children();
  }

  store::Store& store_;
  const time::Clock& clock_;
  Observer& observer_;
  const ServiceOptions& options_;
  Wakeups wakeups_;
  exec::Handed handed_;
  exec::Presence presence_;
  exec::LocalExecutor executor_;
  Worker worker_;
  Upkeep upkeep_;
  os::ServiceManager manager_;
  bool ending_ = false;
  bool leaving_ = false;
  int refusals_ = 0;       ///< In a row, while nothing of ours is known to run.
  std::string complaint_;  ///< Why the last pass was refused; "" when it was not.
};

}  // namespace

ServiceEnd serve(store::Store& store, const time::Clock& clock, Observer& observer,
                 const ServiceOptions& options) {
  return Service(store, clock, observer, options).run();
}

}  // namespace sched::worker
