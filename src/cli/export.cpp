#include "base/text.hpp"
#include "cli/export_crontab.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/select.hpp"

#include <algorithm>
#include <memory>

namespace sched::cli {
namespace {

struct ExportOptions {
  std::string format;
  std::vector<std::string> tasks;
};

std::vector<model::TaskId> chosen(store::Store& store, const std::vector<std::string>& words) {
  std::vector<model::TaskId> tasks;
  for (const std::string& word : words) {
    const model::TaskId task = select_task(store, word);
    if (std::find(tasks.begin(), tasks.end(), task) == tasks.end()) {
      tasks.push_back(task);
    }
  }
  if (words.empty()) {
    for (const store::TaskRow& row : store.listing().tasks({}).rows) {
      if (row.trigger == model::TriggerKind::timed) {
        tasks.push_back(row.id);
      }
    }
    std::reverse(tasks.begin(), tasks.end());
  }
  return tasks;
}

std::vector<ExportedTask> exported_tasks(store::Store& store,
                                         const std::vector<std::string>& words) {
  std::vector<ExportedTask> tasks;
  for (const model::TaskId id : chosen(store, words)) {
    tasks.push_back({store.tasks().task(id), !store.tasks().upstream_of(id).empty()});
  }
  return tasks;
}

int export_tasks(Session& session, const ExportOptions& options) {
  if (options.format != "crontab") {
    throw base::Error(base::ErrorKind::invalid_input,
                      base::quote(options.format) + " is no format that sched writes",
                      base::did_you_mean(options.format, {"crontab"}, "sched export crontab"));
  }
  const auto tasks = exported_tasks(session.store(), options.tasks);
  if (tasks.empty()) {
    session.note("no task has a schedule; name others to see what becomes of them");
    return 0;
  }
  const Exported crontab = export_crontab(tasks, session.environment(), session.now());
  session.print(crontab.text);
  return crontab.is_whole ? 0 : 1;
}

}  // namespace

void offer_export(CLI::App& command, Session& session) {
  auto options = std::make_shared<ExportOptions>();
  command.add_option("format", options->format, "The language to write")
      ->type_name("crontab|systemd")
      ->required();
  command.add_option("task", options->tasks, "Name, id, or 'last' (default: all with a schedule)")
      ->type_name("TASK");
  command.callback([options, &session] { session.exit_code = export_tasks(session, *options); });
}

}  // namespace sched::cli
