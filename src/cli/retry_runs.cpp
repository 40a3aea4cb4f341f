#include "cli/retry_runs.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/chunks.hpp"
#include "worker/by_hand.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

void check_retriable(store::Store& store, const model::Run& run) {
  const std::string name = store.tasks().label(run.task);
  if (run.state != model::RunState::finished) {
    throw base::bad_input(fmt::format("{} ({}) is {}, it has not ended", name, model::label(run.id),
                                      model::to_string(run.state)),
                          "'sched cancel' ends it, 'sched start' starts another run");
  }
  if (run.outcome == model::Outcome::succeeded) {
    throw base::bad_input(
        fmt::format("{} ({}) succeeded: there is nothing to retry", name, model::label(run.id)),
        fmt::format("'sched start {}' runs it anew", name));
  }
}

/// One of those that are named; adds to the lines what was done.
void retry_one(store::Store& store, model::RunId id, bool downstream, time::Instant now,
               std::vector<std::string>& lines) {
  const std::string name = store.tasks().label(store.runs().run(id).task);
  const auto below = worker::retry_run(store, id, downstream, now);
  const model::Run after = store.runs().run(id);
  if (after.state == model::RunState::finished) {
    throw base::bad_input(fmt::format("{} ({}) would only be skipped again: {}", name,
                                      model::label(id), after.reason),
                          "retry what it comes after, with --downstream");
  }
  lines.push_back(fmt::format("retrying {} ({})", name, model::label(id)));
  for (const model::RunId skipped : below) {
    lines.push_back(fmt::format("waits again: {} ({})",
                                store.tasks().label(store.runs().run(skipped).task),
                                model::label(skipped)));
  }
}

}  // namespace

TaskChange read_edits(const std::vector<std::string>& edits) {
  TaskChange change;
  for (const std::string& edit : edits) {
    const std::size_t equals = edit.find('=');
    const std::string name = edit.substr(0, equals);
    std::vector<std::string> names;
    for (const TaskField& field : task_fields()) {
      names.emplace_back(field.name);
    }
    if (equals == std::string::npos || find_task_field(name) == nullptr) {
      throw base::bad_input(
          fmt::format("--edit {}: not FIELD=VALUE with a field of 'sched edit'", base::quote(edit)),
          base::did_you_mean(name, names, "such as --edit timeout=2h"));
    }
    auto same = std::find_if(change.fields.begin(), change.fields.end(),
                             [&](const auto& known) { return known.first == name; });
    if (same == change.fields.end()) {
      change.fields.emplace_back(name, std::vector<std::string>{});
      same = change.fields.end() - 1;
    }
    same->second.push_back(edit.substr(equals + 1));
  }
  return change;
}

void retry_named(Session& session, const std::vector<model::RunId>& runs, const TaskChange& change,
                 bool downstream) {
  const DraftContext context = draft_context(session);
  store::Store& store = session.store();
  std::vector<std::string> lines;
  std::vector<std::string> warnings;
  {
    store::Transaction work(store.db());
    for (const model::RunId id : runs) {
      const model::Run run = store.runs().run(id);
      check_retriable(store, run);
      if (!change.fields.empty()) {
        change_task(store, context, run.task, change, warnings);
      }
      retry_one(store, id, downstream, session.now(), lines);
    }
    work.commit();
  }
  session.changed();
  for (const std::string& warning : warnings) {
    session.warn(warning);
  }
  for (const std::string& line : lines) {
    session.print(line + "\n");
  }
}

int retry_chosen(Session& session, const std::vector<model::RunId>& runs, bool downstream) {
  store::Store& store = session.store();
  const ChunksDone work = in_chunks(session, "retrying", runs.size(), [&](std::size_t i) {
    const auto run = store.runs().find(runs[i]);
    if (!run || run->state != model::RunState::finished ||
        run->outcome == model::Outcome::succeeded) {
      return false;
    }
    worker::retry_run(store, run->id, downstream, session.now());
    return store.runs().run(run->id).state != model::RunState::finished;
  });
  return report_chunks(session, "retrying", work, runs.size(), "run");
}

}  // namespace sched::cli
