#pragma once

#include "exec/log_files.hpp"
#include "store/store.hpp"

#include <vector>

namespace sched::cli {

/// Those of `files` whose attempt the store does not know. List the files before you ask: an
/// attempt is in the store before it has a log.
std::vector<exec::LogFile> stray_logs(store::Store& store, std::vector<exec::LogFile> files);

}  // namespace sched::cli
