#pragma once

#include "base/error.hpp"

#include <string>

namespace sched::store {

/// The process that holds the write lock of a database file; 0 when nobody does. The file need not
/// be open, and is not opened for it.
int write_lock_holder(const std::string& file);

/// What to tell who did not get the write lock: who has it, and whether that one is stopped.
base::Error busy_error(const std::string& file);

}  // namespace sched::store
