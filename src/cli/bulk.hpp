#pragma once

#include "cli/keep.hpp"

#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::cli {

constexpr std::size_t k_longest_line = 2U << 20U;

/// The lines of a bulk file, without empty ones. They stay as they are: the drafts of a million
/// would take gigabytes.
class BulkLines {
 public:
  explicit BulkLines(std::istream& input);

  std::size_t size() const { return lines_.size(); }
  std::size_t number(std::size_t place) const { return lines_[place].number; }  ///< From 1.
  std::string_view text(std::size_t place) const;

 private:
  struct Line {
    std::size_t number;
    std::size_t begin;
    std::size_t bytes;
  };
  std::string all_;
  std::vector<Line> lines_;
};

/// Makes drafts of lines, one task each: JSON objects. Keys are the long options without their
/// dashes, and `name` and `command` (an array); repeatable ones take an array or one value, `env`
/// also an object, flags true or false.
class BulkReader {
 public:
  /// `umask` is kept with each task.
  BulkReader(const DraftContext& context, int umask) : context_(context), umask_(umask) {}

  /// Throws base::Error. What was read before need not be looked at so closely again.
  TaskDraft read(std::string_view line, bool looked_at = false);
  /// All of them; for lines that can't be taken an error, and no draft.
  std::vector<TaskDraft> read_all(const BulkLines& lines, std::vector<DraftError>& errors);

 private:
  const DraftContext& context_;
  int umask_;
  // Most lines capture the same: what the last one did.
  std::optional<security::Capture> capture_;
  security::Environment captured_;
};

/// Reads one line into a draft, without its surroundings. Throws base::Error.
TaskDraft read_bulk_line(std::string_view line, const DraftContext& context,
                         bool looked_at = false);

}  // namespace sched::cli
