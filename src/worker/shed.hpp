#pragma once

#include "model/claim.hpp"
#include "model/shed.hpp"
#include "store/store.hpp"

#include <optional>
#include <set>
#include <string>

namespace sched::worker {

/// What was done for want of memory.
struct ShedRun {
  bool is_ending = false;           ///< One of ours was being ended already, and is waited for.
  std::optional<model::RunId> run;  ///< Else who gives way now; empty: nobody may.
};

/// Marks the least important run of this worker as giving way, in a transaction of its own; its
/// next pass ends it as it ends those that are displaced.
ShedRun shed_one(store::Store& store, const std::set<model::Claim>& ours, model::Shed whom,
                 const std::string& reason, time::Instant now);

}  // namespace sched::worker
