#pragma once

#include "base/json.hpp"
#include "cli/deadline_outlook.hpp"
#include "cli/keep.hpp"
#include "cli/session.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::cli {

/// "added nightly (task-3): ready": what became of a draft, and what will happen to it. `run` is
/// the first that it got, as it was then.
std::string line_of(Session& session, const Kept& kept, const std::optional<model::Run>& run);
base::Json json_of(const Kept& kept, DeadlineOutlook& outlook);
/// Says on stderr how the deadlines of a single task look; of a list of them only for those that
/// can't meet one, and in full only for the first.
void note_deadlines(Session& session, const Kept& kept);
void note_deadlines(Session& session, const std::vector<Kept>& list);

}  // namespace sched::cli
