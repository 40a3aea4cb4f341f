#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/bulk.hpp"
#include "cli/keep_many.hpp"
#include "cli/kept_text.hpp"
#include "cli/list_checks.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/wait_for.hpp"
#include "os/facts.hpp"
#include "render/phrase.hpp"
#include "render/safe_text.hpp"
#include "render/schedule_columns.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <map>

namespace sched::cli {
namespace {

struct AddOptions {
  std::string name;
  std::string from;  ///< The file of --from.
  std::string if_exists;
  std::map<std::string, std::vector<std::string>> fields;
  bool quiet = false;
  bool wait = false;
  bool exit_code = false;
};

constexpr std::size_t k_errors_shown = 20;

void warn_all(Session& session, const TaskDraft& draft) {
  for (const std::string& warning : draft.warnings) {
    session.warn(warning);
  }
}

struct Added {
  std::vector<Kept> all;
  std::optional<model::Run> run;  ///< Of a single one, as it was then.
  bool interrupted = false;       ///< There are more in the file.
};

void tell(Session& session, const AddOptions& options, const Added& added) {
  const std::vector<Kept>& all = added.all;
  if (options.quiet) {
    for (const Kept& kept : all) {
      session.print(fmt::format("{}\n", kept.id.value));
    }
    return;
  }
  if (session.json) {
    base::Json list = base::Json::array();
    DeadlineOutlook outlook(session);
    for (const Kept& kept : all) {
      list.push_back(json_of(kept, outlook));
    }
    session.print(base::to_pretty_text(options.from.empty() ? list.front() : list) + "\n");
    return;
  }
  if (!options.from.empty()) {
    session.print(fmt::format("{} tasks added\n", all.size()));
    return;
  }
  session.print(line_of(session, all.front(), added.run) + "\n");
}

TaskDraft read_options(Session& session, const AddOptions& options, const DraftContext& context) {
  TaskDraft draft;
  draft.task.name = options.name;
  if (session.command) {
    draft.task.command = {*session.command, false};
  }
  for (const TaskField& field : task_fields()) {
    const auto given = options.fields.find(field.name);
    if (given != options.fields.end() && !given->second.empty()) {
      if (field.name == std::string_view("shell") && session.command) {
        throw base::bad_input("--shell and a command behind -- exclude each other");
      }
      read_new_field(field, context, draft, given->second);
    }
  }
  capture_surroundings(context, os::own_umask(), draft);
  return draft;
}

BulkDrafts read_file(Session& session, const AddOptions& options, const DraftContext& context) {
  if (!options.name.empty() || session.command) {
    throw base::bad_input(
        "--from takes all from its file: no name and no command beside it",
        options.from == "finish" || options.from == "start"
            ? fmt::format("with --every, as in --every 15m --from {}, it says where to count",
                          options.from)
            : "put the name and the command into the file");
  }
  for (const auto& [name, values] : options.fields) {
    if (!values.empty()) {
      throw base::bad_input(
          fmt::format("--from takes all from its file: --{} has no place beside it", name),
          fmt::format("write \"{}\" into the lines that want it", name));
    }
  }
  if (options.from == "-") {
    return read_bulk(std::cin, context, os::own_umask());
  }
  std::error_code failure;
  std::ifstream file(options.from);
  if (!file || std::filesystem::is_directory(options.from, failure)) {
    throw base::bad_input(
        fmt::format("--from {}: the file can't be read", base::quote(options.from)));
  }
  return read_bulk(file, context, os::own_umask());
}

/// Every complaint with its line, then one error for all; with --json all in its message.
[[noreturn]] void refuse(Session& session, const AddOptions& options,
                         const std::vector<LineError>& errors) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < errors.size() && i < k_errors_shown; ++i) {
    lines.push_back(fmt::format("{}:{}: {}", options.from == "-" ? "stdin" : options.from,
                                errors[i].line, errors[i].error.on_one_line()));
  }
  if (errors.size() > k_errors_shown) {
    lines.push_back(fmt::format("… and {} more", errors.size() - k_errors_shown));
  }
  std::string message = fmt::format("--from {}: {} of its lines can't be taken",
                                    base::quote(options.from), errors.size());
  if (session.json) {
    message += "\n" + base::join(lines, "\n");
  } else {
    for (const std::string& line : lines) {
      session.note(render::safe(line));
    }
  }
  throw base::bad_input(std::move(message), "nothing was added; mend them and add the file again");
}

