#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/import_at.hpp"
#include "cli/import_crontab.hpp"
#include "cli/import_keep.hpp"
#include "cli/import_report.hpp"
#include "cli/import_systemd.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/text_file.hpp"
#include "exec/output_log.hpp"
#include "os/account.hpp"
#include "os/facts.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace sched::cli {
namespace {

struct ImportOptions {
  std::string language;
  std::vector<std::string> files;
  std::string format;
  std::string root = "/";
  std::string spool;
  bool user = false;
  bool system = false;
  bool keep_going = false;
  bool dry_run = false;
  bool prune = false;
};

ImportOwner owner_of(Session& session) {
  const auto account = os::find_account(os::own_uid());
  if (!account) {
    throw base::bad_input(fmt::format("user {} has no account", os::own_uid()),
                          "jobs need its name and home directory");
  }
  return {*account, session.now()};
}

exchange::CrontabFormat format_of(const ImportOptions& options, const std::filesystem::path& file) {
  if (options.format == "system") {
    return exchange::CrontabFormat::system;
  }
  if (options.format == "user") {
    return exchange::CrontabFormat::user;
  }
  if (!options.format.empty()) {
    throw base::bad_input(
        fmt::format("--format {}: neither user nor system", base::quote(options.format)),
        "in the system format the account stands before the command");
  }
  return file == "/etc/crontab" || file.parent_path() == "/etc/cron.d"
             ? exchange::CrontabFormat::system
             : exchange::CrontabFormat::user;
}

void plan_file(ImportPlan& plan, const ImportOwner& owner, const ImportOptions& options,
               const std::string& file) {
  std::error_code failure;
  const std::filesystem::path path =
      file == "-" ? "stdin" : std::filesystem::weakly_canonical(file, failure);
  plan_crontab(plan, owner,
               {file == "-" ? "stdin" : file, "crontab:" + path.string(), read_text_file(file),
                format_of(options, path)});
}

void plan_crontabs(ImportPlan& plan, const ImportOwner& owner, const ImportOptions& options) {
  const int given =
      (options.files.empty() ? 0 : 1) + (options.user ? 1 : 0) + (options.system ? 1 : 0);
  if (given != 1) {
    throw base::bad_input(
        given == 0 ? "which crontab?" : "FILE, --user and --system exclude each other",
        "name a file, - for standard input, --user or --system");
  }
  if (options.user) {
    plan_crontab(plan, owner, read_users_crontab(owner, options.root));
  } else if (options.system) {
    plan_system_crontabs(plan, owner, options.root);
  }
  for (const std::string& file : options.files) {
    plan_file(plan, owner, options, file);
  }
}

void plan_timers(ImportPlan& plan, const ImportOwner& owner, const ImportOptions& options) {
  if (options.files.empty()) {
    throw base::bad_input("which timer?", "name units or their files: backup.timer");
  }
  for (const std::string& file : options.files) {
    plan_unit(plan, owner, file, options.root);
  }
}

/// Options that mean nothing in the language would be silently lost.
void refuse_strays(const ImportOptions& options) {
  const bool is_crontab = options.language == "crontab";
  if (!is_crontab && (options.user || options.system || !options.format.empty())) {
    throw base::bad_input("--user, --system and --format are for crontabs");
  }
  if (options.language != "at" && !options.spool.empty()) {
    throw base::bad_input("--spool is for at");
  }
  if (!is_crontab && options.prune) {
    throw base::bad_input("--prune is for crontabs",
                          "a unit or job that is gone does not tell whether its task should go");
  }
  if (options.language == "at" && !options.files.empty()) {
    throw base::bad_input("at's jobs are in a directory", "--spool names another than at's own");
  }
}

ImportPlan read_plan(Session& session, const ImportOptions& options) {
  refuse_strays(options);
  ImportPlan plan;
  const ImportOwner owner = owner_of(session);
  if (options.language == "crontab") {
    plan_crontabs(plan, owner, options);
  } else if (options.language == "systemd") {
    plan_timers(plan, owner, options);
  } else if (options.language == "at") {
    plan_at_jobs(plan, owner,
                 options.spool.empty()
                     ? std::filesystem::path(options.root) / "var/spool/cron/atjobs"
                     : std::filesystem::path(options.spool));
  } else {
    throw base::bad_input(fmt::format("no import from {}", base::quote(options.language)),
                          base::did_you_mean(options.language, {"crontab", "systemd", "at"},
                                             "crontab, systemd and at can be read"));
  }
  check_import(plan, session.now());
  return plan;
}

/// All in one transaction, or nothing at all. A dry run undoes it, and makes no store.
void carry_out(Session& session, const ImportOptions& options, ImportPlan& plan) {
  if (options.dry_run && !os::find_facts(session.places().database())) {
    match_import(plan, nullptr);
    return;
  }
  store::Store& store = session.store();
  std::vector<model::Run> gone;
  {
    store::Transaction change(store.db());
    match_import(plan, &store);
    keep_import(plan, store, session.now());
    gone = prune_import(plan, store, options.prune);
    if (options.dry_run) {
      return;
    }
    change.commit();
  }
  for (const model::Run& run : gone) {
    exec::remove_logs(store.places().logs(), run.id, run.attempts);
  }
  session.changed();
}

int import(Session& session, const ImportOptions& options) {
  ImportPlan plan = read_plan(session, options);
  if (plan.has_refusals() && !options.keep_going) {
    match_import(plan, nullptr);
    report_import(session, plan);
    throw base::bad_input(fmt::format("nothing was imported: {}", summary_of_import(plan)),
                          "mend the lines that are refused, or leave them out with --keep-going");
  }
  carry_out(session, options, plan);
  report_import(session, plan);
  if (!session.json) {
    session.note(fmt::format("{}{}", summary_of_import(plan),
                             options.dry_run ? "; nothing was changed (--dry-run)" : ""));
  }
  return 0;
}

}  // namespace

void offer_import(CLI::App& command, Session& session) {
  auto options = std::make_shared<ImportOptions>();
  required(offer_option(command, "language", options->language, "LANGUAGE",
                        "What to read: crontab, systemd or at"));
  offer_option(command, "file", options->files, "FILE",
               "Crontab (- is standard input), or units: timers and services");
  offer_flag(command, "--user", options->user, "The crontab that cron keeps for you");
  offer_flag(command, "--system", options->system, "/etc/crontab and the files of /etc/cron.d");
  offer_option(command, "--format", options->format, "user|system",
               "Of a crontab: user (default), or system, where an account stands before the "
               "command");
  offer_option(command, "--root", options->root, "DIR",
               "Look for the system's files below this directory");
  offer_option(command, "--spool", options->spool, "DIR",
               "Where at keeps its jobs (default: /var/spool/cron/atjobs)");
  offer_flag(command, "--keep-going", options->keep_going,
             "Leave out what is refused, take the rest");
  offer_flag(command, "--prune", options->prune,
             "Remove the tasks of an earlier import whose jobs are gone");
  offer_flag(command, "--dry-run", options->dry_run, "Report what would be done, and do nothing");
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = import(session, *options); });
}

}  // namespace sched::cli
