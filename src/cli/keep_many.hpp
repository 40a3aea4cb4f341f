#pragma once

#include "cli/list_checks.hpp"
#include "cli/session.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace sched::cli {

/// Lists up to here are kept in one transaction, all or none; longer ones would keep others from
/// writing for too long.
constexpr std::size_t k_longest_whole = 1000;

struct ManyKept {
  std::vector<Kept> kept;  ///< As the drafts stand, without those that were not reached.
  std::vector<std::string> warnings;
  bool interrupted = false;
};

/// Keeps a list in the order of order_in_parts(), with a bar, in transactions of some ms. What was
/// kept stays when a person interrupts it or the store refuses. Drafts are made while others can
/// write.
ManyKept keep_many(Session& session, const DraftList& drafts, const std::vector<std::size_t>& order,
                   IfExists if_exists);

}  // namespace sched::cli
