#include "time/tz_file.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace sched;
using namespace std::chrono_literals;

namespace {

std::string berlin() {
  return time::read_tz_file("Europe/Berlin").value();
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

TEST_CASE("what is no zone has no file, whatever its name leads to") {
  for (const char* name :
       {"No/Such", "", "/", "Europe", "Europe/", "/usr/share/zoneinfo/Europe/Berlin",
        "../zoneinfo/Europe/Berlin", "Europe/../Europe/Berlin", "right/Europe/Berlin", "posix/UTC",
        "posixrules", "localtime", "zone.tab"}) {
    CAPTURE(name);
    CHECK_FALSE(time::read_tz_file(name).has_value());
  }
}

TEST_CASE("the names of zones are those of tzdata, aliases too, and no other file's") {
  const auto names = time::tz_names();
  const auto has = [&](const char* name) {
    return std::count(names.begin(), names.end(), name) == 1;
  };
  CHECK(names.size() > 400);
  CHECK(has("Europe/Berlin"));
  CHECK(has("US/Eastern"));
  CHECK(has("America/Argentina/Ushuaia"));
  CHECK_FALSE(has("tzdata.zi"));
  CHECK_FALSE(has("leapseconds"));
  CHECK(std::none_of(names.begin(), names.end(), [](const std::string& name) {
    return name.starts_with("right/") || name.starts_with("posix/");
  }));
}
