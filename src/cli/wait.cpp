#include "base/text.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "cli/select.hpp"
#include "cli/wait_for.hpp"
#include "time/duration.hpp"

#include <algorithm>
#include <memory>

namespace sched::cli {
namespace {

struct WaitCommand {
  std::vector<std::string> targets;
  std::vector<std::string> tags;
  std::string timeout;
  bool all = false;
  bool any = false;
  bool exit_code = false;
};

base::Error wrong(const char* what, const char* hint) {
  return {base::ErrorKind::invalid_input, what, hint};
}

void check(const WaitCommand& options) {
  if (options.all && options.any) {
    throw wrong("--all and --any contradict each other", "--any waits for the first end only");
  }
  if (options.targets.empty() && options.tags.empty() && !options.all && !options.any) {
    throw wrong("nothing to wait for",
                "name tasks or runs, or take --all for everything that is not finished");
  }
  if (options.exit_code && (options.targets.size() != 1 || !options.tags.empty())) {
    throw wrong("--exit-code wants exactly one task or run",
                "of several, none can lend its exit code");
  }
}

std::vector<model::RunId> runs_of(store::Store& store, const WaitCommand& options) {
  std::vector<model::RunId> runs;
  for (const std::string& word : options.targets) {
    runs.push_back(select_run(store, word).id);
  }
  if (!options.tags.empty()) {
    store::ListFilter filter;
    filter.tags = options.tags;
    const auto page = store.listing().tasks(filter);
    if (page.rows.empty()) {
      throw base::Error(base::ErrorKind::not_found, "no task has this tag",
                        "'sched show TASK' tells the tags of a task");
    }
    for (const store::TaskRow& row : page.rows) {
      if (row.run) {
        runs.push_back(row.run->id);
      }
    }
  } else if (options.targets.empty()) {
    runs = store.listing().unfinished();
  }
  std::sort(runs.begin(), runs.end());
  runs.erase(std::unique(runs.begin(), runs.end()), runs.end());
  return runs;
}

int wait(Session& session, const WaitCommand& options) {
  check(options);
  WaitOptions how;
  how.any = options.any;
  how.exit_code = options.exit_code;
  if (!options.timeout.empty()) {
    how.timeout = require("--timeout", options.timeout, time::parse_duration(options.timeout));
  }
  return wait_for(session, runs_of(session.store(), options), how);
}

}  // namespace

void offer_wait(CLI::App& command, Session& session) {
  auto options = std::make_shared<WaitCommand>();
  offer_targets(command, options->targets, "TARGET", "Runs, or the newest ones of these tasks");
  offer_flag(command, "--all", options->all,
             "Wait for all of them, which is the default; without any named, for everything");
  offer_flag(command, "--any", options->any, "Wait until the first of them has ended");
  offer_option(command, "--timeout", options->timeout, "DURATION",
               "Give up after this time, with exit code 6");
  offer_flag(command, "--exit-code", options->exit_code, "End with the command's own exit code");
  offer_option(command, "--tag", options->tags, "TAG", "Wait for the tasks with this tag");
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = wait(session, *options); });
}

}  // namespace sched::cli
