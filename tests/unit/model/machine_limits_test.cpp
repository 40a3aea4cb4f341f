#include "model/machine_limits.hpp"

#include "model/needs.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;

TEST_CASE("a list of CPUs reads back sorted, each once") {
  struct Row {
    const char* text;
    std::vector<int> expected;
    const char* written;
  };
  for (const Row& row : std::vector<Row>{{"0", {0}, "0"},
                                         {"0-3,7", {0, 1, 2, 3, 7}, "0-3,7"},
                                         {"7,0-3", {0, 1, 2, 3, 7}, "0-3,7"},
                                         {"3,1,2,2", {1, 2, 3}, "1-3"},
                                         {"5-5", {5}, "5"},
                                         {"0,2", {0, 2}, "0,2"},
                                         {"8191", {8191}, "8191"}}) {
    CAPTURE(row.text);
    const auto cpus = model::parse_cpus(row.text);
    REQUIRE(cpus.ok());
    CHECK(*cpus == row.expected);
    CHECK(model::cpus_to_string(*cpus) == row.written);
  }
  for (const char* text : {"", ",", "0,", "-1", "0--1", "1-", "a", "0-3-4", "8192", "3-1", "0 1",
                           "99999999999999999999", "-0"}) {
    CAPTURE(text);
    REQUIRE_FALSE(model::parse_cpus(text).ok());
    CHECK_FALSE(model::parse_cpus(text).error().hint().empty());
  }
  CHECK(model::parse_cpus("3-1").error().hint() == "write 1-3");
}

TEST_CASE("a number of CPUs is a quota, in percent too") {
  struct Row {
    const char* text;
    std::int64_t expected;
    const char* written;
  };
  for (const Row& row : {Row{"1", 1000, "1"}, Row{"1.5", 1500, "1.5"}, Row{"150%", 1500, "1.5"},
                         Row{"12.5%", 125, "0.125"}, Row{"0.01", 10, "0.01"}, Row{"1%", 10, "0.01"},
                         Row{"8192", 8'192'000, "8192"}}) {
    CAPTURE(row.text);
    CHECK(model::parse_cpu_quota(row.text).value() == row.expected);
    CHECK(model::cpu_quota_to_string(row.expected) == row.written);
  }
  for (const char* text :
       {"", "%", "0", "0.009", "0.9%", "8193", "-1", "1k", "1.2345", "1 %", "x"}) {
    CAPTURE(text);
    REQUIRE_FALSE(model::parse_cpu_quota(text).ok());
    CHECK_FALSE(model::parse_cpu_quota(text).error().hint().empty());
  }
}

TEST_CASE("how fast disks may be used is said of reading, of writing, or of both") {
  CHECK(model::to_string(model::parse_io_max("write=10M,read=20M").value()) ==
        "read=20M,write=10M");
  CHECK(model::parse_io_max("read=1k").value() == model::IoMax{1024, 0});
  for (const char* text : {"", "20M", "read", "read=", "read=0", "write=1023", "reads=1M",
                           "read=1M,", "read=1M,read=1M", "read=1X"}) {
    CAPTURE(text);
    REQUIRE_FALSE(model::parse_io_max(text).ok());
    CHECK_FALSE(model::parse_io_max(text).error().hint().empty());
  }
}

TEST_CASE("an I/O class has the kernel's number, and a level where there are any") {
  using Kind = model::IoClass::Kind;
  struct Row {
    const char* text;
    model::IoClass expected;
    const char* written;
  };
  for (const Row& row : {Row{"idle", {Kind::idle, 0}, "idle"},
                         Row{"best-effort", {Kind::best_effort, 4}, "best-effort:4"},
                         Row{"best-effort:7", {Kind::best_effort, 7}, "best-effort:7"},
                         Row{"realtime:0", {Kind::realtime, 0}, "realtime:0"}}) {
    CAPTURE(row.text);
    const auto io_class = model::parse_io_class(row.text);
    REQUIRE(io_class.ok());
    CHECK(*io_class == row.expected);
    CHECK(model::to_string(*io_class) == row.written);
  }
  CHECK(static_cast<int>(Kind::realtime) == 1);
  CHECK(static_cast<int>(Kind::idle) == 3);
  for (const char* text : {"", "ide", "idle:0", "idle:", "best-effort:", "best-effort:8",
                           "realtime:-1", "realtime:10", "best-effort:1:2", "2"}) {
    CAPTURE(text);
    REQUIRE_FALSE(model::parse_io_class(text).ok());
    CHECK_FALSE(model::parse_io_class(text).error().hint().empty());
  }
  CHECK(model::parse_io_class("ide").error().hint() == "did you mean 'idle'?");
}

