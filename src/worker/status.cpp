#include "worker/status.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::worker {

std::string status_of(const Worker& worker, const std::string& trouble) {
  if (!trouble.empty()) {
    return "starts nothing: " + trouble;
  }
  const auto slots = static_cast<std::size_t>(worker.slots());  // Beyond them some wait for one.
  return fmt::format("{}{} of {} slots busy", worker.draining() ? "draining, " : "",
                     std::min<std::size_t>(worker.in_flight(), slots), slots);
}

}  // namespace sched::worker
