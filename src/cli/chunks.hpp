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

/// What a step of long work came to.
struct StepDone {
  std::size_t next = 0;   ///< Where the next one begins.
  std::int64_t done = 0;  ///< How much it did.
};

/// Calls `step` for 0 to `count` - 1 in transactions that each end after some ms, and let others
/// write between them; `committed` is called after each, while they can. On a terminal a bar on
/// stderr shows how far it is. Ctrl-C is heard between two transactions.
///
/// When the store refuses, what was done before is told before the error goes on.
ChunksDone in_chunks(Session& session, const std::string& doing, std::size_t count,
                     const std::function<bool(std::size_t)>& step,
                     const std::function<void()>& committed = {});
/// The same with steps that each deal with several, from where they are told to begin.
ChunksDone in_chunks_of_many(Session& session, const std::string& doing, std::size_t count,
                             const std::function<StepDone(std::size_t)>& step,
                             const std::function<void()>& committed);

/// Prints "cancelled 34,000 of 100,000 runs", and what follows from an interruption; the exit code.
int report_chunks(Session& session, const std::string& done, const ChunksDone& work,
                  std::size_t count, const std::string& noun);

}  // namespace sched::cli
