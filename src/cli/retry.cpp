#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/change_task.hpp"
#include "cli/choice.hpp"
#include "cli/chunks.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/select.hpp"
#include "worker/by_hand.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

struct RetryOptions {
  ChoiceOptions choice;
  std::vector<std::string> edits;
  bool downstream = false;
};

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

/// Each where there is something to retry; the others are passed over.
int retry_many(Session& session, const RetryOptions& options) {
  if (!options.edits.empty()) {
    throw base::bad_input("--edit changes tasks that are named one by one",
                          "change them with 'sched edit' first");
  }
  store::Store& store = session.store();
  const auto runs = choose_failed(session, options.choice);
  const ChunksDone work = in_chunks(session, "retrying", runs.size(), [&](std::size_t i) {
    const auto run = store.runs().find(runs[i]);
    if (!run || run->state != model::RunState::finished ||
        run->outcome == model::Outcome::succeeded) {
      return false;
    }
    worker::retry_run(store, run->id, options.downstream, session.now());
    return store.runs().run(run->id).state != model::RunState::finished;
  });
  return report_chunks(session, "retrying", work, runs.size(), "run");
}

int retry(Session& session, const RetryOptions& options) {
  if (chooses_many(options.choice)) {
    return retry_many(session, options);
  }
  const TaskChange change = read_edits(options.edits);
  const DraftContext context = draft_context(session);
  store::Store& store = session.store();
  const time::Instant now = session.now();
  std::vector<std::string> lines;
  std::vector<std::string> warnings;
  {
    store::Transaction work(store.db());
    for (const std::string& target : options.choice.targets) {
      const model::Run run = select_run(store, target);
      check_retriable(store, run);
      const std::string name = store.tasks().label(run.task);
      if (!change.fields.empty()) {
        change_task(store, context, run.task, change, warnings);
      }
      const auto below = worker::retry_run(store, run.id, options.downstream, now);
      const model::Run after = store.runs().run(run.id);
      if (after.state == model::RunState::finished) {
        throw base::bad_input(fmt::format("{} ({}) would only be skipped again: {}", name,
                                          model::label(run.id), after.reason),
                              "retry what it comes after, with --downstream");
      }
      lines.push_back(fmt::format("retrying {} ({})", name, model::label(run.id)));
      for (const model::RunId id : below) {
        lines.push_back(fmt::format("waits again: {} ({})",
                                    store.tasks().label(store.runs().run(id).task),
                                    model::label(id)));
      }
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
  return 0;
}

}  // namespace

void offer_retry(CLI::App& command, Session& session) {
  auto options = std::make_shared<RetryOptions>();
  offer_choice(command, options->choice, "TARGET",
               "Tasks (their newest run), patterns or runs (run-17) that ended badly, or - for "
               "stdin",
               ChoiceFilters::outcomes);
  offer_flag(command, "--downstream", options->downstream,
             "Let what was skipped because of them wait again too");
  offer_option(command, "--edit", options->edits, "FIELD=VALUE",
               "Change the task first: timeout=2h, retries=3");
  when_chosen(command, [options, &session] { session.exit_code = retry(session, *options); });
}

}  // namespace sched::cli
