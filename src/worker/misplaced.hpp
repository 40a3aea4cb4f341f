#pragma once

#include "store/store.hpp"

#include <string>
#include <vector>

namespace sched::worker {

/// An unfinished run that does not stand where its edges, its task and its turn put it, so that it
/// may wait for ever, or start too early. refresh() puts it right.
struct Misplaced {
  model::RunId run;
  std::string what;
};

/// All of them. Reads every run that is not finished.
std::vector<Misplaced> find_misplaced(store::Store& store);

}  // namespace sched::worker
