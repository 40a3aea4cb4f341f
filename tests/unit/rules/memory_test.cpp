#include "rules/memory.hpp"

#include "rules/check_machine.hpp"
#include "rules/end_reason.hpp"
#include "rules/file_lock.hpp"
#include "rules/retry.hpp"
#include "rules/settle.hpp"
#include "support/endings.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <string>

using namespace sched;
using namespace std::chrono_literals;
using Cause = model::Ending::Cause;
using model::Outcome;

namespace {

const time::Instant k_moment = time::from_ms(1'800'000'000'000);

model::Task growing(const char* rss, const char* retry, const char* memory = "") {
  model::Task task;
  task.command.argv = {"eat"};
  if (*rss != '\0') {
    task.machine.max_rss_bytes = model::parse_size(rss).value();
  }
  if (*memory != '\0') {
    task.limits.memory_bytes = model::parse_size(memory).value();
  }
  task.machine.memory_retry = model::parse_memory_retry(retry).value();
  task.retry.retries = 9;
  task.retry.backoff = model::parse_backoff("fixed:30s").value();
  return task;
}

std::string rss_after(const char* rss, const char* retry, int times) {
  model::Task task = growing(rss, retry);
  rules::grow_memory(task, times);
  return model::size_to_string(*task.machine.max_rss_bytes);
}

model::Ending too_much() {
  model::Ending ending = test::caused(Cause::rss_limit);
  ending.measured = 2469606195;  // 2.3G
  ending.processes = 5;
  return ending;
}

}  // namespace

TEST_CASE("memory grows with each attempt that had too little, up to its cap") {
  CHECK(rss_after("2G", "x1.5..8G", 0) == "2G");
  CHECK(rss_after("2G", "x1.5..8G", 1) == "3G");
  CHECK(rss_after("2G", "x1.5..8G", 2) == "4608M");
  CHECK(rss_after("2G", "x1.5..8G", 4) == "8G");
  CHECK(rss_after("2G", "x1.5..8G", 1000) == "8G");
  CHECK(rss_after("3M", "x1.1..1G", 1) == "4M");  // To the full megabyte.
  CHECK(rss_after("4G", "x2..1G", 3) == "4G");    // Never below what was asked for.
  CHECK(rss_after("1E", "x100..7E", 5) == "7E");
}

TEST_CASE("both limits of memory grow, and without a word of growth none does") {
  model::Task task = growing("1G", "x2..8G", "16G");
  rules::grow_memory(task, 2);
  CHECK(task.machine.max_rss_bytes == 4ULL << 30U);
  CHECK(task.limits.memory_bytes == 16ULL << 30U);
  task = growing("1G", "x2..8G", "2G");
  rules::grow_memory(task, 1);
  CHECK(task.limits.memory_bytes == 4ULL << 30U);
  task.machine.memory_retry.reset();
  rules::grow_memory(task, 1);
  CHECK(task.limits.memory_bytes == 4ULL << 30U);
}

TEST_CASE("the next attempt gets more where memory was the cause, and that can grow") {
  const model::Task task = growing("2G", "x1.5..8G", "3G");
  CHECK(rules::next_memory(task, too_much()) == "3G");
  CHECK(rules::next_memory(task, test::caused(Cause::memory_limit)) == "4608M");
  CHECK(rules::next_memory(task, test::exited(1)).empty());
  CHECK(rules::next_memory(task, test::caused(Cause::cpu_limit)).empty());
  CHECK(rules::next_memory(growing("8G", "x1.5..8G"), too_much()).empty());
  model::Task still = task;
  still.machine.memory_retry.reset();
  CHECK(rules::next_memory(still, too_much()).empty());
}

TEST_CASE("a size is told to one digit") {
  struct Row {
    std::int64_t bytes;
    const char* text;
  };
  for (const Row& row :
       {Row{0, "0"}, Row{1000, "1000"}, Row{1024, "1k"}, Row{1536, "1.5k"}, Row{2469606195, "2.3G"},
        Row{(1LL << 30) - 1, "1G"}, Row{3LL << 40, "3T"}, Row{INT64_MAX, "8E"}}) {
    CHECK(rules::rough_size(row.bytes) == row.text);
  }
}

