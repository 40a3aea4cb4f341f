#include "security/environment.hpp"

#include <doctest/doctest.h>

using namespace sched;
using security::Environment;

namespace {

const Environment k_environment = {{"PATH", "/bin"}, {"HOME", "/home/me"}, {"SHELL", "/bin/sh"},
                                   {"USER", "me"},   {"LOGNAME", "me"},    {"LANG", "C.UTF-8"},
                                   {"LC_TIME", "C"}, {"TZ", "Asia/Tokyo"}, {"API_TOKEN", "s3cret"},
                                   {"EDITOR", "vi"}, {"SCHED_RUN_ID", "7"}};

}  // namespace

TEST_CASE("of an environment only what a command needs to find its way is kept") {
  const auto kept = security::captured(k_environment, {});
  REQUIRE(kept.ok());
  CHECK(*kept == Environment{{"PATH", "/bin"},
                             {"HOME", "/home/me"},
                             {"SHELL", "/bin/sh"},
                             {"USER", "me"},
                             {"LOGNAME", "me"},
                             {"LANG", "C.UTF-8"},
                             {"LC_TIME", "C"},
                             {"TZ", "Asia/Tokyo"}});
}

TEST_CASE("a name that is asked for is kept too") {
  const auto kept = security::captured({{"EDITOR", "vi"}, {"A", "1"}}, {{"EDITOR"}, false});
  REQUIRE(kept.ok());
  CHECK(*kept == Environment{{"EDITOR", "vi"}});
}

TEST_CASE("a name that is not set is refused with the nearest that is") {
  const auto kept = security::captured(k_environment, {{"EDITR"}, false});
  REQUIRE_FALSE(kept.ok());
  CHECK(kept.error().kind() == base::ErrorKind::invalid_input);
  CHECK(kept.error().message() == "the environment variable 'EDITR' is not set");
  CHECK(kept.error().hint() == "did you mean 'EDITOR'?");
  CHECK_FALSE(security::captured(k_environment, {{"A B"}, true}).ok());
}

TEST_CASE("all of an environment is kept but for what tells of an outer run") {
  const auto kept = security::captured(k_environment, {{}, true});
  REQUIRE(kept.ok());
  CHECK(kept->size() == k_environment.size() - 1);
  CHECK_FALSE(kept->contains("SCHED_RUN_ID"));
  CHECK(kept->contains("API_TOKEN"));
}
