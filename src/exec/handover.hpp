#pragma once

#include "os/fd.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace sched::exec {

/// What a worker that executes itself anew hands over to what it becomes: the locks by which it is
/// known to live, as descriptors that stay open. Nobody sees it without them for a moment, so
/// nobody takes anything over; the connections to launchers are made anew, as after the death of a
/// worker. Files of the store that are locked, by their paths:
using Held = std::map<std::filesystem::path, int>;
using Handed = std::map<std::filesystem::path, os::UniqueFd>;

/// The descriptors as text for the environment: "PID:5=launchers/12/worker,7=workers/123".
std::string encode_handover(const Held& held, const std::filesystem::path& store);

/// The locks that such a text names, closed on exec again. Nothing that was meant for another
/// process, and no descriptor that is not a lock on the file that it is said to be.
Handed take_handover(const std::string& text, const std::filesystem::path& store);

}  // namespace sched::exec
