#pragma once

#include "worker/worker.hpp"

#include <string>

namespace sched::worker {

/// What a worker does just now, for the service manager, in one line. `trouble` is why it starts
/// nothing; "" when there is no reason.
std::string status_of(const Worker& worker, const std::string& trouble);

}  // namespace sched::worker
