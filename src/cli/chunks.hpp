#pragma once

#include "cli/session.hpp"

#include <cstddef>
#include <functional>
#include <string>

namespace sched::cli {

/// How much of a long piece of work was done.
struct ChunksDone {
  std::int64_t done = 0;     ///< For so many `step` said that it did something.
  bool interrupted = false;  ///< By Ctrl-C: the rest is as it was.
};

/// Calls `step` for 0 to `count` - 1 in transactions that each end after some ms, and let others
/// write between them. On a terminal a bar on stderr shows how far it is. After each commit
/// `committed` is called. Ctrl-C is heard between two transactions.
///
/// When the store refuses, what was done before is told before the error goes on.
ChunksDone in_chunks(Session& session, const std::string& doing, std::size_t count,
                     const std::function<bool(std::size_t)>& step,
                     const std::function<void()>& committed = {});

/// Prints "cancelled 34,000 of 100,000 runs", and what follows from an interruption; the exit code.
int report_chunks(Session& session, const std::string& done, const ChunksDone& work,
                  std::size_t count, const std::string& noun);

}  // namespace sched::cli
