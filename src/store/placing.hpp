#pragma once

#include "model/dependency.hpp"
#include "store/runs.hpp"

#include <optional>
#include <string>

namespace sched::store {

/// A run, with all that says whether it may go: thousands may be asked for at once.
struct Placing {
  Comer comer;
  model::RunState state = model::RunState::waiting;
  model::EdgeCounts edges;
  model::Join join;     ///< Of its task.
  bool paused = false;  ///< Its task.
  bool in_turn = false;
  int attempts = 0;
  std::optional<time::Instant> due_at;
  std::string reason;
};

std::optional<Placing> find_placing(Database& db, model::RunId run);

}  // namespace sched::store
