#pragma once

#include "cli/options.hpp"
#include "cli/session.hpp"
#include "model/handler.hpp"
#include "model/task.hpp"
#include "security/environment.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sched::cli {

/// A task on its way in: the options of `add`, the keys of a JSON line and the options of `edit`
/// all fill one of these, field by field.
struct TaskDraft {
  model::Task task;
  bool at_given = false;
  bool manual = false;
  bool force = false;
  bool timers_given = false;
  std::optional<model::Timer::Kind> cron_kind;    ///< How --cron is read, where that is given.
  std::vector<std::string> schedule_fields;       ///< Those that were given.
  std::map<std::string, std::string> moments;     ///< By field: read once the zone is known.
  std::optional<std::vector<std::string>> after;  ///< As it was written; none: leave as it is.
  /// As they were written, by kind; a kind that is not there: leave it as it is.
  std::map<model::HandlerKind, std::vector<std::string>> handlers;
  /// Which of them are defaults, and of which queue.
  std::map<model::HandlerKind, std::string> handlers_by_queue;
  std::optional<std::vector<std::string>> tags;
  std::optional<std::string> queue;  ///< As it was written; none: leave as it is.
  std::set<std::string> given;       ///< Fields of a new task: these take no default of the queue.
  security::Capture capture;
  std::vector<std::pair<std::string, std::string>> set_environment;
  std::vector<std::string> warnings;
};

/// What fields are read against.
struct DraftContext {
  time::Instant now{};
  std::string directory;  ///< Where relative paths begin.
  const security::Environment* environment = nullptr;
};

/// One thing that can be said of a task.
struct TaskField {
  const char* name;  ///< "retries": the option --retries and the JSON key.
  const char* type;  ///< "N"; "" for a flag.
  const char* help;
  bool repeatable;
  /// Reads one value into the draft. Throws base::Error without the option's name, which the caller
  /// puts before it.
  void (*read)(const DraftContext& context, TaskDraft& draft, const std::string& value);
};

/// All fields, in the order of `sched add --help`.
const std::vector<TaskField>& task_fields();
const TaskField* find_task_field(const std::string& name);

/// Reads one field; an error names the option and the value.
void read_field(const TaskField& field, const DraftContext& context, TaskDraft& draft,
                const std::vector<std::string>& values);

/// The same for a new task. What takes something away in `edit` (an empty --after or --limit, a
/// time limit of 0s) is refused: nothing is there yet, and most likely a variable of
/// the shell was empty.
void read_new_field(const TaskField& field, const DraftContext& context, TaskDraft& draft,
                    const std::vector<std::string>& values);

/// Whether a field is a flag that NAME=false takes back.
bool can_say_no(std::string_view name);

/// Offers fields as options; what is given lands in `values`, by field name.
void offer_fields(CLI::App& command, const std::vector<TaskField>& fields,
                  std::map<std::string, std::vector<std::string>>& values);
/// The same with all fields that may be meant: what to offer all costs is a third of an `add`.
void offer_task_fields(CLI::App& command, const Session& session,
                       std::map<std::string, std::vector<std::string>>& values);

/// The value of a field that is a flag.
bool read_yes_or_no(const std::string& value);
/// One that is a whole number between the bounds.
std::int64_t whole(const std::string& value, std::int64_t lowest, std::int64_t highest);

/// What is at hand now.
DraftContext draft_context(Session& session);
/// Captures the environment as the draft asks, once all fields are read; for a new task.
void capture_surroundings(const DraftContext& context, int umask, TaskDraft& draft);
/// What is captured of the environment. Throws base::Error for what is not set, or is no UTF-8.
security::Environment captured_environment(const DraftContext& context,
                                           const security::Capture& capture);
/// capture_surroundings() with what was captured already.
void surround(const DraftContext& context, int umask, security::Environment environment,
              TaskDraft& draft);

}  // namespace sched::cli
