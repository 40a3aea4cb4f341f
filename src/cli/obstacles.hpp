#pragma once

#include "cli/session.hpp"
#include "exec/presence.hpp"
#include "render/obstacle_columns.hpp"
#include "render/status_page.hpp"
#include "rules/explain.hpp"

#include <optional>
#include <vector>

namespace sched::cli {

/// The workers that live, and what of them starts runs.
struct Workforce {
  std::vector<exec::WorkerInfo> workers;
  int starting = 0;  ///< Neither drain nor end.
  int slots = 0;     ///< Of those that work.
};
Workforce workforce(Session& session);

/// With how many runs each carries out.
std::vector<render::WorkerLine> lines_of(store::Store& store,
                                         const std::vector<exec::WorkerInfo>& workers);

/// Gathers all that rules::explain() looks at, for a run or for a task without one.
rules::ExplainFacts explain_facts(Session& session, const model::Task& task,
                                  const std::optional<model::Run>& run);

std::vector<render::ObstacleLine> lines_of(const std::vector<rules::Obstacle>& obstacles);

}  // namespace sched::cli
