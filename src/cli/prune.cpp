#include "store/prune.hpp"

#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/prune_logs.hpp"
#include "cli/reading.hpp"
#include "cli/stray_logs.hpp"
#include "model/policy.hpp"
#include "render/phrase.hpp"
#include "render/pruned_columns.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

struct PruneOptions {
  std::string older_than;
  std::string keep;
  std::string max_size;
  bool dead = false;
  bool dry_run = false;
};

constexpr int k_most_counted = 1'000'000'000;

store::PruneBounds bounds_of(const PruneOptions& options, time::Instant now) {
  store::PruneBounds bounds;
  if (!options.older_than.empty()) {
    bounds.finished_before =
        now - require("--older-than", options.older_than, time::parse_duration(options.older_than));
  }
  if (!options.keep.empty()) {
    bounds.runs_of_a_task = static_cast<int>(number("--keep", options.keep, 0, k_most_counted));
  }
  if (!options.max_size.empty()) {
    bounds.all_bytes = require("--max-size", options.max_size, model::parse_size(options.max_size));
  }
  if (!bounds.finished_before && !bounds.runs_of_a_task && !bounds.all_bytes) {
    throw base::Error(base::ErrorKind::invalid_input, "nothing says what may go",
                      "give --older-than DURATION, --keep N, --max-size SIZE or several of them");
  }
  bounds.dead_too = options.dead;
  return bounds;
}

std::vector<render::PrunedLine> unit_lines(const std::vector<const store::PruneUnit*>& units) {
  std::vector<render::PrunedLine> lines;
  for (const store::PruneUnit* unit : units) {
    for (const store::PrunedRun& run : unit->runs) {
      lines.push_back(
          {run.id, run.label, run.outcome, run.finished_at, run.log_bytes, run.with_task});
    }
  }
  std::sort(lines.begin(), lines.end(),
            [](const auto& left, const auto& right) { return left.run < right.run; });
  return lines;
}

/// Nothing that waits for a person goes without a word of that person.
void note_dead(Session& session, std::int64_t kept) {
  if (kept > 0 && !session.json) {
    session.note(fmt::format("{} kept: see to them with 'sched dead', or remove them with --dead",
                             render::count(kept, "dead letter")));
  }
}

void report(Session& session, const std::vector<const store::PruneUnit*>& units, bool dry_run) {
  const auto lines = unit_lines(units);
  if (session.json) {
    print_json(session, render::to_json_array(render::pruned_columns(), lines));
    return;
  }
  if (dry_run && !lines.empty()) {
    session.print(render::to_table(render::pruned_columns(), lines, view_of(session)));
  }
  std::int64_t tasks = 0;
  std::uint64_t bytes = 0;
  for (const store::PruneUnit* unit : units) {
    tasks += unit->task ? 1 : 0;
  }
  for (const render::PrunedLine& line : lines) {
    bytes += line.log_bytes;
  }
  const std::string sum = fmt::format("{} and {}, with {} of logs",
                                      render::count(static_cast<std::int64_t>(lines.size()), "run"),
                                      render::count(tasks, "task"), render::size(bytes));
  if (dry_run) {
    session.note("would remove " + sum);
  } else {
    session.print("removed " + sum + "\n");
  }
}

int prune(Session& session, const PruneOptions& options) {
  const store::PruneBounds bounds = bounds_of(options, session.now());
  store::Store& store = session.existing_store();
  PruneLogs logs(exec::list_log_files(store.places().logs()));
  const auto plan = store::plan_prune(store, bounds, logs.sizes());
  std::vector<const store::PruneUnit*> gone;
  if (options.dry_run) {
    for (const store::PruneUnit& unit : plan.units) {
      gone.push_back(&unit);
    }
    report(session, gone, true);
    note_dead(session, plan.dead_kept);
    return 0;
  }
  // What an earlier one that was killed had removed from the store alone.
  for (const exec::LogFile& file : stray_logs(store, logs.files())) {
    logs.remove(file);
  }
  store::prune(store, plan.units, [&](const std::vector<const store::PruneUnit*>& units) {
    for (const store::PruneUnit* unit : units) {
      for (const store::PrunedRun& run : unit->runs) {
        logs.remove(run.id);
      }
      gone.push_back(unit);
    }
  });
  store::prune_surroundings(store);
  logs.remove_empty_directories(store);
  session.changed();
  report(session, gone, false);
  note_dead(session, plan.dead_kept);
  return 0;
}

}  // namespace

void offer_prune(CLI::App& command, Session& session) {
  auto options = std::make_shared<PruneOptions>();
  offer_option(command, "--older-than", options->older_than, "DURATION",
               "Remove runs that ended longer ago than this");
  offer_option(command, "--keep", options->keep, "N",
               "Of each task keep the newest N finished runs, and remove older ones");
  offer_option(command, "--max-size", options->max_size, "SIZE",
               "Remove the oldest runs until rows and logs take no more than this");
  offer_flag(command, "--dead", options->dead, "Remove dead letters too, which stay otherwise");
  offer_flag(command, "--dry-run", options->dry_run, "List what would go, and change nothing");
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = prune(session, *options); });
}

}  // namespace sched::cli
