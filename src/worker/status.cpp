#include "worker/status.hpp"

#include <fmt/format.h>

namespace sched::worker {

std::string status_of(const Worker& worker, const std::string& trouble) {
  if (!trouble.empty()) {
    return "starts nothing: " + trouble;
  }
  return fmt::format("{}{} of {} slots busy", worker.draining() ? "draining, " : "",
                     worker.in_flight(), worker.slots());
}

}  // namespace sched::worker
