#pragma once

#include "exec/executor.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sched::exec {

/// What worker and launcher say to each other, one frame each.
///
/// A worker that attaches says Hello and is answered with a Tally; from then on it hands over
/// Launches and hears an Ended for each. Ends that were told count as heard only when Forget names
/// them: until then every Tally repeats them. Strays are told when they are found, and again after
/// each Tally.

/// Worker: here I am, say what you have.
struct Hello {};
struct Cancel {
  model::Claim claim;
  model::Ending::Cause cause = model::Ending::Cause::cancelled;
};
/// Worker: stop all of it, or have it go on.
struct Halt {
  model::Claim claim;
  bool still = true;
};
struct Forget {
  std::vector<model::Claim> claims;
};
/// Worker: so many at a time from now on; these slots are of attempts of other launchers.
struct Room {
  int width = 1;
  std::vector<int> taken;
  bool operator==(const Room&) const = default;
};
/// Worker: end as soon as no attempt is left.
struct Close {};
/// Launcher: all that runs or waits for a slot, and all ends that were not forgotten.
struct Tally {
  std::vector<model::Claim> running;
  std::vector<Ended> ended;
  std::vector<int> slots = {};  ///< Of those that run, in their order; 0 of what waits.
};

using Message = std::variant<Hello, Launch, Cancel, Forget, Close, Tally, Ended, Stray, Room, Halt>;

/// The bytes of one frame, without its length.
std::string encode(const Message& message);
/// Empty for bytes that no encode() made.
std::optional<Message> decode(std::string_view frame);

}  // namespace sched::exec
