#pragma once

#include "model/handler.hpp"
#include "model/task.hpp"

#include <string>
#include <vector>

namespace sched::cli {

/// Whose files tasks are written into.
enum class ExportFormat { crontab, systemd };

struct ExportedHandler {
  model::HandlerKind kind = model::HandlerKind::failure;
  model::Task task;
  bool is_exported = false;  ///< With the task whose ends it handles.
};

/// A task on its way out.
struct ExportedTask {
  model::Task task;
  bool comes_after = false;  ///< It waits for runs of other tasks.
  std::vector<ExportedHandler> handlers;
  bool is_handler = false;  ///< Of a task that is exported with it.
};

/// Whether a unit of systemd can name it: OnFailure= or OnSuccess=, and its unit is there.
bool is_linked(const ExportedHandler& handler);

/// What the task asks for and that language has no word for: "--retries", "--overlap queue". When
/// it fires, and its command, are not looked at.
std::vector<std::string> losses_of(const ExportedTask& exported, ExportFormat format);

}  // namespace sched::cli
