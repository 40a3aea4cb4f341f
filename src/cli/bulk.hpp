#pragma once

#include "cli/draft.hpp"

#include <istream>
#include <string>
#include <vector>

namespace sched::cli {

/// A line of a bulk file that can't be read, or a complaint about what it says.
struct LineError {
  std::size_t line = 0;  ///< From 1.
  base::Error error;
};

struct BulkDrafts {
  std::vector<TaskDraft> drafts;
  std::vector<std::size_t> lines;  ///< Where each draft stands.
  std::vector<LineError> errors;
};

constexpr std::size_t k_longest_line = 2U << 20U;

/// Reads JSON lines, one task each. Keys are the long options without their dashes, and `name` and
/// `command` (an array); repeatable ones take an array or one value, `env` also an object, flags
/// true or false. Empty lines are passed over. `umask` is kept with each task.
BulkDrafts read_bulk(std::istream& input, const DraftContext& context, int umask);

/// Reads one line into a draft. Throws base::Error.
TaskDraft read_bulk_line(const std::string& line, const DraftContext& context);

}  // namespace sched::cli
