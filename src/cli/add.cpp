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

#include <algorithm>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
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

struct Added {
  std::vector<Kept> all;
  std::vector<std::string> warnings;
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

BulkLines read_file(Session& session, const AddOptions& options) {
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
    return BulkLines(std::cin);
  }
  std::error_code failure;
  std::ifstream file(options.from);
  if (!file || std::filesystem::is_directory(options.from, failure)) {
    throw base::bad_input(
        fmt::format("--from {}: the file can't be read", base::quote(options.from)));
  }
  return BulkLines(file);
}

/// Every complaint with its line, then one error for all; with --json all in its message.
void refuse_any(Session& session, const AddOptions& options, const BulkLines& list,
                const std::vector<DraftError>& errors) {
  if (errors.empty()) {
    return;
  }
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < errors.size() && i < k_errors_shown; ++i) {
    lines.push_back(fmt::format("{}:{}: {}", options.from == "-" ? "stdin" : options.from,
                                list.number(errors[i].index), errors[i].error.on_one_line()));
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

IfExists if_exists_of(const AddOptions& options) {
  return options.if_exists.empty() ? IfExists::usual : parse_if_exists(options.if_exists);
}

/// Keeps all or none, in one transaction.
Added keep_whole(Session& session, const AddOptions& options, std::vector<TaskDraft>& drafts,
                 const std::function<void(const std::vector<DraftError>&)>& refuse) {
  store::Store& store = session.store();
  std::vector<DraftError> errors;
  store::Transaction change(store.db());
  Added added;
  added.all = keep_tasks(store, drafts, if_exists_of(options), session.now(), errors);
  refuse(errors);
  if (options.from.empty() && added.all.front().run) {
    added.run = store.runs().run(*added.all.front().run);
  }
  change.commit();
  for (TaskDraft& draft : drafts) {
    std::ranges::move(draft.warnings, std::back_inserter(added.warnings));
  }
  return added;
}

Added keep_list(Session& session, const AddOptions& options, const BulkLines& lines,
                const DraftContext& context) {
  BulkReader reader(context, os::own_umask());
  const auto refuse = [&](const std::vector<DraftError>& errors) {
    refuse_any(session, options, lines, errors);
  };
  std::vector<DraftError> errors;
  if (lines.size() > k_longest_whole) {
    const IfExists if_exists = if_exists_of(options);
    bool looked_at = false;
    const DraftList list{lines.size(), [&](std::size_t i) { return lines.text(i).size(); },
                         [&](std::size_t i) { return reader.read(lines.text(i), looked_at); }};
    const auto order = order_in_parts(session.store(), list, if_exists, session.now(), errors);
    refuse(errors);
    looked_at = true;
    if (order) {
      ManyKept many = keep_many(session, list, *order, if_exists);
      return {std::move(many.kept), std::move(many.warnings), std::nullopt, many.interrupted};
    }
  }
  std::vector<TaskDraft> drafts = reader.read_all(lines, errors);
  refuse(errors);
  return keep_whole(session, options, drafts, refuse);
}

void note_more(Session& session, const model::Task& task, const Kept& kept) {
  if (task.schedule) {
    for (const std::string& note : render::normal_form_notes(*task.schedule)) {
      session.note(note);
    }
  }
  note_deadlines(session, kept);
}

int add(Session& session, const AddOptions& options) {
  require_wait(options.wait, options.exit_code);
  const DraftContext context = draft_context(session);
  Added added;
  std::vector<TaskDraft> one;
  std::size_t asked = 1;
  if (options.from.empty()) {
    one.push_back(read_options(session, options, context));
    added = keep_whole(session, options, one, [](const std::vector<DraftError>& errors) {
      if (!errors.empty()) {
        throw errors.front().error;
      }
    });
  } else {
    const BulkLines lines = read_file(session, options);
    asked = lines.size();
    added = keep_list(session, options, lines, context);
  }
  const std::vector<Kept>& kept = added.all;
  for (const std::string& warning : added.warnings) {
    session.warn(warning);
  }
  session.changed();
  if (kept.empty()) {
    session.print(session.json ? "[]\n" : "");
    session.note("nothing to add: the file has no task");
    return 0;
  }
  tell(session, options, added);
  if (!options.quiet && !session.json) {
    if (one.empty()) {
      note_deadlines(session, kept);
    } else {
      note_more(session, one.front().task, kept.front());
    }
  }
  if (added.interrupted) {
    session.note(fmt::format("interrupted: {} of {} tasks are added, and stay",
                             render::grouped(static_cast<std::int64_t>(kept.size())),
                             render::grouped(static_cast<std::int64_t>(asked))));
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
