#pragma once

#include <sqlite3.h>

namespace sched::simulation {

/// Puts the methods that work on MemoryFiles::instance() in the place of those that ask the
/// machine; those for time stay.
void set_methods(sqlite3_vfs& vfs);

}  // namespace sched::simulation
