#include "os/pressure.hpp"

#include "os/host.hpp"
#include "os/poller.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

using namespace sched;

TEST_CASE("the pressure files of kernels are read") {
  const auto cpu = os::parse_pressure(
      "some avg10=35.79 avg60=24.95 avg300=8.56 total=159078549\n"
      "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
  REQUIRE(cpu);
  CHECK(cpu->some.last_10s == doctest::Approx(35.79));
  CHECK(cpu->some.total_us == 159'078'549);
  REQUIRE(cpu->full);
  CHECK(cpu->full->total_us == 0);
  // Before 5.13 nothing was told of "full" for CPUs.
  const auto old = os::parse_pressure("some avg10=100.00 avg60=0.12 avg300=0.00 total=7");
  REQUIRE(old);
  CHECK(old->some.last_10s == 100);
  CHECK_FALSE(old->full);
  CHECK(os::parse_pressure("some avg10=1.00 avg60=2.00 avg300=3.00 total=4 more=5\nlater 6\n"));
}

TEST_CASE("what is no pressure file is refused") {
  for (const char* text : {
           "",
           "\n",
           "some",
           "some ",
           "some total=5",
           "some avg10=1.00",
           "some avg10= total=5",
           "some avg10=1,5 total=5",
           "some avg10=-1.00 total=5",
           "some avg10=100.01 total=5",
           "some avg10=nan total=5",
           "some avg10=inf total=5",
           "some avg10=1e1 total=5",
           "some avg10=1.00 total=",
           "some avg10=1.00 total=-5",
           "some avg10=1.00 total=5us",
           "some avg10=1.00 total=99999999999999999999",
           "full avg10=1.00 avg60=1.00 avg300=1.00 total=5",
           "some avg10=1.00 total=5\nfull avg10=x total=5",
           "SOME avg10=1.00 total=5",
       }) {
    CAPTURE(text);
    CHECK_FALSE(os::parse_pressure(text));
  }
}

TEST_CASE("a load average is read") {
  CHECK(os::parse_load("0.52 0.58 0.59 1/123 4567\n") == 0.52);
  CHECK(os::parse_load("12.00") == 12);
  for (const char* text : {"", " 1.00", "x", "-1.00 0 0", "nan 0 0", "1.0x 0 0"}) {
    CAPTURE(text);
    CHECK_FALSE(os::parse_load(text));
  }
}

TEST_CASE("the kernel tells by itself when tasks stand still") {
  os::UniqueFd trigger = os::pressure_trigger("/proc/pressure/cpu", std::chrono::milliseconds(200));
  if (!trigger) {
    return;  // It has no such files, or lets nobody ask.
  }
  os::Poller poller;
  REQUIRE(poller.add_urgent(trigger.get(), 7));
  std::atomic<bool> over = false;
  std::vector<std::thread> load;
  for (int i = 0; i < 4 * os::available_cores(); ++i) {
    load.emplace_back([&over] {
      while (!over) {
      }
    });
  }
  const auto ready = poller.wait(std::chrono::seconds(20));
  over = true;
  for (std::thread& one : load) {
    one.join();
  }
  REQUIRE(ready.size() == 1);
  CHECK(ready[0].key == 7);
}

TEST_CASE("what only looks like a pressure file is not written to") {
  const test::TempDir proc;
  std::ofstream(proc / "cpu") << "some";
  CHECK_FALSE(os::pressure_trigger(proc / "cpu", std::chrono::milliseconds(200)));
  CHECK_FALSE(os::pressure_trigger(proc / "none", std::chrono::milliseconds(200)));
  CHECK(std::filesystem::file_size(proc / "cpu") == 4);
}

TEST_CASE("what the kernel does not tell is empty, and the load stands in for the CPUs") {
  const test::TempDir proc;
  const auto write = [&](const std::string& name, const char* text) {
    std::ofstream(proc / name) << text;
  };
  CHECK_FALSE(os::machine_pressure(proc.path()).load);
  write("loadavg", "3.50 1.00 1.00 2/90 77\n");
  CHECK(os::machine_pressure(proc.path()).load == 3.5);
  std::filesystem::create_directory(proc / "pressure");
  write("pressure/cpu", "some avg10=2.00 avg60=0.00 avg300=0.00 total=9\n");
  write("pressure/io", "nonsense\n");
  const auto found = os::machine_pressure(proc.path());
  CHECK(found.cpu);
  CHECK_FALSE(found.memory);
  CHECK_FALSE(found.io);
  CHECK_FALSE(found.load);
}