TEST_CASE("what watched limits end has failed, however it took the signal, and says by how much") {
  model::Task task = growing("2G", "x1.5..8G");
  task.machine.max_cpu_time = 10min;
  CHECK(rules::reason_of(too_much(), task) == "memory limit of 2G reached (2.3G in 5 processes)");
  model::Ending held = too_much();
  held.processes = 0;
  CHECK(rules::reason_of(held, task) == "memory limit of 2G reached (2.3G, held by the kernel)");
  held.measured = 0;
  CHECK(rules::reason_of(held, task) == "memory limit of 2G reached (held by the kernel)");
  model::Ending ending = test::caused(Cause::cpu_time_limit, test::exited(0));
  ending.measured = 601'000;
  ending.processes = 1;
  CHECK(rules::reason_of(ending, task) == "cpu time limit of 10m reached (10m1s in 1 process)");
  CHECK(rules::outcome_of(ending) == Outcome::failed);
  CHECK(rules::outcome_of(test::caused(Cause::rss_limit, test::exited(0))) == Outcome::failed);
}

TEST_CASE("what only a cgroup bounds is named where there is none, with the way out") {
  model::Task task;
  task.machine.cpu_quota = 500;
  task.machine.io_max = {1U << 20U, 0};
  model::Ending ending;
  ending.kind = model::Ending::Kind::not_executed;
  ending.step = model::Ending::Step::cgroup;
  ending.code = EACCES;
  CHECK(rules::reason_of(ending, task) ==
        "no cgroup can be made for --cpu-quota 0.5 and --io-max read=1M (Permission denied): its "
        "worker has to be root's, or a service with Delegate= and DelegateSubgroup=");
}

TEST_CASE("what can't be set says what, and no attempt runs without it") {
  model::Task task;
  task.command.argv = {"true"};
  task.machine.cpus = {0, 1, 7};
  task.machine.io_class = model::IoClass{model::IoClass::Kind::realtime, 2};
  task.machine.launcher_prefix = {"trickle", "-d", "100"};
  task.needs.files = {{"/run/a", false}, {"/run/b", true}};
  struct Row {
    model::Ending::Step step;
    int error_number;
    const char* part;
  };
  using Step = model::Ending::Step;
  for (const Row& row :
       {Row{Step::cpus, EINVAL, "not all of the CPUs 0-1,7 are there"},
        Row{Step::cpus, EPERM, "can't be bound to the CPUs 0-1,7: Operation not permitted"},
        Row{Step::io_class, EPERM, "I/O class realtime:2 can't be set: Operation not permitted"},
        Row{Step::exec, ENOENT, "no such program: 'trickle'"},
        Row{Step::flock, EACCES, "the lock of /run/a or /run/b can't be taken: Permission"}}) {
    model::Ending ending;
    ending.kind = model::Ending::Kind::not_executed;
    ending.step = row.step;
    ending.code = row.error_number;
    CAPTURE(rules::reason_of(ending, task));
    CHECK(rules::reason_of(ending, task).find(row.part) != std::string::npos);
    CHECK(rules::outcome_of(ending) == Outcome::failed);
  }
}

TEST_CASE("the word memory names ends of memory limits, and no others") {
  const auto only_memory = model::parse_end_set("memory").value();
  CHECK(model::to_string(model::parse_end_set("3,memory,lost").value()) == "3,lost,memory");
  struct Row {
    model::Ending ending;
    bool is_memory;
  };
  for (const Row& row : {Row{too_much(), true}, Row{test::caused(Cause::memory_limit), true},
                         Row{test::caused(Cause::memory_limit, test::exited(1)), true},
                         Row{test::caused(Cause::cpu_time_limit), false},
                         Row{test::signalled(15), false}, Row{test::exited(1), false}}) {
    model::RetryPolicy policy;
    policy.retry_on = only_memory;
    CHECK(rules::is_retried(policy, row.ending, Outcome::failed) == row.is_memory);
    policy.retry_on.reset();
    policy.no_retry_on = only_memory;
    CHECK(rules::is_retried(policy, row.ending, Outcome::failed) != row.is_memory);
  }
  model::RetryPolicy policy;
  policy.retry_on = model::parse_end_set("signal").value();
  CHECK(rules::is_retried(policy, too_much(), Outcome::failed));
}

