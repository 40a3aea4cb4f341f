#pragma once

#include "model/ids.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sched::exec {

enum class Stream { out, err };

/// The files of one stream of one attempt, in the order in which they are to be read: the head, and
/// where the cap was passed one or two pieces of the tail. Those that exist; an attempt that said
/// nothing has none. `out` is also where merged output goes.
struct LogPieces {
  std::vector<std::filesystem::path> head;  ///< None or one.
  std::vector<std::filesystem::path> tail;
};
LogPieces log_pieces(const std::filesystem::path& logs, model::RunId run, int attempt,
                     Stream stream);

/// Removes all files of all attempts of a run.
void remove_logs(const std::filesystem::path& logs, model::RunId run, int attempts);

}  // namespace sched::exec
