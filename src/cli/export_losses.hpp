#pragma once

#include "model/handler.hpp"
#include "model/task.hpp"

#include <string>
#include <vector>

namespace sched::cli {

/// Whose files tasks are written into.
enum class ExportFormat { crontab, systemd };

/// A task on its way out.
struct ExportedTask {
  model::Task task;
  bool comes_after = false;  ///< It waits for runs of other tasks.
  std::vector<model::Handler> handlers;
};

/// What the task asks for and that language has no word for: "--retries", "--overlap queue". When
/// it fires, and its command, are not looked at.
std::vector<std::string> losses_of(const ExportedTask& exported, ExportFormat format);

}  // namespace sched::cli