TEST_CASE("a retry says what it gets, and the last end does not") {
  model::Task task = growing("2G", "x1.5..8G");
  model::Run run;
  run.id = model::RunId(7);
  run.attempts = 1;
  auto settled = rules::settle(task, run, {run.id, 1, 9}, too_much(), k_moment);
  CHECK(settled.next == model::RunState::waiting);
  CHECK(settled.attempt_reason ==
        "memory limit of 2G reached (2.3G in 5 processes); next attempt gets 3G");
  CHECK(settled.reason ==
        "attempt 1 of 10 ended badly: memory limit of 2G reached (2.3G in 5 processes);"
        " the next in 30s gets 3G");
  task.retry.retries = 0;
  settled = rules::settle(task, run, {run.id, 1, 9}, too_much(), k_moment);
  CHECK(settled.outcome == Outcome::failed);
  CHECK(settled.reason == "memory limit of 2G reached (2.3G in 5 processes)");
}

TEST_CASE("who finds a file locked is handed back, and asks again after a tenth of its wait") {
  CHECK(rules::pause_for_file_lock(0s) == 1s);
  CHECK(rules::pause_for_file_lock(-5s) == 1s);
  CHECK(rules::pause_for_file_lock(30s) == 3s);
  CHECK(rules::pause_for_file_lock(100s) == 10s);
  CHECK(rules::pause_for_file_lock(24h) == 10s);
  model::Task task;
  task.command.argv = {"true"};
  task.needs.files = {{"/run/a", false}};
  model::Run run;
  run.id = model::RunId(7);
  run.attempts = 1;
  run.not_before = k_moment - 50s;
  model::Ending ending = test::not_begun(EWOULDBLOCK);
  ending.step = model::Ending::Step::flock;
  auto settled = rules::settle(task, run, {run.id, 1, 9}, ending, k_moment);
  CHECK_FALSE(settled.counts);
  CHECK_FALSE(settled.outcome);
  CHECK(settled.next == model::RunState::waiting);
  CHECK(settled.not_before == k_moment + 5s);
  CHECK(settled.reason == "somebody else has the lock of /run/a; asked for again in 5s");
  run.cancel_requested = true;
  settled = rules::settle(task, run, {run.id, 1, 9}, ending, k_moment);
  CHECK(settled.outcome == Outcome::cancelled);
}

TEST_CASE("growth that has no effect is warned of") {
  struct Row {
    const char* rss;
    int retries;
    const char* retry_on;
    const char* part;
  };
  for (const Row& row :
       {Row{"", 3, "", "without --max-rss or --limit memory"},
        Row{"8G", 3, "", "no smaller to begin with"}, Row{"2G", 0, "", "without --retries"},
        Row{"2G", 3, "signal", "where --retry-on has 'memory'"}, Row{"2G", 3, "memory", ""},
        Row{"2G", 3, "", ""}}) {
    model::Task task = growing(row.rss, "x2..8G");
    task.retry.retries = row.retries;
    if (*row.retry_on != '\0') {
      task.retry.retry_on = model::parse_end_set(row.retry_on).value();
    }
    const auto warnings = rules::check_machine(task);
    CAPTURE(row.part);
    REQUIRE(warnings.size() == (*row.part == '\0' ? 0 : 1));
    CHECK((warnings.empty() || warnings.front().find(row.part) != std::string::npos));
  }
  CHECK(rules::check_machine(model::Task{}).empty());
}
