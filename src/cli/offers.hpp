#pragma once

#include "cli/commands.hpp"

namespace sched::cli {

// One function a subcommand, each in the file of its name.
void offer_add(CLI::App& command, Session& session);
void offer_edit(CLI::App& command, Session& session);
void offer_queue(CLI::App& command, Session& session);
void offer_resource(CLI::App& command, Session& session);
void offer_tag(CLI::App& command, Session& session);
void offer_rm(CLI::App& command, Session& session);
void offer_run(CLI::App& command, Session& session);
void offer_worker(CLI::App& command, Session& session);
void offer_start(CLI::App& command, Session& session);
void offer_cancel(CLI::App& command, Session& session);
void offer_retry(CLI::App& command, Session& session);
void offer_dead(CLI::App& command, Session& session);
void offer_breaker(CLI::App& command, Session& session);
void offer_hold(CLI::App& command, Session& session);
void offer_release(CLI::App& command, Session& session);
void offer_pause(CLI::App& command, Session& session);
void offer_resume(CLI::App& command, Session& session);
void offer_status(CLI::App& command, Session& session);
void offer_list(CLI::App& command, Session& session);
void offer_runs(CLI::App& command, Session& session);
void offer_show(CLI::App& command, Session& session);
void offer_logs(CLI::App& command, Session& session);
void offer_wait(CLI::App& command, Session& session);
void offer_explain(CLI::App& command, Session& session);
void offer_export(CLI::App& command, Session& session);
void offer_next(CLI::App& command, Session& session);
void offer_import(CLI::App& command, Session& session);
void offer_check(CLI::App& command, Session& session);
void offer_backup(CLI::App& command, Session& session);
void offer_restore(CLI::App& command, Session& session);
void offer_doctor(CLI::App& command, Session& session);
void offer_prune(CLI::App& command, Session& session);
void offer_salvage(CLI::App& command, Session& session);
void offer_completions(CLI::App& command, Session& session);
void offer_manual(CLI::App& command, Session& session);
void offer_complete(CLI::App& command, Session& session);  // hidden: what completion scripts ask

}  // namespace sched::cli