void refuse_any(Session& session, const AddOptions& options, const BulkDrafts& bulk,
                const std::vector<DraftError>& errors) {
  if (errors.empty()) {
    return;
  }
  if (options.from.empty()) {
    throw errors.front().error;
  }
  std::vector<LineError> by_line;
  for (const DraftError& error : errors) {
    by_line.push_back({bulk.lines[error.index], error.error});
  }
  refuse(session, options, by_line);
}

Added keep(Session& session, const AddOptions& options, BulkDrafts& bulk) {
  const IfExists if_exists =
      options.if_exists.empty() ? IfExists::usual : parse_if_exists(options.if_exists);
  std::vector<DraftError> errors;
  store::Store& store = session.store();
  if (bulk.drafts.size() > k_longest_whole) {
    const auto order = order_one_by_one(store, bulk.drafts, if_exists, session.now(), errors);
    refuse_any(session, options, bulk, errors);
    if (order) {
      ManyKept many = keep_many(session, bulk.drafts, *order, if_exists);
      return {std::move(many.kept), std::nullopt, many.interrupted};
    }
  }
  store::Transaction change(store.db());
  Added added{keep_tasks(store, bulk.drafts, if_exists, session.now(), errors), std::nullopt};
  refuse_any(session, options, bulk, errors);
  if (options.from.empty() && added.all.front().run) {
    added.run = store.runs().run(*added.all.front().run);
  }
  change.commit();
  return added;
}

int add(Session& session, const AddOptions& options) {
  require_wait(options.wait, options.exit_code);
  const DraftContext context = draft_context(session);
  BulkDrafts bulk;
  if (options.from.empty()) {
    bulk.drafts.push_back(read_options(session, options, context));
    bulk.lines.push_back(1);
  } else {
    bulk = read_file(session, options, context);
    if (!bulk.errors.empty()) {
      refuse(session, options, bulk.errors);
    }
  }
  const Added added = keep(session, options, bulk);
  const std::vector<Kept>& kept = added.all;
  for (const TaskDraft& draft : bulk.drafts) {
    warn_all(session, draft);
  }
  session.changed();
  if (kept.empty()) {
    session.print(session.json ? "[]\n" : "");
    session.note("nothing to add: the file has no task");
    return 0;
  }
  tell(session, options, added);
  const auto& schedule = bulk.drafts.front().task.schedule;
  if (options.from.empty() && !options.quiet && !session.json && schedule) {
    for (const std::string& note : render::normal_form_notes(*schedule)) {
      session.note(note);
    }
  }
  if (!options.quiet && !session.json) {
    options.from.empty() ? note_deadlines(session, kept.front()) : note_deadlines(session, kept);
  }
  if (added.interrupted) {
    session.note(fmt::format("interrupted: {} of {} tasks are added, and stay",
                             render::grouped(static_cast<std::int64_t>(kept.size())),
                             render::grouped(static_cast<std::int64_t>(bulk.drafts.size()))));
    return base::exit_code(base::ErrorKind::interrupted);
  }
  if (!options.wait) {
    return 0;
  }
  std::vector<model::RunId> runs;
  for (const Kept& task : kept) {
    if (task.run) {
      runs.push_back(*task.run);
    }
  }
  std::fflush(stdout);
  WaitOptions waiting;
  waiting.exit_code = options.exit_code;
  return runs.empty() ? 0 : wait_for(session, runs, waiting);
}

}  // namespace

void offer_add(CLI::App& command, Session& session) {
  auto options = std::make_shared<AddOptions>();
  const CLI::Option* name = offer_option(command, "name", options->name, "NAME",
                                         "A name for it; unnamed it is called task-ID");
  offer_task_fields(command, session, options->fields);
  offer_option(command, "--if-exists", options->if_exists, "HOW",
               "When the key or name is there already: skip, replace or error");
  if (session.may_mean("from")) {
    describe(command, "--from", "FILE|HOW",
             "Add one task for each JSON line of this file (- is stdin); with "
             "--every: 'finish' counts from the end of the last run, 'start' (default) from "
             "a fixed start");
  }
  offer_flag(command, "--wait", options->wait, "Wait until it has ended");
  offer_flag(command, "--exit-code", options->exit_code,
             "With --wait: end with the command's own exit code");
  offer_flag(command, "-q,--quiet", options->quiet, "Print the id alone");
  offer_json(command, session);
  when_chosen(command, [options, &session, name] {
    if (is_given(name) && options->name.empty()) {
      throw base::bad_input("the name is empty", "leave it out, and the task is called task-ID");
    }
    if (options->fields["every"].empty() && !options->fields["from"].empty()) {
      options->from = options->fields["from"].back();
      options->fields["from"].clear();
    }
    session.exit_code = add(session, *options);
  });
}

}  // namespace sched::cli
