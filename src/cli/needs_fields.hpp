#pragma once

#include "cli/draft.hpp"

namespace sched::cli {

// What a task must have before it starts; '' takes away what it had. As TaskField::read.

void read_need(const DraftContext& context, TaskDraft& draft, const std::string& value);
void read_or_need(const DraftContext& context, TaskDraft& draft, const std::string& value);
void read_lock(const DraftContext& context, TaskDraft& draft, const std::string& value);

}  // namespace sched::cli
