#include "rules/end_reason.hpp"

#include "support/endings.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>

using namespace sched;
using Cause = model::Ending::Cause;
using Kind = model::Ending::Kind;
using Outcome = model::Outcome;
using Step = model::Ending::Step;

namespace {

model::Task task() {
  model::Task task;
  task.command.argv = {"mke", "all"};
  task.surroundings.directory = "/gone";
  task.env_file = "/etc/secrets";
  task.stdin_file = "/data/in";
  task.limits =
      model::parse_limits("cpu=60s,memory=2G,file-size=1G,open-files=64,processes=9").value();
  task.nice = -5;
  task.timeout = std::chrono::minutes(90);
  task.idle_timeout = std::chrono::seconds(30);
  return task;
}

model::Ending failed_at(Step step, int error_number) {
  model::Ending ending;
  ending.kind = Kind::not_executed;
  ending.step = step;
  ending.code = error_number;
  return ending;
}

}  // namespace

TEST_CASE("an end counts as what made it, and says so in one line") {
  struct Row {
    model::Ending ending;
    Outcome outcome;
    const char* reason;
  };
  const model::Ending killed = test::signalled(9);
  for (const Row& row : {
           Row{test::exited(0), Outcome::succeeded, "exit 0"},
           Row{test::exited(3), Outcome::failed, "exit 3"},
           Row{test::exited(255), Outcome::failed, "exit 255"},
           Row{killed, Outcome::failed, "signal 9 (SIGKILL)"},
           Row{test::signalled(40), Outcome::failed, "signal 40"},
           Row{test::lost(), Outcome::lost,
               "its launcher or the machine died: nobody saw how it ended"},
           Row{test::caused(Cause::timeout), Outcome::timed_out, "time limit of 1h30m reached"},
           // Whatever it answered to SIGTERM: its time was up.
           Row{test::caused(Cause::timeout, test::exited(0)), Outcome::timed_out,
               "time limit of 1h30m reached"},
           Row{test::caused(Cause::idle_timeout), Outcome::timed_out, "no output for 30s"},
           Row{test::caused(Cause::cancelled), Outcome::cancelled, "cancelled by a person"},
           Row{test::caused(Cause::cancelled, test::exited(0)), Outcome::cancelled,
               "cancelled by a person"},
           Row{test::caused(Cause::shutdown), Outcome::cancelled,
               "ended with its worker, which was told to stop at once"},
           Row{test::caused(Cause::cpu_limit, test::signalled(24)), Outcome::failed,
               "cpu limit of 60s reached (signal 24 (SIGXCPU))"},
           Row{test::caused(Cause::memory_limit, test::exited(1)), Outcome::failed,
               "memory limit of 2G reached (exit 1)"},
           Row{test::caused(Cause::file_size_limit, test::signalled(25)), Outcome::failed,
               "file-size limit of 1G reached (signal 25 (SIGXFSZ))"},
           Row{test::caused(Cause::open_files_limit, test::exited(1)), Outcome::failed,
               "open-files limit of 64 reached (exit 1)"},
           Row{test::caused(Cause::processes_limit, test::exited(1)), Outcome::failed,
               "processes limit of 9 reached (exit 1)"},
           Row{test::caused(Cause::restored, test::lost()), Outcome::lost,
               "it still ran in the copy that the store was restored from: nobody knows how it "
               "ended"},
           Row{failed_at(Step::exec, ENOENT), Outcome::failed, "no such program: 'mke'"},
           Row{failed_at(Step::exec, EACCES), Outcome::failed, "not executable: 'mke'"},
           Row{failed_at(Step::exec, ENOEXEC), Outcome::failed,
               "not in a format that can be executed (a script without #! ?): 'mke'"},
           Row{failed_at(Step::exec, E2BIG), Outcome::failed,
               "'mke' can't be executed: Argument list too long"},
           Row{failed_at(Step::directory, ENOENT), Outcome::failed,
               "no way into the directory '/gone': No such file or directory"},
           Row{failed_at(Step::env_file, EACCES), Outcome::failed,
               "environment file '/etc/secrets' can't be read: Permission denied"},
           Row{failed_at(Step::input, ENOENT), Outcome::failed,
               "standard input '/data/in' can't be opened: No such file or directory"},
           Row{failed_at(Step::output, EIO), Outcome::failed,
               "the output can't be set up: Input/output error"},
           Row{failed_at(Step::limits, EPERM), Outcome::failed,
               "limits cpu=60s,memory=2G,file-size=1G,open-files=64,processes=9 can't be set: "
               "Operation not permitted"},
           Row{failed_at(Step::nice, EACCES), Outcome::failed,
               "nice -5 can't be set: Permission denied"},
           Row{failed_at(Step::contain, EPERM), Outcome::failed,
               "can't be contained, the system gives it no namespaces: Operation not permitted"},
           Row{failed_at(Step::session, EPERM), Outcome::failed,
               "could not be started: Operation not permitted"},
           Row{failed_at(Step::none, EIO), Outcome::failed,
               "could not be started: Input/output error"},
       }) {
    CHECK(rules::reason_of(row.ending, task()) == row.reason);
    CAPTURE(row.reason);
    CHECK(rules::outcome_of(row.ending) == row.outcome);
  }
}

TEST_CASE("a program that is missing behind --shell is the shell") {
  model::Task shell = task();
  shell.command = {{"echo hi"}, true};
  CHECK(rules::reason_of(failed_at(Step::exec, ENOENT), shell) == "no such program: '/bin/sh'");
}

TEST_CASE("no process just now says which resource is missing") {
  CHECK(rules::reason_of(test::not_begun(EAGAIN), task()) ==
        "no process could be made: Resource temporarily unavailable");
}
