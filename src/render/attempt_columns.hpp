#pragma once

#include "model/run.hpp"
#include "render/column.hpp"

#include <vector>

namespace sched::render {

const std::vector<Column<model::Attempt>>& attempt_columns();

}  // namespace sched::render
