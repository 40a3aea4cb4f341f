#include "base/text.hpp"
#include "cli/change_task.hpp"
#include "cli/deadline_outlook.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/select.hpp"

#include <fmt/format.h>

#include <map>

namespace sched::cli {
namespace {

struct EditOptions {
  std::string task;
  std::string name;
  std::map<std::string, std::vector<std::string>> fields;
};

int edit(Session& session, const EditOptions& options, bool renamed) {
  TaskChange change;
  change.command = session.command;
  if (renamed) {
    change.name = options.name;
  }
  for (const TaskField& field : task_fields()) {
    const auto given = options.fields.find(field.name);
    if (given != options.fields.end() && !given->second.empty()) {
      change.fields.emplace_back(field.name, given->second);
    }
  }
  if (change.fields.empty() && !change.command && !change.name) {
    throw base::Error(base::ErrorKind::invalid_input, "nothing to change is given",
                      "give options as for 'sched add', or a new command behind --");
  }
  store::Store& store = session.store();
  std::vector<std::string> warnings;
  std::vector<std::string> changed;
  std::string label;
  bool is_running = false;
  model::TaskId task;
  {
    const DraftContext context = draft_context(session);
    store::Transaction work(store.db());
    task = select_task(store, options.task);
    changed = change_task(store, context, task, change, warnings);
    label = store.tasks().label(task);
    const auto newest = store.runs().newest_of(task);
    is_running = newest && newest->state == model::RunState::running;
    work.commit();
  }
  session.changed();
  for (const std::string& warning : warnings) {
    session.warn(warning);
  }
  session.print(fmt::format("changed {}: {}\n", label, base::join(changed, ", ")));
  if (is_running) {
    session.note("it is running: this attempt goes on as it began");
  }
  for (const OutlookLine& line : DeadlineOutlook(session).of(task)) {
    session.note(line.text);
  }
  return 0;
}

}  // namespace

void offer_edit(CLI::App& command, Session& session) {
  auto options = std::make_shared<EditOptions>();
  required(
      offer_option(command, "task", options->task, "TASK", "Name, id, or 'last' for the newest"));
  CLI::Option* name =
      offer_option(command, "--name", options->name, "NAME", "Call it so from now on");
  offer_task_fields(command, session, options->fields);
  when_chosen(command, [options, &session, name] {
    session.exit_code = edit(session, *options, is_given(name));
  });
}

}  // namespace sched::cli
