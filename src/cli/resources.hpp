#pragma once

#include "model/needs.hpp"
#include "store/store.hpp"

namespace sched::cli {

/// Refuses needs of what there is not, or not enough of. `cpu` and `memory` are the machine's own:
/// where nobody has said how much of them there is, that is written down now. Wants a Transaction.
void settle_needs(store::Store& store, const model::Needs& needs, time::Instant now);

}  // namespace sched::cli
