#pragma once

#include "cli/session.hpp"
#include "model/run.hpp"
#include "model/task.hpp"
#include "rules/forecast.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sched::cli {

/// What rules::forecast() asks of a run that has deadlines; empty for one without, or that is over.
std::optional<rules::ForecastFacts> forecast_facts(Session& session, const model::Task& task,
                                                   const model::Run& run);

/// A line for each deadline of a task that was just written: whether its run, or else its next
/// firing, can meet it. Nothing is read for a task without.
std::vector<std::string> deadline_outlook(Session& session, model::TaskId id);

}  // namespace sched::cli
