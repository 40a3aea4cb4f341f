#pragma once

#include "store/database.hpp"

namespace sched::store {

/// Whether all that is queued stands in the one line of the default queue, and nothing bounds that:
/// then the first of it goes next, and nothing else need be asked. So it is in most stores.
bool has_one_line(Database& db);

}  // namespace sched::store