TEST_CASE("niceness goes by the highest priority that a run has reached") {
  const auto map = model::parse_nice_map("0=10,10=-5:best-effort:1,-10=19:idle").value();
  CHECK(model::nice_map_to_string(map) == "10=-5:best-effort:1,0=10,-10=19:idle");
  CHECK(model::parse_nice_map(model::nice_map_to_string(map)).value() == map);
  struct Row {
    int priority;
    int nice;
  };
  for (const Row& row :
       {Row{1000, -5}, Row{10, -5}, Row{9, 10}, Row{0, 10}, Row{-1, 19}, Row{-10, 19}}) {
    CAPTURE(row.priority);
    REQUIRE(model::step_for(map, row.priority) != nullptr);
    CHECK(model::step_for(map, row.priority)->nice == row.nice);
  }
  CHECK(model::step_for(map, -11) == nullptr);
  CHECK(model::step_for({}, 0) == nullptr);
  for (const char* text : {"", "0", "0=", "=1", "0=20", "0=-21", "1001=0", "a=1",
                           "0=1:", "0=1:fast", "0=1,0=2", "0=1,", "0:idle", "0=:idle"}) {
    CAPTURE(text);
    REQUIRE_FALSE(model::parse_nice_map(text).ok());
    CHECK_FALSE(model::parse_nice_map(text).error().hint().empty());
  }
}

TEST_CASE("the growth of memory is a factor above one, and a size") {
  struct Row {
    const char* text;
    model::MemoryRetry expected;
  };
  for (const Row& row :
       {Row{"x1.5..8G", {1500, 8ULL << 30U}}, Row{"x2..512M", {2000, 512ULL << 20U}},
        Row{"x1.001..1G", {1001, 1ULL << 30U}}, Row{"x100..1T", {100'000, 1ULL << 40U}}}) {
    CAPTURE(row.text);
    const auto retry = model::parse_memory_retry(row.text);
    REQUIRE(retry.ok());
    CHECK(*retry == row.expected);
    CHECK(model::to_string(*retry) == row.text);
  }
  for (const char* text : {"", "x", "1.5..8G", "x1.5", "x1.5..", "x..8G", "x1..8G", "x0.5..8G",
                           "x101..8G", "x1.2345..8G", "x1.5..lots", "x1.5..0", "x-2..8G"}) {
    CAPTURE(text);
    REQUIRE_FALSE(model::parse_memory_retry(text).ok());
    CHECK_FALSE(model::parse_memory_retry(text).error().hint().empty());
  }
}

TEST_CASE("needs with paths come back from a lane's text as they went, whatever is in the paths") {
  const std::string nasty = "/a;b,c=d%2C e\n/'\"";
  for (const std::string& path : {std::string("/var/tmp"), nasty, std::string("/%"), nasty + "%"}) {
    CAPTURE(path);
    for (const bool with_others : {false, true}) {
      model::Needs needs;
      if (with_others) {
        needs = model::parse_lock("db:shared", model::parse_needs("cpu=2,r").value()).value();
      }
      needs = model::add_space({path, 10LL << 30U}, needs).value();
      needs = model::add_space({path + "2", 5}, needs).value();
      needs = model::add_file({path, true}, needs).value();
      needs = model::add_file({path + "2", false}, needs).value();
      CHECK(model::read_needs(model::write_needs(needs)) == needs);
      model::Needs only_files;
      only_files.files = needs.files;
      CHECK(model::read_needs(model::write_needs(only_files)) == only_files);
      CHECK(model::write_needs(only_files) != model::write_needs(needs));
    }
  }
}

TEST_CASE("a path that stands twice is refused") {
  const model::Needs needs =
      model::add_file({"/a", false}, model::add_space({"/a", 1}, {}).value()).value();
  CHECK_FALSE(model::add_space({"/a", 2}, needs).ok());
  CHECK_FALSE(model::add_file({"/a", true}, needs).ok());
}
