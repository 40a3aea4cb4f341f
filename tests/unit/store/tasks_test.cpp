#include "store/tasks.hpp"

#include "store/task_codec.hpp"
#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

using namespace sched;
using namespace std::chrono_literals;

namespace {

using Change = std::function<void(model::Task&)>;

/// One change for every field, each to something that is not its default.
const std::vector<std::pair<const char*, Change>>& changes() {
  static const std::vector<std::pair<const char*, Change>> all = {
      {"name", [](auto& t) { t.name = "nightly"; }},
      {"key", [](auto& t) { t.key = "key 1"; }},
      {"argv",
       [](auto& t) {
         t.command.argv = {"a b", "", "\"quoted\"", "ü\n\t"};
       }},
      {"shell",
       [](auto& t) {
         t.command = {{"echo $HOME"}, true};
       }},
      {"directory", [](auto& t) { t.surroundings.directory = "/srv/with space"; }},
      {"umask", [](auto& t) { t.surroundings.umask = 077; }},
      {"environment",
       [](auto& t) {
         t.surroundings.environment = {{"A", "1=2"}, {"EMPTY", ""}, {"Ü", "ß\n"}};
       }},
      {"env_file", [](auto& t) { t.env_file = "/etc/secrets"; }},
      {"stdin_text", [](auto& t) { t.stdin_text = "line\nline"; }},
      {"empty stdin_text", [](auto& t) { t.stdin_text = ""; }},
      {"stdin_file", [](auto& t) { t.stdin_file = "/data/in"; }},
      {"split_output", [](auto& t) { t.split_output = true; }},
      {"log_limit", [](auto& t) { t.log_limit_bytes = 5ULL << 40U; }},
      {"manual", [](auto& t) { t.trigger = model::TriggerKind::manual, t.at.reset(); }},
      {"upstream", [](auto& t) { t.trigger = model::TriggerKind::upstream, t.at.reset(); }},
      {"at",
       [](auto& t) {
         t.trigger = model::TriggerKind::once;
         t.at = time::from_ms(1'900'000'000'123);
       }},
      {"join any", [](auto& t) { t.join = model::parse_join("any").value(); }},
      {"join N", [](auto& t) { t.join = model::parse_join("3").value(); }},
      {"repeats", [](auto& t) { t.repeats = true; }},
      {"retries", [](auto& t) { t.retry.retries = 7; }},
      {"backoff", [](auto& t) { t.retry.backoff = model::parse_backoff("fixed:7s").value(); }},
      {"retry_on", [](auto& t) { t.retry.retry_on = model::parse_end_set("2-9,lost").value(); }},
      {"no_retry_on",
       [](auto& t) { t.retry.no_retry_on = model::parse_end_set("64-78,signal,timeout").value(); }},
      {"limits",
       [](auto& t) {
         t.limits = model::parse_limits(
                        "cpu=61s,memory=2G,file-size=1G,open-files=64,"
                        "processes=9,core=0")
                        .value();
       }},
      {"nice", [](auto& t) { t.nice = -5; }},
      {"nice 0", [](auto& t) { t.nice = 0; }},
      {"cpus",
       [](auto& t) {
         t.machine.cpus = {0, 1, 7};
       }},
      {"io_class", [](auto& t) { t.machine.io_class = model::parse_io_class("realtime").value(); }},
      {"io_class idle",
       [](auto& t) { t.machine.io_class = model::parse_io_class("idle").value(); }},
      {"nice_map",
       [](auto& t) { t.machine.nice_map = model::parse_nice_map("10=0,-3=19:idle").value(); }},
      {"max_rss", [](auto& t) { t.machine.max_rss_bytes = 1ULL << 40U; }},
      {"max_cpu_time", [](auto& t) { t.machine.max_cpu_time = 1500ms; }},
      {"cpu_quota", [](auto& t) { t.machine.cpu_quota = 1250; }},
      {"io_max",
       [](auto& t) {
         t.machine.io_max = {20U << 20U, 1500};
       }},
      {"memory_retry",
       [](auto& t) { t.machine.memory_retry = model::parse_memory_retry("x1.5..8G").value(); }},
      {"launcher_prefix",
       [](auto& t) {
         t.machine.launcher_prefix = {"a b", "", "'"};
       }},
      {"file locks and room",
       [](auto& t) {
         t.needs.files = {{"/a,b;c", true}};
         t.needs.space = {{"/d=%", 1LL << 40U}};
       }},
      {"other needs",
       [](auto& t) {
         t.needs.amounts = {{"gpu", 1000}};
         t.needs.others = {{{"cpu", 2000}, {"memory", 500}}, {{"cpu", 8000}}};
       }},
      {"contain", [](auto& t) { t.contain = true; }},
      {"preemptible", [](auto& t) { t.preemptible = true; }},
      {"max_fails",
       [](auto& t) {
         t.max_fails = {3, {{"a", 1}, {"b", 2}}};
       }},
      {"timeout", [](auto& t) { t.timeout = 1234ms; }},
      {"idle_timeout", [](auto& t) { t.idle_timeout = 1h; }},
      {"grace_kill", [](auto& t) { t.grace_kill = 0s; }},
      {"priority", [](auto& t) { t.priority = -1000; }},
      {"tags",
       [](auto& t) {
         t.tags = {"alpha", "beta"};
       }},
      {"paused", [](auto& t) { t.paused = true; }},
  };
  return all;
}

void check_same(const model::Task& read, const model::Task& wrote) {
  CHECK(read.name == wrote.name);
  CHECK(read.key == wrote.key);
  CHECK(read.command == wrote.command);
  CHECK(read.surroundings == wrote.surroundings);
  CHECK(read.env_file == wrote.env_file);
  CHECK(read.stdin_text == wrote.stdin_text);
  CHECK(read.stdin_file == wrote.stdin_file);
  CHECK(read.split_output == wrote.split_output);
  CHECK(read.log_limit_bytes == wrote.log_limit_bytes);
  CHECK(read.trigger == wrote.trigger);
  CHECK(read.at == wrote.at);
  CHECK(read.join == wrote.join);
  CHECK(read.repeats == wrote.repeats);
  CHECK(read.retry == wrote.retry);
  CHECK(read.limits == wrote.limits);
  CHECK(read.contain == wrote.contain);
  CHECK(read.preemptible == wrote.preemptible);
  CHECK(read.max_fails == wrote.max_fails);
  CHECK(read.nice == wrote.nice);
  CHECK(read.machine == wrote.machine);
  CHECK(read.needs == wrote.needs);
  CHECK(read.timeout == wrote.timeout);
  CHECK(read.idle_timeout == wrote.idle_timeout);
  CHECK(read.grace_kill == wrote.grace_kill);
  CHECK(read.priority == wrote.priority);
  CHECK(read.tags == wrote.tags);
  CHECK(read.paused == wrote.paused);
  CHECK(read.created_at == wrote.created_at);
}

bool taken(test::Scene& scene, const model::Task& task) {
  try {
    store::Transaction change(scene.store.db());
    scene.store.tasks().add(task);
    change.commit();
    return false;
  } catch (const base::Error& error) {
    CHECK(error.kind() == base::ErrorKind::store);
    return true;
  }
}

}  // namespace

