#include "time/tz_file.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

using namespace sched;
using namespace std::chrono_literals;

namespace {

std::string berlin() {
  std::ifstream file("/usr/share/zoneinfo/Europe/Berlin", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a zone's file ends in the rule by which it goes on") {
  const auto file = time::parse_tz_file(berlin());
  REQUIRE(file.has_value());
  REQUIRE(file->rule.has_value());
  CHECK(file->rule->standard == 1h);
  CHECK(file->rule->summer == 2h);
}

TEST_CASE("a file that was cut short is damaged, wherever the cut is") {
  const std::string whole = berlin();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    REQUIRE_FALSE(time::parse_tz_file(whole.substr(0, length)).has_value());
  }
}

TEST_CASE("what is no such file is damaged") {
  const std::string whole = berlin();
  CHECK_FALSE(time::parse_tz_file("").has_value());
  CHECK_FALSE(time::parse_tz_file("rubbish\n").has_value());
  CHECK_FALSE(time::parse_tz_file(std::string(1000, '\xff')).has_value());
  CHECK_FALSE(time::parse_tz_file("X" + whole).has_value());
  CHECK_FALSE(time::parse_tz_file(whole + "x").has_value());
}

TEST_CASE("a zone that is not there has no file") {
  CHECK_FALSE(time::read_tz_file("No/Such").has_value());
}
