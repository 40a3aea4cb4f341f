#pragma once

#include <optional>
#include <string_view>

namespace sched::model {

/// What becomes of runs that those of a queue displace.
enum class Preempt {
  none,     ///< It displaces nobody.
  requeue,  ///< They are ended, and begin anew in their turn.
  suspend,  ///< They stand still, and go on when there is room.
};
const char* to_string(Preempt preempt);
std::optional<Preempt> parse_preempt(std::string_view text);

}  // namespace sched::model
