#include "exec/messages.hpp"

#include "exec/wire.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace sched;

namespace {

exec::Launch full_launch() {
  exec::Launch launch;
  launch.claim = {model::RunId(1), 2, 3};
  launch.argv = {"a", "", std::string("with\0nul", 8)};
  launch.environment = {"A=1", "B="};
  launch.env_file = "f";
  launch.directory = "/d";
  launch.umask = 077;
  launch.stdin_text = "";
  launch.split_output = true;
  launch.limits.cpu_s = 5;
  launch.limits.core_bytes = 0;
  launch.nice = -3;
  launch.machine.cpus = {0, 1, 2, 7};
  launch.machine.io_class = model::IoClass{model::IoClass::Kind::best_effort, 7};
  launch.machine.max_rss_bytes = 1ULL << 40U;
  launch.machine.max_cpu_time = std::chrono::minutes(10);
  launch.machine.cpu_quota = 1500;
  launch.machine.io_max = {1ULL << 40U, 7};
  launch.pin = true;
  launch.flocks = {{"/run/a.lock", false}, {"/run/b.lock", true}};
  launch.contain = true;
  launch.timeout = std::chrono::seconds(9);
  launch.until_deadline = std::chrono::seconds(99);
  return launch;
}

std::vector<exec::Message> samples() {
  exec::Ended ended{{model::RunId(4), 5, 6}, {}};
  ended.ending.kind = model::Ending::Kind::not_executed;
  ended.ending.step = model::Ending::Step::contain;
  ended.ending.code = 13;
  ended.ending.usage.max_rss_bytes = 1LL << 40;
  ended.ending.measured = 1LL << 41;
  ended.ending.processes = 5;
  return {exec::Hello{},
          full_launch(),
          exec::Cancel{{model::RunId(1), 2, 3}, model::Ending::Cause::shutdown},
          exec::Forget{{{model::RunId(1), 2, 3}, {model::RunId(4), 5, 6}}},
          exec::Close{},
          exec::Tally{{{model::RunId(1), 2, 3}}, {ended, ended}},
          ended,
          exec::Halt{{model::RunId(4), 5, 6}, true},
          exec::Stray{{model::RunId(4), 5, 6}, "pid 17 (cp)"}};
}

}  // namespace

TEST_CASE("a message comes back as it was sent") {
  for (const exec::Message& message : samples()) {
    const std::string bytes = exec::encode(message);
    const auto back = exec::decode(bytes);
    REQUIRE(back.has_value());
    CHECK(back->index() == message.index());
    CHECK(exec::encode(*back) == bytes);
  }
  const auto launch = exec::decode(exec::encode(full_launch()));
  const auto& got = std::get<exec::Launch>(*launch);
  CHECK(got.argv == full_launch().argv);
  CHECK(got.stdin_text == "");
  CHECK(got.limits == full_launch().limits);
  CHECK(got.contain);
  CHECK(got.nice == -3);
  CHECK(got.machine == full_launch().machine);
  CHECK(got.flocks == full_launch().flocks);
  CHECK(got.pin);
}

TEST_CASE("bytes that no message has are refused, cut or added anywhere") {
  for (const exec::Message& message : samples()) {
    const std::string bytes = exec::encode(message);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CHECK_FALSE(exec::decode(std::string_view(bytes).substr(0, size)).has_value());
    }
    CHECK_FALSE(exec::decode(bytes + "x").has_value());
  }
  CHECK_FALSE(exec::decode(std::string(1, '\x63')).has_value());
  CHECK_FALSE(exec::decode(std::string("\x04\xff\xff\xff\xff", 5)).has_value());
}

TEST_CASE("frames are cut from a stream whatever its pieces") {
  exec::FrameBuffer buffer;
  std::string stream;
  for (int i = 0; i < 100; ++i) {
    stream += exec::framed(std::string(static_cast<std::size_t>(i), 'a'));
  }
  std::size_t found = 0;
  for (const char c : stream) {
    buffer.append(std::string_view(&c, 1));
    while (const auto frame = buffer.next()) {
      CHECK(frame->size() == found);
      ++found;
    }
  }
  CHECK(found == 100);
  buffer.append("\xff\xff\xff\xff");
  CHECK_FALSE(buffer.next().has_value());
  CHECK(buffer.broken());
}

TEST_CASE("spoiled bytes are refused or read, never more than that") {
  std::mt19937 random(7);  // NOLINT: the same bytes every time.
  for (const exec::Message& message : samples()) {
    const std::string bytes = exec::encode(message);
    for (int round = 0; round < 3000; ++round) {
      std::string spoiled = bytes;
      for (int i = 0; i < 3; ++i) {
        spoiled[random() % spoiled.size()] = static_cast<char>(random());
      }
      if (const auto read = exec::decode(spoiled)) {
        CHECK(exec::decode(exec::encode(*read)).has_value());
      }
    }
  }
}
