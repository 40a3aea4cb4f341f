#include "cli/commands.hpp"

#include "cli/offers.hpp"

#include <algorithm>

namespace sched::cli {

const std::vector<Command>& all_commands() {
  static const std::vector<Command> commands = {
      {"add", "Add a task, or many from a file", "Say what is to be done", offer_add},
      {"edit", "Change what a task asks for", "Say what is to be done", offer_edit},
      {"queue", "Make queues, pause them, see who is next", "Say what is to be done", offer_queue},
      {"resource", "Say what there is to be shared out", "Say what is to be done", offer_resource},
      {"tag", "Say how often runs of a tag may start", "Say what is to be done", offer_tag},
      {"rm", "Remove tasks with all that is known of them", "Say what is to be done", offer_rm},
      {"run", "Work: start what is due, until told to stop", "Get it done", offer_run},
      {"worker", "List workers, drain or stop them", "Get it done", offer_worker},
      {"start", "Start a task now, whatever its trigger", "Get it done", offer_start},
      {"cancel", "End what runs, call off what waits", "Get it done", offer_cancel},
      {"retry", "Try finished runs again", "Get it done", offer_retry},
      {"dead", "See to runs that failed for good", "Get it done", offer_dead},
      {"breaker", "See what stopped after failures, and let it go on", "Get it done",
       offer_breaker},
      {"hold", "Hold back runs that have not begun", "Get it done", offer_hold},
      {"release", "Let held runs go", "Get it done", offer_release},
      {"pause", "Start no new runs of a task", "Get it done", offer_pause},
      {"resume", "Let a paused task run again", "Get it done", offer_resume},
      {"status", "Show on one screen what goes on", "See how it went", offer_status},
      {"list", "List tasks and how their newest run stands", "See how it went", offer_list},
      {"runs", "List runs", "See how it went", offer_runs},
      {"show", "Show all that is known of a task or run", "See how it went", offer_show},
      {"logs", "Print what a command wrote", "See how it went", offer_logs},
      {"wait", "Wait until runs have ended", "See how it went", offer_wait},
      {"explain", "Say why something does not run, and what would help", "See how it went",
       offer_explain},
      {"next", "Show when tasks, or an expression, fire next", "See how it went", offer_next},
      {"check", "Say what looks wrong in schedules, before it bites", "See how it went",
       offer_check},
      {"import", "Take over the jobs of another scheduler", "Set up", offer_import},
      {"export", "Write tasks in another scheduler's language", "Set up", offer_export},
      {"backup", "Write a backup of the store", "Take care", offer_backup},
      {"restore", "Bring back a backup", "Take care", offer_restore},
      {"doctor", "Say what is wrong with the store, and mend it", "Take care", offer_doctor},
      {"prune", "Remove old runs with their logs", "Take care", offer_prune},
      {"salvage", "Make a new store of what a damaged one has", "Take care", offer_salvage},
      {"completions", "Print a completion script for a shell", "Set up", offer_completions},
      {"manual", "Print a manual page", "Set up", offer_manual},
      {"complete", "", "", offer_complete},
  };
  return commands;
}

const Command* find_command(const std::string& name) {
  const auto& commands = all_commands();
  const auto found = std::find_if(commands.begin(), commands.end(),
                                  [&](const Command& command) { return command.name == name; });
  return found == commands.end() ? nullptr : &*found;
}

}  // namespace sched::cli
