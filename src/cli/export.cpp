#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/export_crontab.hpp"
#include "cli/export_systemd.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/select.hpp"
#include "os/account.hpp"
#include "os/facts.hpp"
#include "os/file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

namespace sched::cli {
namespace {

struct ExportOptions {
  std::string format;
  std::vector<std::string> tasks;
  std::string directory;
  bool force = false;
};

std::vector<ExportedTask> exported_tasks(store::Store& store,
                                         const std::vector<std::string>& words) {
  std::vector<ExportedTask> tasks;
  const auto ids = select_timed_tasks(store, words);
  const std::set<model::TaskId> exported(ids.begin(), ids.end());
  std::set<model::TaskId> handlers;
  for (const model::TaskId id : ids) {
    ExportedTask task{store.tasks().task(id), !store.tasks().upstream_of(id).empty(), {}, false};
    for (const model::Handler& handler : store.handlers().of(id)) {
      task.handlers.push_back(
          {handler.kind, store.tasks().task(handler.handler), exported.contains(handler.handler)});
      handlers.insert(handler.handler);
    }
    tasks.push_back(std::move(task));
  }
  for (ExportedTask& task : tasks) {
    task.is_handler = handlers.contains(task.task.id);
  }
  return tasks;
}

/// Whether the unit's file is there already as it would be written. Throws when it is there
/// otherwise.
bool is_written(const std::filesystem::path& path, const ExportedUnit& unit, bool force) {
  constexpr std::size_t k_cap = std::size_t{1} << 20U;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path))) {
    return false;
  }
  const auto content = os::read_file(path, k_cap);
  const bool is_same = content && *content == unit.text;
  if (!is_same && !force) {
    throw base::bad_input(
        fmt::format("{} is there already, with other content", base::quote(path.string())),
        "--force writes over it");
  }
  return is_same;
}

void write_units(Session& session, const std::vector<ExportedUnit>& units,
                 const ExportOptions& options) {
  const std::filesystem::path directory = options.directory;
  if (!std::filesystem::is_directory(directory)) {
    throw base::bad_input(
        fmt::format("--directory {}: no such directory", base::quote(options.directory)),
        fmt::format("make it: mkdir -p {}", base::shell_quote(options.directory)));
  }
  // All are looked at before the first is written.
  std::vector<const ExportedUnit*> wanted;
  for (const ExportedUnit& unit : units) {
    if (!is_written(directory / unit.file, unit, options.force)) {
      wanted.push_back(&unit);
    }
  }
  for (const ExportedUnit* unit : wanted) {
    os::replace_file(directory / unit->file, unit->text);
    session.print(fmt::format("wrote {}\n", (directory / unit->file).string()));
  }
}

/// What cron and the manager of a user give to every command.
security::Environment account_environment() {
  const auto account = os::find_account(os::own_uid());
  if (!account) {
    return {};
  }
  return {{"HOME", account->home}, {"LOGNAME", account->name}, {"USER", account->name}};
}

int to_systemd(Session& session, const std::vector<ExportedTask>& tasks,
               const ExportOptions& options) {
  const ExportedUnits exported = export_systemd(tasks, account_environment(), session.now());
  if (!options.directory.empty()) {
    write_units(session, exported.units, options);
    return exported.is_whole ? 0 : 1;
  }
  const char* separator = "";
  for (const ExportedUnit& unit : exported.units) {
    session.print(fmt::format("{}# {}\n{}", separator, unit.file, unit.text));
    separator = "\n";
  }
  return exported.is_whole ? 0 : 1;
}

int to_crontab(Session& session, const std::vector<ExportedTask>& tasks,
               const ExportOptions& options) {
  if (!options.directory.empty()) {
    throw base::bad_input("--directory is for systemd", "sched export crontab > FILE");
  }
  const Exported crontab = export_crontab(tasks, account_environment(), session.now());
  session.print(crontab.text);
  return crontab.is_whole ? 0 : 1;
}

int export_tasks(Session& session, const ExportOptions& options) {
  const bool is_cron = options.format == "crontab";
  if (!is_cron && options.format != "systemd") {
    throw base::bad_input(base::quote(options.format) + " is neither crontab nor systemd",
                          base::did_you_mean(options.format, {"crontab", "systemd"},
                                             "sched export crontab, or sched export systemd"));
  }
  const auto tasks = exported_tasks(session.store(), options.tasks);
  if (tasks.empty()) {
    session.note("no task has a schedule; name others to see what becomes of them");
    return 0;
  }
  return is_cron ? to_crontab(session, tasks, options) : to_systemd(session, tasks, options);
}

}  // namespace

void offer_export(CLI::App& command, Session& session) {
  auto options = std::make_shared<ExportOptions>();
  required(
      offer_option(command, "format", options->format, "crontab|systemd", "The language to write"));
  offer_option(command, "task", options->tasks, "TASK",
               "Name, id, or 'last' (default: all with a schedule)");
  offer_option(command, "--directory", options->directory, "DIR",
               "Write NAME.timer and NAME.service into this directory");
  offer_flag(command, "--force", options->force, "Write over files with other content");
  when_chosen(command,
              [options, &session] { session.exit_code = export_tasks(session, *options); });
}

}  // namespace sched::cli