TEST_CASE("each field of a task comes back as it was written, alone and with all others") {
  test::Scene scene;
  model::Task full = test::task_named("");
  for (const auto& entry : changes()) {
    const auto& field = entry.first;  // no structured binding: CAPTURE's lambda can't take it
    const auto& change = entry.second;
    CAPTURE(field);
    model::Task task = test::task_named("");
    change(task);
    const model::TaskId id = scene.store.tasks().add(task);
    check_same(scene.store.tasks().task(id), task);
    scene.store.tasks().remove(id);
    change(full);
  }
  const model::TaskId id = scene.store.tasks().add(full);
  check_same(scene.store.tasks().task(id), full);
  // And over one that had nothing.
  const model::TaskId plain = scene.add(test::task_named(""));
  full.id = plain;
  full.name = "other";
  full.key = "other";
  scene.store.tasks().update(full);
  check_same(scene.store.tasks().task(plain), full);
  CHECK(scene.store.tasks().task(plain).id == plain);
}

TEST_CASE("an update leaves nothing of the old definition") {
  test::Scene scene;
  model::Task full = test::task_named("");
  for (const auto& [field, change] : changes()) {
    change(full);
  }
  model::Task plain = test::task_named("");
  plain.id = scene.store.tasks().add(full);
  scene.store.tasks().update(plain);
  check_same(scene.store.tasks().task(plain.id), plain);
}

