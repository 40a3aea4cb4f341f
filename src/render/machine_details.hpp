#pragma once

#include "render/details.hpp"
#include "render/task_page.hpp"

#include <vector>

namespace sched::render {

/// How a task stands to the machine, for eyes.
std::vector<Detail> machine_details(const model::Task& task);

/// The same for programs.
std::vector<Column<TaskPage>> machine_columns();

}  // namespace sched::render
