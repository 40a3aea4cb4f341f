#include "rules/check_task.hpp"

#include "base/text.hpp"
#include "rules/check_machine.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

namespace sched::rules {
namespace {

constexpr std::size_t k_longest_argument = (128U << 10U) - 1;  // MAX_ARG_STRLEN of Linux
constexpr std::size_t k_longest_command = 2U << 20U;

class Check {
 public:
  Check(const model::Task& task, std::size_t edges) : task_(task), edges_(edges) {}

  TaskComplaints complaints() {
    command();
    join();
    retries();
    breaker();
    times();
    deadlines();
    for (std::string& warning : check_machine(task_)) {
      found_.warnings.push_back(std::move(warning));
    }
    max_fails();
    return std::move(found_);
  }

 private:
  void error(std::string what, std::string hint) {
    found_.errors.emplace_back(base::ErrorKind::invalid_input, std::move(what), std::move(hint));
  }

  void command() {
    const auto& argv = task_.command.argv;
    if (argv.empty()) {
      error("no command is given",
            "put it behind --: sched add [NAME] -- COMMAND ARG..., or use "
            "--shell 'TEXT'");
      return;
    }
    if (base::trim(argv.front()).empty()) {
      error("the command is empty", "the first word behind -- is the program to execute");
    }
    std::size_t total = 0;
    for (const std::string& argument : argv) {
      total += argument.size() + 1;
      if (argument.find('\0') != std::string::npos) {
        error("the command contains a NUL byte", "no program can be given one");
      } else if (!base::is_utf8(argument)) {
        error(fmt::format("argument {} of the command is not UTF-8", base::quote(argument)),
              "commands are kept as UTF-8 text; write such bytes as printf escapes in --shell");
      } else if (argument.size() > k_longest_argument) {
        error(fmt::format("an argument of the command has {} bytes, the system takes {}",
                          argument.size(), k_longest_argument),
              "hand large data over with --stdin or in a file");
      }
    }
    if (total > k_longest_command) {
      error(fmt::format("the command has {} bytes, the system takes about {}", total,
                        k_longest_command),
            "hand large data over with --stdin or in a file");
    }
  }

  void join() {
    const model::Join& join = task_.join;
    if (join.kind == model::Join::Kind::at_least && static_cast<std::size_t>(join.count) > edges_) {
      error(fmt::format("--join {}: there are only {} dependencies", join.count, edges_),
            "it could never run");
    }
    if (join.kind == model::Join::Kind::any && edges_ == 0) {
      found_.warnings.emplace_back("--join any has no effect without --after");
    }
  }

  void retries() {
    if (task_.retry.retries == 0 && (task_.retry.retry_on || !task_.retry.no_retry_on.empty())) {
      found_.warnings.emplace_back("--retry-on and --no-retry-on have no effect without --retries");
    }
  }

  void breaker() {
    if (!task_.breaker && task_.breaker_cooldown != model::k_default_cooldown) {
      found_.warnings.emplace_back("--breaker-cooldown has no effect without --breaker");
    }
  }

  void times() {
    const auto negative = [](time::Duration duration) { return duration < time::Duration::zero(); };
    if (negative(task_.timeout) || negative(task_.idle_timeout) || negative(task_.grace_kill)) {
      error("a time limit is negative", "give how long, such as 10m");
    }
    if (task_.timeout.count() > 0 && task_.idle_timeout >= task_.timeout &&
        task_.idle_timeout.count() > 0) {
      found_.warnings.push_back(
          fmt::format("--idle-timeout {} can't be reached before --timeout {}",
                      time::to_string(task_.idle_timeout), time::to_string(task_.timeout)));
    }
  }

  void max_fails() {
    if (task_.max_fails.of_flow > 0 && task_.trigger == model::TriggerKind::upstream) {
      found_.warnings.emplace_back(
          "--max-fails N counts only in flows that this task begins, and it comes after others");
    }
  }

  void deadlines() {
    const auto& [soft, hard] = task_.deadlines;
    const bool repeats =
        task_.trigger == model::TriggerKind::timed || task_.trigger == model::TriggerKind::manual;
    if (repeats && ((soft && soft->at) || (hard && hard->at))) {
      error("--deadline is a fixed moment, and the task runs more than once",
            "say how long after each nominal time, as in --deadline 2h");
      return;
    }
    if (!soft || !hard) {
      return;
    }
    const bool comparable = task_.at || (soft->within && hard->within) || (soft->at && hard->at);
    const time::Instant nominal = task_.at.value_or(time::Instant());
    if (comparable && moment_of(*soft, nominal) > moment_of(*hard, nominal)) {
      error(fmt::format("--deadline {} comes after the hard one, {}", to_string(*soft),
                        to_string(*hard)),
            "what can't meet the hard one does not run at all");
    }
  }

  const model::Task& task_;
  std::size_t edges_;
  TaskComplaints found_;
};

}  // namespace

TaskComplaints check_task(const model::Task& task, std::size_t edges) {
  return Check(task, edges).complaints();
}

}  // namespace sched::rules
