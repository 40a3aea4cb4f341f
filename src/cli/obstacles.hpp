#pragma once

#include "cli/session.hpp"
#include "exec/local.hpp"
#include "render/obstacle_columns.hpp"
#include "rules/explain.hpp"

#include <optional>
#include <vector>

namespace sched::cli {

/// The workers that live, and their slots.
struct Workforce {
  std::vector<exec::WorkerInfo> workers;
  int slots = 0;
};
Workforce workforce(Session& session);

/// Gathers all that rules::explain() looks at, for a run or for a task without one.
rules::ExplainFacts explain_facts(Session& session, const model::Task& task,
                                  const std::optional<model::Run>& run);

std::vector<render::ObstacleLine> lines_of(const std::vector<rules::Obstacle>& obstacles);

}  // namespace sched::cli
