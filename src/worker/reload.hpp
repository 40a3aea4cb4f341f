#pragma once

#include "base/error.hpp"
#include "exec/handover.hpp"

#include <filesystem>
#include <functional>

namespace sched::worker {

/// Where one program in this process tells the next what it hands over.
inline constexpr const char* k_handover = "SCHED_HANDOVER";

/// Executes the program that stands where ours was started from in this very process, with the same
/// arguments. It is first asked for its --version, so that one which is missing, cut off or lacks a
/// library costs nothing. `hand_over` is called right before, and names the locks that stay. Comes
/// back only when it can't be: all is as before, and the error says why.
base::Error reload(const std::filesystem::path& store,
                   const std::function<exec::Held()>& hand_over);

}  // namespace sched::worker
