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

/// Why no more of a flow is started; "" where nothing is against it.
std::string bound_of_flow(store::Store& store, model::RunId flow) {
  const auto root = store.runs().find(flow);
  const int most = root ? store.tasks().task(root->task).max_fails.of_flow : 0;
  if (most == 0) {
    return "";
  }
  const auto failed = store::failed_of_flow(store.db(), flow);
  return failed.size() < static_cast<std::size_t>(most)
             ? ""
             : fmt::format("max-fails {} of the flow of {} reached: {} failed", most,
                           model::label(flow), names_of(store, failed));
}

/// The same of a tag, with the bound that a task has for it.
std::string bound_of_tag(store::Store& store, const std::string& tag, int most,
                         const std::vector<model::RunId>& dead) {
  return dead.size() < static_cast<std::size_t>(most)
             ? ""
             : fmt::format("max-fails {} of the tag {} reached: {} failed", most, tag,
                           names_of(store, dead));
}

/// The same of a tag, with the bound of the last that failed and has one.
std::string last_bound_of_tag(store::Store& store, const std::string& tag) {
  const auto dead = store::dead_of_tag(store.db(), tag);
  for (auto run = dead.rbegin(); run != dead.rend(); ++run) {
    const model::Task task = store.tasks().task(store.runs().run(*run).task);
    const auto bound = task.max_fails.of_tags.find(tag);
    if (bound != task.max_fails.of_tags.end()) {
      return bound_of_tag(store, tag, bound->second, dead);
    }
  }
  return "";
}

std::vector<model::RunId> skip(store::Store& store, const std::vector<model::RunId>& runs,
                               const std::string& reason, time::Instant now) {
  std::vector<model::RunId> skipped;
  for (const model::RunId run : runs) {
    if (store.runs().finish_unstarted(run, model::Outcome::skipped, reason, now)) {
      skipped.push_back(run);
    }
  }
  const auto below = advance(store, skipped, now);
  skipped.insert(skipped.end(), below.begin(), below.end());
  return skipped;
}

}  // namespace

std::vector<model::RunId> stop_failed_flow(store::Store& store, model::RunId flow,
                                           time::Instant now) {
  const std::string reason = bound_of_flow(store, flow);
  if (reason.empty()) {
    return {};
  }
  store::note_bound_of_flow(store.db(), flow);
  return skip(store, store::unstarted_of_flow(store.db(), flow), reason, now);
}

void hold_tagged(store::Store& store, const model::MaxFails& bounds) {
  for (const auto& [tag, most] : bounds.of_tags) {
    const std::string reason = bound_of_tag(store, tag, most, store::dead_of_tag(store.db(), tag));
    if (!reason.empty()) {
      store::note_bound_of_tag(store.db(), tag);
      store::hold_unstarted_of_tag(store.db(), tag, reason);
    }
  }
}

std::vector<model::RunId> stop_come_back(store::Store& store, const model::Run& run,
                                         time::Instant now) {
  if (!store::has_met_bound(store.db(), run.id)) {
    return {};
  }
  if (const std::string reason = run.flow ? bound_of_flow(store, run.flow) : ""; !reason.empty()) {
    return skip(store, {run.id}, reason, now);
  }
  for (const std::string& tag : store.tasks().task(run.task).tags) {
    if (const std::string reason = last_bound_of_tag(store, tag); !reason.empty()) {
      store.runs().hold(run.id, reason);
      break;
    }
  }
  return {};
}

}  // namespace sched::worker
