#include "cli/draft.hpp"

#include "cli/trigger.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;

namespace {

const security::Environment k_environment = {{"PATH", "/bin"}};

cli::TaskDraft read(const std::string& field, const std::vector<std::string>& values,
                    const std::string& directory = "/") {
  const cli::DraftContext context{test::ManualClock().now(), directory, &k_environment};
  const cli::TaskField* found = cli::find_task_field(field);
  REQUIRE(found != nullptr);
  cli::TaskDraft draft;
  cli::read_field(*found, context, draft, values);
  return draft;
}

std::string refusal(const std::string& field, const std::vector<std::string>& values) {
  try {
    cli::TaskDraft draft = read(field, values);
    cli::settle_trigger(draft, false, test::ManualClock().now());
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::invalid_input);
    return error.message();
  }
  return "taken";
}

}  // namespace

TEST_CASE("whatever is wrong with a value, the option and the value are named") {
  const std::set<std::string> take_any_text = {"env-file", "cwd", "stdin"};
  struct Row {
    const char* field;
    std::string value;
    const char* why;
  };
  const std::vector<Row> rows = {
      {"shell", " ", "the text is empty"},
      {"at", "whenever", ""},
      {"cron", "61 * * * *", "61 is outside 0-59"},
      {"cron", "", ""},
      {"calendar", "Mon-", ""},
      {"every", "15", ""},
      {"every", "0s", "more than nothing"},
      {"from", "end", "neither start nor finish"},
      {"anchor", "whenever", ""},
      {"zone", "Europe/Berln", "unknown"},
      {"zone", "", "no zone is named"},
      {"dialect", "quartz", "not one of standard, extended"},
      {"not-before", "whenever", ""},
      {"not-after", "whenever", ""},
      {"count", "0", "not a whole number from 1"},
      {"except", "weekends", ""},
      {"except-on", "/no/such/file", "there is no such file"},
      {"only", "*/2", ""},
      {"only-on", "/", "is a directory"},
      {"catch-up", "some", "not one of none, last, all"},
      {"catch-up", "all:0", "not a whole number from 1"},
      {"grace", "-1s", ""},
      {"overlap", "stop", "not one of skip, queue, replace, allow"},
      {"jitter", "4000d", "longer than ten years"},
      {"force", "maybe", "neither true nor false"},
      {"manual", "maybe", "neither true nor false"},
      {"after", ":success", "names no task"},
      {"after", "a:exit=256", "no exit code from 0 to 255"},
      {"join", "0", "join '0' is unknown"},
      {"join", "some", "join 'some' is unknown"},
      {"retries", "1001", "not a whole number from 0 to 1000"},
      {"retries", "two", "not a whole number"},
      {"retries", "", "not a whole number"},
      {"retries", "1.5", "not a whole number"},
      {"backoff", "10s", ""},
      {"retry-on", "0", "which is success"},
      {"no-retry-on", "sigterm", "no exit code"},
      {"breaker", "often", "neither a number of failures nor a share"},
      {"breaker", "", "neither a number of failures nor a share"},
      {"breaker-cooldown", "0s", "not from 1ms to a year"},
      {"breaker-cooldown", "none", ""},
      {"on-failure", "run-17", "a task is wanted"},
      {"on-success", "run-17", "a task is wanted"},
      {"fallback", "run-17", "a task is wanted"},
      {"max-fails", "-1", "not a whole number from 1"},
      {"max-fails", "0", "not a whole number from 1"},
      {"max-fails", "a=0", "not a whole number from 1"},
      {"max-fails", "=3", "not a whole number from 1"},
      {"max-fails", "a b=3", "at byte 2"},
      {"max-fails", "1000001", "not a whole number from 1"},
      {"max-fails", "some", "not a whole number from 1"},
      {"timeout", "10", ""},
      {"timeout", "11y", ""},
      {"timeout", "4000d", "longer than ten years"},
      {"idle-timeout", "-5s", ""},
      {"grace-kill", "soon", ""},
      {"limit", "ram=1G", ""},
      {"limit", "memory=2X", ""},
      {"nice", "20", "not a whole number from -20 to 19"},
      {"nice", "-21", "not a whole number from -20 to 19"},
      {"env", "1A=x", ""},
      {"env", "=x", ""},
      {"env", "SCHED_TASK=x", "is told by sched itself"},
      {"env", std::string("A=x\0y", 5), "NUL"},
      {"env-all", "some", "neither true nor false"},
      {"env-file", std::string("a\0b", 3), "NUL"},
      {"cwd", std::string("a\0b", 3), "NUL"},
      {"stdin", "/no/such/file", "there is no such file"},
      {"stdin", "text:" + std::string((1U << 20U) + 1, 'x'), "at most 1048576"},
      {"contain", "2", "neither true nor false"},
      {"preemptible", "2", "neither true nor false"},
      {"split-output", "2", "neither true nor false"},
      {"log-limit", "4095", "less than 4k"},
      {"log-limit", "much", ""},
      {"queue", "a b", "at byte 2"},
      {"queue", "", "the queue is empty"},
      {"deadline", "soon", ""},
      {"need", "cpu=0", "'0' is no amount"},
      {"need", "cpu,cpu", "stands twice"},
      {"or-need", "cpu=0", "'0' is no amount"},
      {"lock", "a:both", "neither shared nor exclusive"},
      {"cpus", "3-1", "runs backwards"},
      {"cpus", "all", "no list of CPUs"},
      {"nice-map", "0=20", "no niceness of a priority"},
      {"nice-map", "0=1,0=2", "stands twice"},
      {"io-class", "slow", "no I/O class"},
      {"max-rss", "1023k", "less than 1M"},
      {"max-rss", "much", "no size"},
      {"max-cpu-time", "10", ""},
      {"max-cpu-time", "4000d", "longer than ten years"},
      {"cpu-quota", "0.009", "no number of CPUs"},
      {"cpu-quota", "1k", "no number of CPUs"},
      {"io-max", "20M", "neither read=SIZE nor write=SIZE"},
      {"io-max", "read=1M,read=2M", "stands twice"},
      {"io-max", "write=10", "less than 1k a second"},
      {"memory-retry", "x1..8G", "no factor above 1"},
      {"memory-retry", "8G", "does not say how memory grows"},
      {"launcher-prefix", "trickle $RATE", "'$' stands there without quotes"},
      {"launcher-prefix", "'trickle", "not closed"},
      {"launcher-prefix", "  ", "no word in it"},
      {"launcher-prefix", "'' x", "first word is empty"},
      {"need-free", "/", "how much must be free where"},
      {"need-free", "=1G", "how much must be free where"},
      {"need-free", "/=0", "no room at all"},
      {"need-free", "/=1X", "no size"},
      {"need-free", "/=7E", "bytes in all"},
      {"flock", "shared:", "no file is named"},
      {"flock", std::string("a\0b", 3), "no path"},
      {"priority", "1001", "not a whole number from -1000 to 1000"},
      {"tag", "a b", ""},
      {"tag", "a,,b", ""},
      {"key", "", ""},
  };
  std::set<std::string> seen;
  for (const Row& row : rows) {
    const std::string message = refusal(row.field, {row.value});
    CAPTURE(message.substr(0, 200));
    seen.insert(row.field);
    CHECK(message.starts_with(std::string("--") + row.field + " '"));
    CHECK(message.find(row.why) != std::string::npos);
    CHECK(message.size() < 400);  // A long value is cut.
  }
  // No field is left out.
  for (const cli::TaskField& field : cli::task_fields()) {
    CAPTURE(std::string(field.name));
    CHECK(seen.contains(field.name));
  }
}

