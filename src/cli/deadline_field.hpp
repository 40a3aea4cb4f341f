#pragma once

#include "cli/draft.hpp"

namespace sched::cli {

/// One value of --deadline: "2h", "tomorrow 09:00", either with "hard:" before it; '' takes both
/// away. A moment is kept in the draft's `moments` until settle_deadlines(). As TaskField::read.
void read_deadline(const DraftContext& context, TaskDraft& draft, const std::string& value);

/// Reads the moments among them, now that the zone is known. Throws for a hard one that has passed,
/// and warns of another.
void settle_deadlines(TaskDraft& draft, time::Instant now);

}  // namespace sched::cli
