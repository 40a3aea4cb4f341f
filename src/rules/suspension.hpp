#pragma once

#include "model/needs.hpp"

namespace sched::rules {

/// What of its needs a run gives up while it is suspended: its CPUs. The processes still have the
/// rest, memory and locks above all.
model::Needs given_up(const model::Needs& needs);
model::Needs kept_back(model::Needs needs);

}  // namespace sched::rules
