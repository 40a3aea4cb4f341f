#include "worker/service.hpp"

#include "exec/local.hpp"
#include "os/bell.hpp"
#include "os/facts.hpp"
#include "os/host.hpp"
#include "os/poller.hpp"
#include "os/signals.hpp"
#include "store/writable.hpp"
#include "worker/inheritance.hpp"
#include "worker/timed.hpp"
#include "worker/worker.hpp"

#include <signal.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>

namespace sched::worker {
namespace {

/// How often to look at a store that was changed without a ring, and for workers that came or went.
constexpr time::Duration k_slow_pace = std::chrono::seconds(2);
/// After the store refused a write: try again then.
constexpr time::Duration k_pause_after_failure = std::chrono::seconds(1);
/// Past this size the write-ahead log is copied back even under load.
constexpr std::uint64_t k_wal_bound = 8U << 20U;

enum Source : std::uint64_t { k_signals, k_bell, k_timer, k_executor };

std::int64_t draw_token() {
  static std::mt19937_64 random = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return static_cast<std::int64_t>(random() >> 2U) | 1;  // positive, never 0
}

/// One worker while it lives.
class Service {
 public:
  Service(store::Store& store, const time::Clock& clock, Observer& observer,
          const ServiceOptions& options)
      : store_(store),
        clock_(clock),
        observer_(observer),
        options_(options),
        signals_({SIGTERM, SIGINT, SIGHUP}),
        bell_(store.places().directory),
        executor_(
            {store.places().launchers(), store.places().logs(), store.places().directory.string()}),
        worker_(store, executor_, observer, options.slots, draw_token),
        inheritance_(store, boot_) {
    poller_.add(signals_.fd(), k_signals);
    poller_.add(bell_.fd(), k_bell);
    poller_.add(timer_.fd(), k_timer);
    poller_.add(executor_.wake_fd(), k_executor);
  }

  ServiceEnd run() {
    // Unlike all that pass() waits for, this never gets better by itself.
    store::require_writable(store_.db());
    while (true) {
      const State state = pass();
      if (state == State::done) {
        executor_.close();
        store_.db().checkpoint();
        return ending_              ? ServiceEnd::ended
               : worker_.draining() ? ServiceEnd::drained
                                    : ServiceEnd::idle;
      }
      wait(state);
    }
  }

 private:
  enum class State { working, done, refused };

  /// One pass; refused when the store did. Everything that reads or writes the store is in here.
  State pass() {
    try {
      settle_the_dead();
      fire_once_a_boot();
      if (!worker_.draining() && !executor_.current()) {
        open_launcher();
      }
      worker_.use_launcher(executor_.current());
      worker_.step(clock_.now());
      // Also where nothing is to be written: commands may be filling another file by that name.
      store_.db().check();
      discard_settled();
      store_.db().checkpoint_past(k_wal_bound);
      complained_ = false;
      if (is_done()) {
        return State::done;
      }
      timer_.set(worker_.next_moment());
      if (options_.on_tick) {
        options_.on_tick();
      }
      return State::working;
    } catch (const base::Error& error) {
      if (!std::exchange(complained_, true)) {
        observer_.warned(error.message());
      }
      return State::refused;
    }
  }

  bool is_done() {
    return worker_.draining() ? worker_.in_flight() == 0
                              : options_.until_idle && worker_.is_idle(clock_.now());
  }

  void settle_the_dead() {
    const time::Duration now = clock_.monotonic();
    if (executor_.take_over_is_due() || now >= next_look_round_) {
      next_look_round_ = now + k_slow_pace;
      inheritance_.take(executor_.take_over());
    } else if (!inheritance_.is_open()) {
      return;
    }
    inheritance_.settle(worker_, executor_);
  }

  /// The journals of dead launchers go once all that they told is in the store.
  void discard_settled() {
    for (const model::LauncherId launcher : inheritance_.settled()) {
      executor_.discard(launcher);
    }
  }

  void fire_once_a_boot() {
    if (fired_at_boot_ || worker_.draining()) {
      return;
    }
    store::Transaction change(store_.db());
    fire_at_boot(store_, boot_, clock_.now());
    change.commit();
    fired_at_boot_ = true;
  }

  void open_launcher() {
    model::LauncherId id;
    {
      store::Transaction change(store_.db());
      id = store_.launchers().add(boot_, os::own_pid(), clock_.now());
      change.commit();
    }
    executor_.open(id, options_.slots);
  }

  void wait(State state) {
    time::Duration patience = state == State::working ? k_slow_pace : k_pause_after_failure;
    if (options_.on_tick && worker_.in_flight() > 0) {
      patience = std::min(patience, options_.tick);
    }
    for (const os::Ready& ready : poller_.wait(patience)) {
      switch (static_cast<Source>(ready.key)) {
        case k_signals:
          take_signals();
          break;
        case k_bell:
          bell_.drain();
          break;
        case k_timer:
          timer_.take();
          break;
        case k_executor:
          break;
      }
    }
  }

  void take_signals() {
    for ([[maybe_unused]] const int signal : signals_.take()) {
      if (!worker_.draining()) {
        worker_.drain();
        if (worker_.in_flight() > 0) {
          observer_.warned("draining: nothing new starts; once more ends what runs");
        }
      } else {
        ending_ = true;
        worker_.end_children();
      }
    }
  }

  store::Store& store_;
  const time::Clock& clock_;
  Observer& observer_;
  const ServiceOptions& options_;
  os::SignalFd signals_;
  os::Bell bell_;
  os::Poller poller_;
  os::WallTimer timer_;
  exec::LocalExecutor executor_;
  Worker worker_;
  const std::string boot_ = os::boot_id();
  Inheritance inheritance_;
  time::Duration next_look_round_{};
  bool fired_at_boot_ = false;
  bool ending_ = false;
  bool complained_ = false;
};

}  // namespace

ServiceEnd serve(store::Store& store, const time::Clock& clock, Observer& observer,
                 const ServiceOptions& options) {
  return Service(store, clock, observer, options).run();
}

}  // namespace sched::worker
