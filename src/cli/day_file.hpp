#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace sched::cli {

/// The days of a file of holidays, iCalendar or one date a line, ascending. What it says that is
/// not understood is added to `warnings`. Throws base::Error when it can't be read.
std::vector<std::chrono::local_days> read_day_file(const std::string& path,
                                                   std::vector<std::string>& warnings);

}  // namespace sched::cli
