#pragma once

#include "cli/choice.hpp"
#include "render/dead_columns.hpp"

#include <string>
#include <vector>

namespace sched::cli {

/// What a run that ended badly has to say; reads the end of its log.
render::DeadLine dead_line(Session& session, store::RunRow row);

/// The run that is meant, whether somebody saw to it or not: the run itself, or the newest dead
/// letter of the task. Throws not_found, and invalid_input for a run that did not end badly.
store::RunRow select_ended_badly(Session& session, const std::string& word);

/// Dead letters that pass; words are names or patterns of tasks. `since` is empty or a duration.
store::ListFilter dead_filter(Session& session, const ChoiceOptions& options,
                              const std::string& since);

/// The dead letters that are meant, oldest first: runs that are named, all of tasks that are named,
/// and those that pass the filters. Throws not_found for a task that has none, and invalid_input
/// for a run that is none.
std::vector<model::RunId> choose_dead(Session& session, const ChoiceOptions& options,
                                      const std::string& since);

}  // namespace sched::cli