TEST_CASE("what can be said once is not said twice") {
  for (const cli::TaskField& field : cli::task_fields()) {
    if (!field.repeatable) {
      CAPTURE(std::string(field.name));
      CHECK(refusal(field.name, {"1", "1"}) ==
            std::string("--") + field.name + " is given 2 times");
    }
  }
}

TEST_CASE("fields have names of their own") {
  std::set<std::string> names;
  for (const cli::TaskField& field : cli::task_fields()) {
    CHECK(names.insert(field.name).second);
    CHECK(cli::find_task_field(field.name) == &field);
  }
  CHECK(cli::find_task_field("retry") == nullptr);
}

TEST_CASE("the bounds of numbers belong to them") {
  CHECK(read("retries", {"0"}).task.retry.retries == 0);
  CHECK(read("retries", {"1000"}).task.retry.retries == 1000);
  CHECK(read("nice", {"-20"}).task.nice == -20);
  CHECK(read("nice", {"19"}).task.nice == 19);
  CHECK(read("priority", {"-1000"}).task.priority == -1000);
  CHECK(read("log-limit", {"4k"}).task.log_limit_bytes == 4096);
  CHECK(read("timeout", {"0s"}).task.timeout == 0s);
  CHECK(read("timeout", {"3650d"}).task.timeout == std::chrono::days(3650));
}

TEST_CASE("standard input is a file when it looks like one, else text") {
  const test::TempDir directory;
  directory.write("data", "x");
  const std::string here = directory.path();
  const auto file = [&](const char* value) { return read("stdin", {value}, here).task.stdin_file; };
  const auto text = [&](const char* value) { return read("stdin", {value}, here).task.stdin_text; };
  CHECK(file("data") == here + "/data");
  CHECK(file("./data") == here + "/data");
  CHECK(file("file:later") == here + "/later");
  CHECK(file("file:/abs/../x") == "/x");
  CHECK_FALSE(text("data").has_value());
  CHECK(text("hello there") == "hello there");
  CHECK(text("text:data") == "data");
  CHECK(text("text:") == "");
  CHECK(file("text:data").empty());
  CHECK_FALSE(text("").has_value());
}

TEST_CASE("paths are made absolute where they are given") {
  const test::TempDir directory;
  const std::string here = directory.path();
  CHECK(read("cwd", {"sub/.."}, here).task.surroundings.directory == here + "/");
  CHECK(read("cwd", {"/tmp"}, here).warnings.empty());
  const auto missing = read("cwd", {"missing"}, here);
  CHECK(missing.task.surroundings.directory == here + "/missing");
  CHECK(missing.warnings.size() == 1);
  CHECK(read("env-file", {"secrets"}, here).task.env_file == here + "/secrets");
  CHECK(read("env-file", {""}, here).task.env_file.empty());
}

TEST_CASE("limits that are given apart add up, and an empty one takes all away") {
  const auto limits = read("limit", {"cpu=60s", "memory=1G", "cpu=30s"}).task.limits;
  CHECK(limits.cpu_s == 30U);
  CHECK(limits.memory_bytes == 1ULL << 30U);
  CHECK(read("limit", {"cpu=60s", ""}).task.limits.empty());
}

TEST_CASE("an empty dependency means none at all, and no option that nothing is said") {
  CHECK(read("after", {""}).after == std::vector<std::string>{});
  CHECK_FALSE(read("key", {"k"}).after.has_value());
}
