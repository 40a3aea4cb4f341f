#include "model/policy.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;
using namespace std::chrono_literals;
using model::Backoff;

namespace {

/// Holds an error's message against what it has to say.
void check_refused(const base::Error& error, const std::string& part) {
  CAPTURE(error.message());
  CHECK(error.kind() == base::ErrorKind::invalid_input);
  CHECK(error.message().find(part) != std::string::npos);
  CHECK_FALSE(error.hint().empty());
}

}  // namespace

TEST_CASE("a backoff reads back as it is written") {
  struct Row {
    const char* text;
    Backoff expected;
    const char* written;
  };
  for (const Row& row :
       {Row{"fixed:30s", {Backoff::Kind::fixed, 30s, 30s}, "fixed:30s"},
        Row{"fixed:0s", {Backoff::Kind::fixed, 0s, 0s}, "fixed:0s"},
        Row{"fixed:90s", {Backoff::Kind::fixed, 90s, 90s}, "fixed:1m30s"},
        Row{"exponential:1s..10m", {Backoff::Kind::exponential, 1s, 10min}, "exponential:1s..10m"},
        Row{"exponential:5m..5m", {Backoff::Kind::exponential, 5min, 5min}, "exponential:5m..5m"},
        Row{"fixed:30d", {Backoff::Kind::fixed, 720h, 720h}, "fixed:30d"}}) {
    CAPTURE(row.text);
    const auto read = model::parse_backoff(row.text);
    REQUIRE(read.ok());
    CHECK(*read == row.expected);
    CHECK(model::to_string(*read) == row.written);
    CHECK(model::parse_backoff(row.written).value() == row.expected);
  }
  CHECK(model::to_string(Backoff{}) == "exponential:1s..5m");
}

TEST_CASE("a backoff that makes no sense is refused") {
  struct Row {
    const char* text;
    const char* part;
  };
  for (const Row& row :
       {Row{"", "no way to wait"}, Row{"linear:1s", "no way to wait"}, Row{"fixed", "has no delay"},
        Row{"fixed:", "is empty"}, Row{"fixed:30", "has no unit"},
        Row{"fixed:31d", "longer than 30 days"}, Row{"exponential:1s", "no range"},
        Row{"exponential:..5m", "first delay"}, Row{"exponential:1s..", "longest delay"},
        Row{"exponential:10m..1s", "shorter than the first"},
        Row{"exponential:0s..1s", "stays zero"},
        Row{"exponential:1s..31d", "longer than 30 days"}}) {
    CAPTURE(row.text);
    const auto read = model::parse_backoff(row.text);
    REQUIRE_FALSE(read.ok());
    check_refused(read.error(), row.part);
  }
  CHECK(model::parse_backoff("exponental:1s..5m").error().hint() == "did you mean 'exponential'?");
}

TEST_CASE("a set of ends reads back sorted and merged") {
  struct Row {
    const char* text;
    const char* written;
  };
  for (const Row& row : {Row{"3", "3"}, Row{"2,64-78,signal", "2,64-78,signal"},
                         Row{"lost,timeout,signal", "signal,timeout,lost"}, Row{"5,3,4", "3-5"},
                         Row{"10-20,15-30", "10-30"}, Row{"10-30,15-20,40", "10-30,40"},
                         Row{" 1 , 255 ", "1,255"}, Row{"7-7", "7"}}) {
    CAPTURE(row.text);
    const auto read = model::parse_end_set(row.text);
    REQUIRE(read.ok());
    CHECK(model::to_string(*read) == row.written);
    CHECK(model::parse_end_set(row.written).value() == *read);
  }
}

TEST_CASE("a set of ends knows its exit codes") {
  const auto ends = model::parse_end_set("2,64-78,signal").value();
  for (const int code : {2, 64, 70, 78}) {
    CHECK(ends.has_exit_code(code));
  }
  for (const int code : {0, 1, 3, 63, 79}) {
    CHECK_FALSE(ends.has_exit_code(code));
  }
  CHECK_FALSE(ends.empty());
  CHECK(model::EndSet{}.empty());
}

