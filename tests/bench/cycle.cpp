// The worker's own cost: its real passes on a real store, with an executor that carries out nothing
// and a clock that stands still until there is nothing left to do.
//
//   cycle STORE SLOTS COUNT           until COUNT runs have ended (0: all)
//   cycle STORE SLOTS COUNT --day     the clock goes on from one moment to the next, for a day
//
// Prints: processor time a run in us, wall time a run in us, how many ended, the longest pass in
// ms.
#include "instantly.hpp"
#include "store/store.hpp"
#include "worker/worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <utility>

using namespace sched;

namespace {

class Counter : public worker::Observer {
 public:
  void told(const worker::Notice& notice) override {
    ended += notice.kind == worker::Notice::Kind::ended ? 1 : 0;
  }
  void warned(const std::string& what) override { fmt::print(stderr, "warned: {}\n", what); }

  std::int64_t ended = 0;
};

double seconds(clockid_t clock) {
  timespec moment{};
  clock_gettime(clock, &moment);
  return static_cast<double>(moment.tv_sec) + static_cast<double>(moment.tv_nsec) / 1e9;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "see the head of cycle.cpp\n");
    return 2;
  }
  const std::int64_t count = std::atoll(argv[3]);
  const bool for_a_day = argc > 4 && std::string(argv[4]) == "--day";
  store::Store store({argv[1]});
  bench::Instantly executor;
  Counter counter;
  std::int64_t token = 0;
  worker::Worker worker(store, executor, counter, std::atoi(argv[2]), [&token] { return ++token; });
  executor.now = std::chrono::time_point_cast<time::Duration>(std::chrono::system_clock::now());
  const time::Instant last = executor.now + std::chrono::hours(24);
  {
    store::Transaction change(store.db());
    worker.use_launcher(store.launchers().add("bench", 1, executor.now));
    change.commit();
  }
  const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  const double wall = seconds(CLOCK_MONOTONIC);
  double longest = 0;
  while (count == 0 || counter.ended < count) {
    const double begun = seconds(CLOCK_MONOTONIC);
    worker.step(executor.now);
    longest = std::max(longest, seconds(CLOCK_MONOTONIC) - begun);
    store.db().shorten_log_past(store::k_log_bound);
    if (worker.is_idle(executor.now)) {
      const auto next = for_a_day ? worker.next_moment() : std::nullopt;
      if (!next || *next > last) {
        break;
      }
      executor.now = std::max(executor.now, *next);
    }
  }
  const auto ended = static_cast<double>(std::max<std::int64_t>(counter.ended, 1));
  fmt::print("{:.3f} {:.3f} {} {:.3f}\n", (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e6 / ended,
             (seconds(CLOCK_MONOTONIC) - wall) * 1e6 / ended, counter.ended, longest * 1e3);
  worker.drain();
  while (worker.in_flight() > 0) {
    worker.step(executor.now);  // Who works in this store next would wait for them for ever.
  }
  return 0;
}
