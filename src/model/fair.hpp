#pragma once

#include "time/instant.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sched::model {

/// How a queue with the key `fair` tells its shares apart, and what each is due.
struct FairShares {
  enum class By {
    user,  ///< Who added the task.
    tag,   ///< A tag of the task.
  };
  By by = By::user;
  time::Duration half_life = std::chrono::hours(24);  ///< After that long, use counts half.
  std::map<std::string, int> weights;                 ///< 1 to 1000; of others 1.
  bool operator==(const FairShares&) const = default;

  int weight_of(const std::string& share) const {
    const auto found = weights.find(share);
    return found == weights.end() ? 1 : found->second;
  }
};

const char* to_string(FairShares::By by);
std::optional<FairShares::By> parse_share_by(std::string_view text);

/// What a share has had of the slots of its queue, as of some moment.
struct ShareUse {
  time::Duration used{};
  time::Instant as_of{};
};

}  // namespace sched::model
