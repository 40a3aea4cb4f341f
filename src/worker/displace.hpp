#pragma once

#include "rules/choose.hpp"
#include "store/store.hpp"

#include <map>
#include <set>
#include <vector>

namespace sched::worker {

/// Who may have to give way to a run of this priority, least work first, and who that is in the
/// store.
struct Candidates {
  std::vector<rules::Victim> victims;
  std::vector<store::Occupant> occupants;
};
Candidates candidates_for(store::Store& store, int priority,
                          const std::map<model::RunId, store::Occupant>& in_progress,
                          const std::set<model::Claim>& ours);

/// Queued runs for which others are being ended.
std::vector<rules::Favoured> favoured(store::Store& store);

}  // namespace sched::worker
