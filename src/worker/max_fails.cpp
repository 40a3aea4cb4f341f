#include "worker/max_fails.hpp"

#include "base/text.hpp"
#include "store/flow.hpp"
#include "store/tagged.hpp"
#include "worker/advance.hpp"

#include <fmt/format.h>

#include <string>

namespace sched::worker {
namespace {

constexpr std::size_t k_names_told = 5;

/// "a, b, 17 more"
std::string names_of(store::Store& store, const std::vector<model::RunId>& runs) {
  std::vector<std::string> names;
  for (const model::RunId run : runs) {
    if (names.size() == k_names_told) {
      names.push_back(fmt::format("{} more", runs.size() - names.size()));
      break;
    }
    names.push_back(store.tasks().label(store.runs().run(run).task));
  }
  return base::join(names, ", ");
}

}  // namespace

std::vector<model::RunId> stop_failed_flow(store::Store& store, model::RunId flow,
                                           time::Instant now) {
  const auto root = store.runs().find(flow);
  const int most = root ? store.tasks().task(root->task).max_fails.of_flow : 0;
  if (most == 0) {
    return {};
  }
  const auto failed = store::failed_of_flow(store.db(), flow);
  if (failed.size() < static_cast<std::size_t>(most)) {
    return {};
  }
  const std::string reason = fmt::format("max-fails {} of the flow of {} reached: {} failed", most,
                                         model::label(flow), names_of(store, failed));
  std::vector<model::RunId> stopped;
  for (const model::RunId run : store::unstarted_of_flow(store.db(), flow)) {
    if (store.runs().finish_unstarted(run, model::Outcome::skipped, reason, now)) {
      stopped.push_back(run);
    }
  }
  const auto below = advance(store, stopped, now);
  stopped.insert(stopped.end(), below.begin(), below.end());
  return stopped;
}

void hold_tagged(store::Store& store, const model::MaxFails& bounds) {
  for (const auto& [tag, most] : bounds.of_tags) {
    const auto dead = store::dead_of_tag(store.db(), tag);
    if (dead.size() >= static_cast<std::size_t>(most)) {
      store::hold_unstarted_of_tag(store.db(), tag,
                                   fmt::format("max-fails {} of the tag {} reached: {} failed",
                                               most, tag, names_of(store, dead)));
    }
  }
}

}  // namespace sched::worker
