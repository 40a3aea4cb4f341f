#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/chunks.hpp"
#include "cli/dead_lines.hpp"
#include "cli/offers.hpp"
#include "cli/purge_runs.hpp"
#include "cli/retry_runs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace sched::cli {
namespace {

const std::vector<std::string> k_dead_actions = {"list", "show",    "retry",
                                                 "edit", "resolve", "purge"};

struct DeadOptions {
  std::string action;
  ChoiceOptions choice;
  std::string since;
  std::string note;
  std::vector<std::string> edits;
  bool downstream = false;
};

int list_dead(Session& session, const DeadOptions& options) {
  store::ListFilter filter = dead_filter(session, options.choice, options.since);
  if (std::none_of(filter.names.begin(), filter.names.end(), is_pattern)) {
    for (const std::string& word : filter.names) {
      filter.tasks.push_back(select_task(session.store(), word));
    }
    filter.names.clear();
  }
  auto page = session.store().listing().runs(filter);
  std::vector<render::DeadLine> lines;
  for (store::RunRow& row : page.rows) {
    lines.push_back(dead_line(session, std::move(row)));
  }
  if (session.json) {
    base::Json all = base::Json::array();
    for (const render::DeadLine& line : lines) {
      all.push_back(render::to_json(line));
    }
    print_json(session, all);
    return 0;
  }
  if (lines.empty()) {
    session.note("no dead letters: nobody has to see to anything");
    return 0;
  }
  session.print(render::to_table(lines, view_of(session)));
  note_cut(session, page.more, filter.limit);
  return 0;
}

int show_dead(Session& session, const DeadOptions& options) {
  const render::DeadLine line =
      dead_line(session, select_ended_badly(session, options.choice.targets.front()));
  if (session.json) {
    print_json(session, render::to_json(line));
  } else {
    session.print(render::to_text(line, view_of(session)));
  }
  return 0;
}

int retry_dead(Session& session, const DeadOptions& options) {
  const auto runs = choose_dead(session, options.choice, options.since);
  if (chooses_many(options.choice)) {
    return retry_chosen(session, runs, options.downstream);
  }
  retry_named(session, runs, read_edits(options.edits), options.downstream);
  return 0;
}

int resolve_dead(Session& session, const DeadOptions& options) {
  store::Store& store = session.store();
  const auto runs = choose_dead(session, options.choice, options.since);
  const auto resolve = [&](model::RunId run) {
    return store.dead_letters().resolve(run, options.note, session.now());
  };
  if (chooses_many(options.choice)) {
    const ChunksDone work = in_chunks(session, "resolving", runs.size(),
                                      [&](std::size_t i) { return resolve(runs[i]); });
    return report_chunks(session, "resolved", work, runs.size(), "run");
  }
  std::vector<std::string> lines;
  {
    store::Transaction change(store.db());
    for (const model::RunId run : runs) {
      if (resolve(run)) {
        lines.push_back(fmt::format("resolved {} ({})",
                                    store.tasks().label(store.runs().run(run).task),
                                    model::label(run)));
      }
    }
    change.commit();
  }
  for (const std::string& line : lines) {
    session.print(line + "\n");
  }
  return 0;
}

int act_on_dead(Session& session, const DeadOptions& options) {
  if (options.action == "list") {
    return list_dead(session, options);
  }
  if (options.action == "show") {
    return show_dead(session, options);
  }
  if (options.action == "resolve") {
    return resolve_dead(session, options);
  }
  if (options.action == "purge") {
    return purge_runs(session, choose_dead(session, options.choice, options.since));
  }
  return retry_dead(session, options);
}

/// An option of one action, given to another.
void belongs(bool given, const DeadOptions& options, const char* option, const char* where) {
  if (given && options.action != where) {
    throw base::bad_input(fmt::format("{}: {} takes none", option, options.action),
                          fmt::format("it belongs to 'sched dead {}'", where));
  }
}

void check_dead(const Session& session, const DeadOptions& options) {
  const std::string& action = options.action;
  if (std::find(k_dead_actions.begin(), k_dead_actions.end(), action) == k_dead_actions.end()) {
    throw base::bad_input(fmt::format("unknown action {}", base::quote(action)),
                          base::did_you_mean(action, k_dead_actions,
                                             base::join(k_dead_actions, ", ") + " are expected"));
  }
  const bool reads = action == "list" || action == "show";
  if (session.json && !reads) {
    throw base::bad_input(fmt::format("--json: {} shows nothing", action),
                          "it belongs to 'sched dead list' and 'sched dead show'");
  }
  belongs(!options.note.empty(), options, "--note", "resolve");
  belongs(!options.edits.empty(), options, "--edit", "edit");
  belongs(!options.choice.filter.limit.empty(), options, "--limit", "list");
  if (options.downstream && action != "retry" && action != "edit") {
    throw base::bad_input(fmt::format("--downstream: {} sends nothing back to work", action),
                          "it belongs to 'sched dead retry' and 'sched dead edit'");
  }
  if (action == "list") {
    return;
  }
  const bool many = chooses_many(options.choice);
  if (action == "show" && (many || options.choice.targets.size() > 1)) {
    throw base::bad_input("show: one at a time", "'sched dead list' shows many");
  }
  if (action == "edit" && (many || options.edits.empty())) {
    throw base::bad_input(
        many ? "edit changes tasks that are named one by one" : "edit: nothing to change is given",
        "sched dead edit TARGET --edit timeout=2h");
  }
  const bool one_by_one = !many || is_stdin(options.choice);
  if (!options.since.empty() && one_by_one) {
    throw base::bad_input("--since narrows down what is chosen by a filter or pattern",
                          "with --all, --tag, --queue, --outcome or 'nightly-*'");
  }
  if (action == "resolve" && base::trim(options.note).empty()) {
    throw base::bad_input("resolve: nothing says what became of it",
                          "such as --note 'mended by hand'; it is kept with the run");
  }
}

}  // namespace

void offer_dead(CLI::App& command, Session& session) {
  auto options = std::make_shared<DeadOptions>();
  required(offer_option(command, "action", options->action, "list|show|retry|edit|resolve|purge",
                        "Show all, show one; try them again, or with the task changed first; take "
                        "them from the list, remove them"));
  offer_choice(command, options->choice, "TARGET",
               "Runs (run-17), tasks (all their dead letters), patterns, or - for stdin",
               ChoiceFilters::outcomes);
  describe(command, "--outcome", "OUTCOME", "All that ended so: failed, timed_out or lost");
  offer_option(command, "--since", options->since, "DURATION",
               "Of those only what ended within this time");
  offer_option(command, "-n,--limit", options->choice.filter.limit, "N",
               "Show at most this many; 0 is all (default: 50, with --json all)");
  offer_option(command, "--note", options->note, "TEXT",
               "With resolve: what became of it; kept with the run");
  offer_option(command, "--edit", options->edits, "FIELD=VALUE",
               "With edit: change the task first, as --edit timeout=2h");
  offer_flag(command, "--downstream", options->downstream,
             "With retry, edit: also what was skipped because of it");
  offer_json(command, session);
  when_chosen(command, [options, &session] {
    check_dead(session, *options);
    session.exit_code = act_on_dead(session, *options);
  });
}

}  // namespace sched::cli
