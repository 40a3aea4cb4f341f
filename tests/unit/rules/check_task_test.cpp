#include "rules/check_task.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

using namespace sched;
using namespace std::chrono_literals;

namespace {

model::Task good() {
  model::Task task;
  task.command.argv = {"make", "all"};
  return task;
}

}  // namespace

TEST_CASE("a plain task has nothing against it") {
  const auto found = rules::check_task(good(), 0);
  CHECK(found.errors.empty());
  CHECK(found.warnings.empty());
}

TEST_CASE("what can't be kept is refused with the reason") {
  struct Row {
    const char* what;
    std::function<void(model::Task&)> spoil;
    const char* message;
  };
  for (const Row& row : {
           Row{"none", [](auto& t) { t.command.argv.clear(); }, "no command is given"},
           Row{"empty", [](auto& t) { t.command.argv = {""}; }, "the command is empty"},
           Row{"blank", [](auto& t) { t.command.argv = {"  "}; }, "the command is empty"},
           Row{"NUL",
               [](auto& t) {
                 t.command.argv.push_back({"a\0b", 3});
               },
               "the command contains a NUL byte"},
           Row{"not UTF-8", [](auto& t) { t.command.argv.emplace_back("\xFF"); },
               "argument '\\xff' of the command is not UTF-8"},
           Row{"long argument", [](auto& t) { t.command.argv.emplace_back(128 * 1024, 'x'); },
               "an argument of the command has 131072 bytes, the system takes 131071"},
           Row{"long command",
               [](auto& t) { t.command.argv.resize(18, std::string(128 * 1024 - 1, 'x')); },
               "the command has 2097161 bytes, the system takes about 2097152"},
           Row{"join beyond its edges", [](auto& t) { t.join = model::parse_join("3").value(); },
               "--join 3: there are only 2 dependencies"},
           Row{"soft behind hard",
               [](auto& t) {
                 t.deadlines.soft = model::parse_deadline("2h").value();
                 t.deadlines.hard = model::parse_deadline("1h").value();
               },
               "--deadline 2h comes after the hard one, 1h"},
           Row{"a moment for many runs",
               [](auto& t) {
                 t.trigger = model::TriggerKind::manual;
                 t.deadlines.hard = model::parse_deadline("2027-01-15T08:00:00Z").value();
               },
               "--deadline is a fixed moment, and the task runs more than once"},
           Row{"timeout", [](auto& t) { t.timeout = -1s; }, "a time limit is negative"},
           Row{"idle timeout", [](auto& t) { t.idle_timeout = -1s; }, "a time limit is negative"},
           Row{"grace", [](auto& t) { t.grace_kill = -1s; }, "a time limit is negative"},
       }) {
    CAPTURE(row.what);
    model::Task task = good();
    row.spoil(task);
    const auto found = rules::check_task(task, 2);
    REQUIRE(found.errors.size() == 1);
    CHECK(found.errors.front().message() == row.message);
    CHECK(found.errors.front().kind() == base::ErrorKind::invalid_input);
    CHECK_FALSE(found.errors.front().hint().empty());
  }
}

TEST_CASE("all complaints come at once") {
  model::Task task = good();
  task.command.argv = {" "};
  task.join = model::parse_join("2").value();
  task.timeout = -1s;
  CHECK(rules::check_task(task, 0).errors.size() == 3);
}

TEST_CASE("the largest argument that the system takes is kept") {
  model::Task task = good();
  task.command.argv.emplace_back(128 * 1024 - 1, 'x');
  CHECK(rules::check_task(task, 0).errors.empty());
}

TEST_CASE("a join of as many as there are edges is right") {
  model::Task task = good();
  task.join = model::parse_join("2").value();
  CHECK(rules::check_task(task, 2).errors.empty());
}

TEST_CASE("what has no effect is kept, with a warning") {
  struct Row {
    std::function<void(model::Task&)> change;
    const char* warning;
  };
  const auto ends = model::parse_end_set("3").value();
  for (const Row& row : {Row{[](auto& t) { t.join = model::parse_join("any").value(); },
                             "--join any has no effect without --after"},
                         Row{[&](auto& t) { t.retry.retry_on = ends; },
                             "--retry-on and --no-retry-on have no effect without --retries"},
                         Row{[&](auto& t) { t.retry.no_retry_on = ends; },
                             "--retry-on and --no-retry-on have no effect without --retries"},
                         Row{[](auto& t) { t.timeout = 10s, t.idle_timeout = 10s; },
                             "--idle-timeout 10s can't be reached before --timeout 10s"}}) {
    model::Task task = good();
    row.change(task);
    const auto found = rules::check_task(task, 0);
    CHECK(found.errors.empty());
    REQUIRE(found.warnings.size() == 1);
    CHECK(found.warnings.front() == row.warning);
  }
  model::Task task = good();
  task.join = model::parse_join("any").value();
  task.retry.retries = 1;
  task.retry.retry_on = ends;
  task.timeout = 10s;
  task.idle_timeout = 9s;
  CHECK(rules::check_task(task, 1).warnings.empty());
}
