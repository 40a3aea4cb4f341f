// What it costs to choose: real passes of a worker over a store where very much waits in many
// queues, with an executor whose attempts have ended as soon as they are asked for.
//
//   choose STORE SLOTS PASSES
//
// Prints, each in us of processor time at the median: a pass that starts SLOTS runs, one that
// settles SLOTS ends and starts as many, the choice of as many alone, and a look at the store when
// nothing of it may start.
#include "instantly.hpp"
#include "os/heap.hpp"
#include "store/store.hpp"
#include "worker/line.hpp"
#include "worker/worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <utility>
#include <vector>

using namespace sched;

namespace {

class Silence : public worker::Observer {
 public:
  void told(const worker::Notice& /*notice*/) override {}
  void warned(const std::string& what) override { fmt::print(stderr, "warned: {}\n", what); }
};

double cpu_us() {
  timespec moment{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &moment);
  return static_cast<double>(moment.tv_sec) * 1e6 + static_cast<double>(moment.tv_nsec) / 1e3;
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// `prepare` comes before each and does not count.
template <typename Work, typename Prepare = void (*)()>
double measured(
    int times, const Work& work, const Prepare& prepare = [] {}) {
  std::vector<double> taken;
  for (int i = 0; i < times; ++i) {
    prepare();
    const double begun = cpu_us();
    work();
    taken.push_back(cpu_us() - begun);
  }
  return median(taken);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    fmt::print(stderr, "see the head of choose.cpp\n");
    return 2;
  }
  const int slots = std::atoi(argv[2]);
  const int passes = std::atoi(argv[3]);
  os::keep_freed_memory();  // As the worker does.
  store::Store store({argv[1]});
  const time::Instant now =
      std::chrono::time_point_cast<time::Duration>(std::chrono::system_clock::now());
  for (int queued = 1; queued > 0;) {
    constexpr int k_at_once = 1000;
    store::Transaction change(store.db());
    queued = worker::line_up_due(store, now, k_at_once);
    change.commit();
    store.db().shorten_log_past(store::k_log_bound);
  }
  bench::Instantly executor;
  executor.now = now;
  Silence observer;
  std::int64_t token = 0;
  worker::Worker worker(store, executor, observer, slots, [&token] { return ++token; });
  {
    store::Transaction change(store.db());
    worker.use_launcher(store.launchers().add("bench", 1, now));
    change.commit();
  }
  const auto start_all = [&] {
    const int before = executor.started;
    worker.step(now);
    if (executor.started - before != slots) {
      fmt::print(stderr, "a pass started {} of {}\n", executor.started - before, slots);
      std::exit(1);
    }
    store.db().shorten_log_past(store::k_log_bound);
  };
  start_all();
  const double pass = measured(passes, start_all);
  const auto settle_all = [&] {
    worker.use_slots(0);
    worker.step(now);
    worker.use_slots(slots);
  };
  const double start = measured(passes, start_all, settle_all);
  const worker::GuardBook guards(store, now);
  const double choice = measured(passes, [&] {
    store::Transaction change(store.db());  // As a worker chooses.
    rules::Chooser chooser = worker::chooser_of(store, guards, now);
    for (int i = 0; i < slots; ++i) {
      const auto next = chooser.next();
      if (!next) {
        fmt::print(stderr, "nothing is left to choose from\n");
        std::exit(1);
      }
      chooser.start(*next);
    }
    change.commit();
  });
  store.db().execute("UPDATE queues SET slots = 1, state = 'paused' WHERE id % 2 = 0");
  store.db().execute("UPDATE resources SET capacity = 0");
  store.db().execute("UPDATE queues SET state = 'paused' WHERE policy = 'fifo'");
  const double blocked = measured(passes, [&] { worker::chooser_of(store, guards, now).next(); });
  fmt::print("{:.1f} {:.1f} {:.1f} {:.1f}\n", start, pass, choice, blocked);
  return 0;
}
