#pragma once

#include <optional>
#include <string_view>

namespace sched::model {

/// Whom a worker ends when its machine lacks memory for long.
enum class Shed {
  never,        ///< Nobody.
  preemptible,  ///< Runs of tasks that are preemptible.
  any,          ///< Others too, when there is none of those.
};
const char* to_string(Shed shed);
std::optional<Shed> parse_shed(std::string_view text);

}  // namespace sched::model
