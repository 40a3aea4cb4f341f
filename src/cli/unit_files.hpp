#pragma once

#include "exchange/unit_file.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sched::cli {

/// Where systemd looks for units of the system, the first that has one wins.
std::vector<std::filesystem::path> unit_directories(const std::filesystem::path& root);

/// The first file of that unit in these directories, of its template if it is an instance; empty
/// when there is none.
std::filesystem::path find_unit(const std::vector<std::filesystem::path>& directories,
                                const std::string& unit);

/// The unit's file and the drop-ins (`UNIT.d/*.conf`) of all these directories in the order in
/// which systemd reads them.
std::vector<exchange::UnitText> read_unit(const std::vector<std::filesystem::path>& directories,
                                          const std::string& unit,
                                          const std::filesystem::path& file);

}  // namespace sched::cli
