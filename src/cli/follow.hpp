#pragma once

#include "cli/select.hpp"
#include "cli/session.hpp"
#include "exec/output_log.hpp"

#include <cstdint>
#include <optional>

namespace sched::cli {

/// Which output, and how much of what is there already.
struct FollowOptions {
  Target target;                     ///< Of a task: its newest run, or the first that comes.
  std::optional<int> attempt;        ///< Only this one; else from the last one on.
  std::optional<std::int64_t> tail;  ///< Only so many lines of what is there already.
  exec::Stream stream = exec::Stream::out;
};

/// Passes output on as it comes, over all further attempts, until the run (or the wanted attempt)
/// has ended, the reader is gone (0) or a person stops it (130).
int follow(Session& session, const FollowOptions& options);

}  // namespace sched::cli
