#include "worker/adapt.hpp"

#include "os/host.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"
#include "unit/worker/worker_at_hand.hpp"

#include <fmt/format.h>

using namespace sched;
using namespace std::chrono_literals;
using namespace sched::test;

namespace {

std::optional<os::Stall> line_with(std::int64_t total_us, double last_10s = 7) {
  return os::Stall{last_10s, total_us};
}

/// The files of a kernel, of which a test says what passed.
struct Kernel {
  Kernel() {
    std::filesystem::create_directory(proc / "pressure");
    write();
  }
  /// That long tasks stood still, in the two seconds that pass.
  void stand_still(time::Duration for_cpu, time::Duration for_memory) {
    cpu += for_cpu;
    memory += for_memory;
    write();
    clock.pass(2s);
  }
  void write() const {
    const auto text = [](time::Duration total, const char* line = "some") {
      return fmt::format("{} avg10=0.00 avg60=0.00 avg300=0.00 total={}\n", line,
                         total.count() * 1000);
    };
    proc.write("pressure/cpu", text(cpu));
    proc.write("pressure/memory", text(memory) + text(memory_full, "full"));
    proc.write("pressure/io", text({}));
  }
  TempDir proc;
  ManualClock clock;
  time::Duration cpu{};
  time::Duration memory{};
  time::Duration memory_full{};
};

}  // namespace

TEST_CASE("pressure is what was stalled since the last look, and else the kernel's average") {
  CHECK(worker::stalled(line_with(1'000'000), line_with(2'000'000), 2s) == 50);
  CHECK(worker::stalled(line_with(5), line_with(5), 2s) == 0);
  CHECK(worker::stalled(line_with(0), line_with(2'100'000), 2s) == 100);  // Their clocks differ.
  CHECK(worker::stalled(std::nullopt, line_with(9), 2s) == 7);
  CHECK(worker::stalled(line_with(9), line_with(8), 2s) == 7);
  CHECK(worker::stalled(line_with(0), line_with(9), 1ms) == 7);
  CHECK_FALSE(worker::stalled(line_with(9), std::nullopt, 2s));
}

TEST_CASE("slots follow what the kernel tells, once a period") {
  Kernel kernel;
  worker::Adapter adapter({4, 4}, kernel.clock, kernel.proc.path());
  const auto strain = [&] {
    return adapter.throttle().strain ? to_string(*adapter.throttle().strain) : std::string();
  };
  CHECK_FALSE(adapter.look(4));
  kernel.stand_still(1500ms, 0ms);
  CHECK(adapter.look(4));
  CHECK(strain() == "cpu pressure 75%, above 60%");
  kernel.stand_still(0ms, 700ms);
  CHECK(adapter.look(4));
  CHECK(adapter.throttle().stopped);
  CHECK(strain() == "memory pressure 35%, above 30%");
  CHECK(adapter.throttle().since == kernel.clock.now());
  kernel.clock.pass(1s);
  CHECK_FALSE(adapter.look(4));  // Not before the next period.
  kernel.stand_still(0ms, 0ms);
  CHECK(adapter.look(0));
  CHECK_FALSE(adapter.throttle().stopped);
  CHECK(strain().empty());
}

TEST_CASE("memory pressure that goes on though nothing starts is told, for a run to be ended") {
  Kernel kernel;
  worker::Adapter adapter({4, 4}, kernel.clock, kernel.proc.path());
  const auto looks = [&](time::Duration some, time::Duration full) {
    kernel.memory_full += full;
    kernel.stand_still(0ms, some);
    adapter.look(4);
    return adapter.take_lasting();
  };
  for (int i = 0; i < 5; ++i) {
    CHECK_FALSE(looks(1900ms, 400ms));  // Some stand still, and the others get on.
  }
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(looks(1900ms, 1ms * (900 + i)));
  }
  CHECK(looks(1900ms, 1000ms) == 50);
  CHECK_FALSE(adapter.take_lasting());
  adapter.note_shed(model::RunId(7));
  CHECK(adapter.throttle().shed_runs == 1);
  CHECK(adapter.throttle().shed_last == model::RunId(7));
  for (int i = 0; i < 4; ++i) {
    CHECK_FALSE(looks(1900ms, 1000ms));
  }
  CHECK(looks(1900ms, 1000ms) == 50);
}

TEST_CASE("where the kernel tells no pressure, its load does") {
  const TempDir proc;
  ManualClock clock;
  proc.write("loadavg", fmt::format("{}.00 0.00 0.00 1/2 3\n", 2 * os::available_cores()));
  worker::Adapter adapter({1, 1}, clock, proc.path());
  CHECK(adapter.look(1));
  CHECK(to_string(*adapter.throttle().strain) == "load 2.00 for each CPU, above 1.50");
}

TEST_CASE("a worker with fewer slots lets run what runs, and starts nothing until below") {
  Shop shop(3);
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    shop.once(name);
  }
  shop.step();
  CHECK(shop.started().size() == 3);
  shop.worker.use_slots(1);
  shop.step();
  CHECK(shop.worker.in_flight() == 3);
  CHECK(shop.executor.cancels.empty());
  model::Ending long_one = test::exited(0);
  long_one.elapsed = 1h;
  for (const char* name : {"a", "b"}) {
    shop.end(name, long_one);
    shop.step();
    CHECK(shop.started().size() == 3);
  }
  shop.end("c", long_one);
  shop.step();
  CHECK(shop.started() == Lines{"a", "b", "c", "d"});
  shop.worker.use_slots(2);
  shop.step();
  CHECK(shop.started().size() == 5);
}
