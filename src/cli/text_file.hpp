#pragma once

#include <string>

namespace sched::cli {

/// The whole of a text file of at most 64 MiB; "-" is standard input. Throws invalid_input when it
/// can't be read.
std::string read_text_file(const std::string& path);

}  // namespace sched::cli