TEST_CASE("a set of ends that cannot come is refused") {
  struct Row {
    const char* text;
    const char* part;
  };
  for (const Row& row :
       {Row{"", "is empty"}, Row{"1,,2", "empty item"}, Row{"1,", "empty item"},
        Row{"0", "success"}, Row{"0-5", "success"}, Row{"256", "outside"}, Row{"1-300", "outside"},
        Row{"-1", "no exit code"}, Row{"5-3", "backwards"}, Row{"signl", "no exit code"},
        Row{"3-", "no exit code"}, Row{"99999999999999999999", "no exit code"}}) {
    CAPTURE(row.text);
    const auto read = model::parse_end_set(row.text);
    REQUIRE_FALSE(read.ok());
    check_refused(read.error(), row.part);
  }
  CHECK(model::parse_end_set("signl").error().hint() == "did you mean 'signal'?");
}

TEST_CASE("limits read back as they are written") {
  const auto limits = model::parse_limits(
      "cpu=1m30s, memory=2G,file-size=1536,open-files=1024,processes=100,core=0");
  REQUIRE(limits.ok());
  CHECK(limits->cpu_s == 90);
  CHECK(limits->memory_bytes == std::uint64_t{2} << 30U);
  CHECK(limits->file_size_bytes == 1536);
  CHECK(limits->open_files == 1024);
  CHECK(limits->processes == 100);
  CHECK(limits->core_bytes == 0);
  const std::string written = model::to_string(*limits);
  CHECK(written == "cpu=90s,memory=2G,file-size=1536,open-files=1024,processes=100,core=0");
  CHECK(model::parse_limits(written).value() == *limits);
  CHECK(model::to_string(model::Limits{}).empty());
}

TEST_CASE("limits are added to those given before, and win") {
  const auto before = model::parse_limits("cpu=60s,core=0").value();
  const auto after = model::parse_limits("cpu=10s", before).value();
  CHECK(model::to_string(after) == "cpu=10s,core=0");
}

TEST_CASE("limits under which nothing could run are refused") {
  struct Row {
    const char* text;
    const char* part;
  };
  for (const Row& row : {
           Row{"", "empty item"},
           Row{"cpu=1s,", "empty item"},
           Row{"cpu", "has no value"},
           Row{"cpu=", "cpu: "},
           Row{"cpu=60", "cpu: '60' in '60' has no unit"},
           Row{"cpu=0s", "too small"},
           Row{"cpu=500ms", "whole number of seconds"},
           Row{"cpu=1s,cpu=2s", "twice"},
           Row{"memory=1000k", "too small"},
           Row{"memory=16E", "more bytes"},
           Row{"memory=2X", "no size"},
           Row{"open-files=3", "too small"},
           Row{"open-files=4k", "no count"},
           Row{"processes=0", "too small"},
           Row{"processes=-1", "no count"},
           Row{"mem=1G", "no limit"},
           Row{"=1", "no limit"},
       }) {
    CAPTURE(row.text);
    const auto read = model::parse_limits(row.text);
    REQUIRE_FALSE(read.ok());
    check_refused(read.error(), row.part);
  }
  CHECK(model::parse_limits("memry=1G").error().hint() == "did you mean 'memory'?");
}

TEST_CASE("sizes are in powers of 1024") {
  struct Row {
    const char* text;
    std::uint64_t bytes;
    const char* written;
  };
  for (const Row& row :
       {Row{"0", 0, "0"}, Row{"100", 100, "100"}, Row{"100B", 100, "100"},
        Row{"512k", 512U << 10U, "512k"}, Row{"1024k", 1U << 20U, "1M"},
        Row{"64M", 64U << 20U, "64M"}, Row{"64MiB", 64U << 20U, "64M"},
        Row{"64 mb", 64U << 20U, "64M"}, Row{"2G", std::uint64_t{2} << 30U, "2G"},
        Row{"7E", std::uint64_t{7} << 60U, "7E"}, Row{"1000k", 1000U << 10U, "1000k"}}) {
    CAPTURE(row.text);
    const auto read = model::parse_size(row.text);
    REQUIRE(read.ok());
    CHECK(*read == row.bytes);
    CHECK(model::size_to_string(*read) == row.written);
    CHECK(model::parse_size(row.written).value() == row.bytes);
  }
  for (const char* text :
       {"", "M", "-1", "1.5G", "8E", "9223372036854775808", "1 0", "64MX", "1iB"}) {
    CAPTURE(text);
    CHECK_FALSE(model::parse_size(text).ok());
  }
}
