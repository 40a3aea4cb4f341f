#include "base/text.hpp"
#include "cli/obstacles.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "exec/presence.hpp"
#include "os/poller.hpp"
#include "render/status_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace sched::cli {
namespace {

struct WorkerOptions {
  std::string action;
  std::vector<std::string> pids;
  bool wait = false;
};

/// Those that were named, or all. Throws not_found for a pid that is no living worker's.
std::vector<exec::WorkerInfo> chosen_workers(const Session& session,
                                             const std::vector<std::string>& pids) {
  const auto living = exec::living_workers(session.places().launchers());
  if (pids.empty()) {
    return living;
  }
  std::vector<exec::WorkerInfo> workers;
  for (const std::string& word : pids) {
    const auto found = std::find_if(
        living.begin(), living.end(),
        [&](const exec::WorkerInfo& worker) { return fmt::format("{}", worker.pid) == word; });
    if (found == living.end()) {
      throw base::Error(base::ErrorKind::not_found,
                        fmt::format("{}: no worker of this store has that pid", base::quote(word)),
                        "'sched worker list' shows those that live");
    }
    workers.push_back(*found);
  }
  return workers;
}

int list(Session& session, const WorkerOptions& options) {
  const auto lines = lines_of(session.store(), chosen_workers(session, options.pids));
  if (session.json) {
    print_json(session, render::to_json_array(render::worker_columns(), lines));
  } else if (lines.empty()) {
    session.note("no worker; 'sched run' is one");
  } else {
    session.print(render::to_table(render::worker_columns(), lines, view_of(session)));
  }
  return 0;
}

/// Needs nothing of the database: it must work when that can't be written, or read.
int tell(Session& session, const WorkerOptions& options, exec::WorkerOrder order) {
  const auto workers = chosen_workers(session, options.pids);
  if (workers.empty()) {
    session.note("no worker lives");
  }
  std::vector<os::UniqueFd> ends;
  for (const exec::WorkerInfo& worker : workers) {
    os::UniqueFd gone;
    if (!exec::tell_worker(session.places().launchers(), worker.pid, order, gone)) {
      session.print(fmt::format("worker {} has just ended\n", worker.pid));
      continue;
    }
    session.print(fmt::format("worker {} {}\n", worker.pid,
                              order == exec::WorkerOrder::drain
                                  ? "drains: it ends when what it runs has ended"
                                  : "ends, and what it runs with it"));
    ends.push_back(std::move(gone));
  }
  if (options.wait) {
    for (const os::UniqueFd& gone : ends) {
      os::Poller poller;
      poller.add(gone.get(), 0);
      while (poller.wait(std::nullopt).empty()) {
      }
    }
  }
  return 0;
}

int worker(Session& session, const WorkerOptions& options) {
  if (options.action == "list") {
    if (options.wait) {
      throw base::Error(base::ErrorKind::invalid_input, "--wait: a list waits for nothing",
                        "it belongs to 'sched worker drain' and 'sched worker stop'");
    }
    return list(session, options);
  }
  if (options.action != "drain" && options.action != "stop") {
    throw base::Error(base::ErrorKind::invalid_input,
                      fmt::format("unknown action {}", base::quote(options.action)),
                      base::did_you_mean(options.action, {"list", "drain", "stop"},
                                         "list, drain or stop is expected"));
  }
  if (session.json) {
    throw base::Error(base::ErrorKind::invalid_input,
                      fmt::format("--json: {} shows nothing", options.action),
                      "it belongs to 'sched worker list'");
  }
  return tell(session, options,
              options.action == "drain" ? exec::WorkerOrder::drain : exec::WorkerOrder::stop);
}

}  // namespace

void offer_worker(CLI::App& command, Session& session) {
  auto options = std::make_shared<WorkerOptions>();
  required(offer_option(command, "action", options->action, "list|drain|stop",
                        "List them; end them when what they run has ended; end them with it"));
  offer_option(command, "pid", options->pids, "PID", "Which workers (default: all)");
  offer_flag(command, "--wait", options->wait, "With drain and stop: wait until they have ended");
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = worker(session, *options); });
}

}  // namespace sched::cli
