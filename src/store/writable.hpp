#pragma once

#include "store/database.hpp"

namespace sched::store {

/// Refuses (ErrorKind::store) a connection that can only read. Besides a file or a mount that is
/// read-only, that is what SQLite makes, for good, of a moment without a free descriptor while it
/// opened its files: only to be mended by opening anew. A store that is busy is let pass.
void require_writable(Database& db);

}  // namespace sched::store
