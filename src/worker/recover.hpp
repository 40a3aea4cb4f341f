#pragma once

#include "exec/local.hpp"
#include "store/store.hpp"

#include <string>
#include <vector>

namespace sched::worker {

/// What became of attempts that other workers claimed.
struct Recovered {
  std::vector<exec::Ended> ends;      ///< To be settled as if they had just come.
  std::vector<model::Claim> settled;  ///< A living launcher tells their ends, and the store has
                                      ///< them: their worker died before it could say so.
  std::vector<model::Claim> over;     ///< The same of a dead one: nothing more will be heard.
  std::vector<model::Claim> adopted;  ///< They go on under a launcher that this worker has now.
  std::vector<model::Claim> unknown;  ///< They go on there, and are no open attempts of the store,
                                      ///< which was replaced by an older one.
};

/// Compares what launchers that were taken over know with what the store says of them: an end is
/// settled; running under a living launcher is adopted, under a dead one lost; what a launcher
/// never heard of never began. Reads only.
Recovered recover(store::Store& store, const std::vector<exec::Roster>& rosters,
                  const std::string& boot_id);

/// The open attempts of launchers of which no directory is left: nobody can know how they ended.
std::vector<exec::Ended> lost_without_trace(store::Store& store);

/// The attempts that were open when the backup was made from which this store was restored.
std::vector<exec::Ended> lost_by_restore(store::Store& store);

}  // namespace sched::worker
