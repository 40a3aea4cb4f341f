#pragma once

#include "model/claim.hpp"

#include <sys/types.h>

#include <compare>
#include <optional>
#include <string>

namespace sched::exec {

/// What every process of an attempt carries in its environment, wherever it went: the SCHED_STORE,
/// SCHED_RUN_ID and SCHED_ATTEMPT it was started with.
struct Mark {
  model::RunId run;
  int attempt = 0;
  auto operator<=>(const Mark&) const = default;
};

inline Mark mark_of(const model::Claim& claim) {
  return {claim.run, claim.attempt};
}

/// The mark of a process of this store; empty for one that has none, or wiped it.
std::optional<Mark> read_mark(pid_t pid, const std::string& store);

}  // namespace sched::exec
