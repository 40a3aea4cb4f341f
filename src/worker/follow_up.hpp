#pragma once

#include "model/run.hpp"
#include "model/task.hpp"
#include "store/store.hpp"

#include <map>
#include <string>
#include <vector>

namespace sched::worker {

/// The end of a run that was just written.
struct FinalEnd {
  model::Run run;  ///< As it was before.
  model::Outcome outcome = model::Outcome::succeeded;
  std::string reason;
  bool has_handlers = false;  ///< Of its task.
  bool bounds_tags = false;   ///< --max-fails of its task is for tags.
};

/// What followed.
struct Followed {
  std::vector<model::RunId> skipped;              ///< Runs that will not start any more.
  std::map<model::RunId, model::RunId> in_place;  ///< By failed run, the run of its fallback.
};

/// What is said of a failed run in whose place its fallback runs: "; run-18 of rescue runs in its
/// place".
std::string in_place_text(store::Store& store, model::RunId fallback);

/// Carries ends to all that looks at them: to dependents, as advance() does, or to those of a
/// fallback that now runs in the place of what failed; to the runs of handlers, which are written
/// here; to what a fallback made good; and to flows in which too much has failed. To be called once
/// for all ends of a Transaction, with all of them written.
Followed follow_up(store::Store& store, const std::vector<FinalEnd>& ends, time::Instant now);

/// A run is about to be retried by hand. When what ran in its place did not succeed, what looks at
/// that looks at this run again.
void take_place_back(store::Store& store, const model::Run& run);

}  // namespace sched::worker
