#pragma once

#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "cli/select.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace sched::cli {

/// Which tasks or runs a command is for: named one by one, or many at once: by filter, by pattern
/// ('nightly-*'), or one a line from stdin (-).
struct ChoiceOptions {
  std::vector<std::string> targets;
  FilterOptions filter;
  bool all = false;
};

enum class ChoiceFilters { states, outcomes, both };

void offer_choice(CLI::App& command, ChoiceOptions& options, const char* type, const char* help,
                  ChoiceFilters filters);

/// Whether many are meant: then each is done where it can be, in transactions of their own. Throws
/// invalid_input when nothing at all is chosen.
bool chooses_many(const ChoiceOptions& options);

/// What is meant stands on stdin, a word a line.
bool is_stdin(const ChoiceOptions& options);

/// 'nightly-*'; no name of a task is one.
bool is_pattern(const std::string& word);

/// Calls `take` with each word on stdin; what it complains of is told with its line, before
/// anything was changed.
void for_each_line(const std::function<void(const std::string&)>& take);

/// Oldest first, and each once.
template <typename Id>
void sort_and_unite(std::vector<Id>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

/// The unfinished runs that are meant, oldest first. Throws not_found for a line of stdin that
/// names none.
std::vector<model::RunId> choose_unfinished(Session& session, const ChoiceOptions& options);
/// The newest run of each task that is meant, where it ended badly; of --outcome, where it is
/// given.
std::vector<model::RunId> choose_failed(Session& session, const ChoiceOptions& options);
/// The tasks that are meant, newest first.
std::vector<model::TaskId> choose_tasks(Session& session, const ChoiceOptions& options);

}  // namespace sched::cli