TEST_CASE("a task that differs in nothing is kept in few bytes") {
  CHECK(store::spec_of(test::task_named("x")) == R"({"argv":["true"]})");
}

TEST_CASE("a specification that nobody wrote is damage, never a crash") {
  for (const char* spec : {"", "x", "[]", "null", R"({"argv":"make"})", R"({"argv":[1]})",
                           R"({"retries":"many"})", R"({"nice":[]})", R"({"cpus":"x"})",
                           R"({"memory_retry":"x1"})", R"({"timeout_ms":"1s"})"}) {
    CAPTURE(spec);
    model::Task task;
    try {
      store::read_spec(spec, task);
      FAIL_CHECK("it was taken");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::store);
    }
  }
  for (const char* body : {"", "[]", "{}", R"({"directory":1,"umask":2,"environment":{}})"}) {
    CAPTURE(body);
    CHECK_THROWS_AS(store::read_surroundings(body), base::Error);
  }
}

TEST_CASE("a value in a specification that this version can't read is damage too") {
  for (const char* spec : {R"({"argv":["x"],"backoff":"sometimes"})",
                           R"({"argv":["x"],"join":"x"})", R"({"argv":["x"],"limits":"cpu=x"})"}) {
    CAPTURE(spec);
    model::Task task;
    try {
      store::read_spec(spec, task);
      FAIL_CHECK("it was taken");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::store);
    }
  }
}

TEST_CASE("a name and a key belong to one task, and none to any number") {
  test::Scene scene;
  model::Task first = test::task_named("backup");
  first.key = "k";
  const model::TaskId id = scene.add(first);
  model::Task same_key = test::task_named("other");
  same_key.key = "k";
  CHECK(taken(scene, test::task_named("backup")));
  CHECK(taken(scene, same_key));
  CHECK_FALSE(taken(scene, test::task_named("")));
  CHECK_FALSE(taken(scene, test::task_named("")));
  CHECK(scene.store.tasks().find_by_name("backup") == id);
  CHECK(scene.store.tasks().find_by_key("k") == id);
  CHECK_FALSE(scene.store.tasks().find_by_name("Backup").has_value());
  CHECK_FALSE(scene.store.tasks().find_by_name("").has_value());
  CHECK_FALSE(scene.store.tasks().find_by_key("").has_value());
}

TEST_CASE("a name is free again, but never a number") {
  test::Scene scene;
  const model::TaskId first = scene.once("x");
  scene.store.tasks().remove(first);
  const model::TaskId second = scene.once("x");
  CHECK(second.value > first.value);
  CHECK_FALSE(scene.store.tasks().exists(first));
  CHECK(scene.store.tasks().newest() == second);
}

TEST_CASE("tags are kept once and told once") {
  test::Scene scene;
  model::Task task = test::task_named("a");
  task.tags = {"x", "y", "x"};
  const auto id = scene.add(task);
  task.name = "b";
  task.tags = {"y"};
  scene.add(task);
  CHECK(scene.store.tasks().task(id).tags == std::vector<std::string>{"x", "y"});
  CHECK(scene.store.tasks().tags(10) == std::vector<std::string>{"x", "y"});
  CHECK(scene.store.tasks().tags(1).size() == 1);
  CHECK(scene.store.tasks().names(10) == std::vector<std::string>{"b", "a"});
}
