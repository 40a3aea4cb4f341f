#pragma once

#include "base/json.hpp"
#include "cli/keep.hpp"
#include "cli/session.hpp"

#include <optional>
#include <string>

namespace sched::cli {

/// "added nightly (task-3): ready": what became of a draft, and what will happen to it. `run` is
/// the first that it got, as it was then.
std::string line_of(Session& session, const Kept& kept, const std::optional<model::Run>& run);
base::Json json_of(const Kept& kept);

}  // namespace sched::cli
