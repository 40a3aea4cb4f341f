#pragma once

#include "model/ids.hpp"

#include <compare>
#include <cstdint>

namespace sched::model {

/// Whose attempt, under which token. Every word about an attempt carries its claim, and changes
/// something only while the store still has the same one: a stale word changes nothing.
struct Claim {
  RunId run;
  int attempt = 0;         ///< 1 is the first.
  std::int64_t token = 0;  ///< Drawn at random when the run was claimed; positive.
  auto operator<=>(const Claim&) const = default;
};

}  // namespace sched::model
