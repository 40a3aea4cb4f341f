#pragma once

#include "model/ids.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <optional>
#include <unordered_map>

namespace sched::store {

/// A run that may start.
struct QueuedRun {
  model::RunId id;
  std::int64_t rank = 0;
};

/// Who is first in which lane, as it was read: of a million that wait the few that may come next,
/// which lie all over the file. It holds from one Transaction to the next. Whatever changes runs
/// makes all of it forgotten, but for what is done in keep().
class LaneHeads {
 public:
  explicit LaneHeads(Database& db) : db_(db) {}

  /// What is known of the lane: nullptr: nothing. Else good until the next call.
  const std::optional<QueuedRun>* find(model::LaneId lane);
  void remember(model::LaneId lane, const std::optional<QueuedRun>& head);

  /// Does a change after which all lanes have the same first, but for those that are forgotten.
  template <typename Change>
  auto keep(const Change& change) {
    const bool is_known = is_current();
    auto result = change();
    if (is_known) {
      version_ = db_.version(Watched::runs);
    }
    return result;
  }
  /// Another run came to the lane.
  void forget(model::LaneId lane);
  /// The run left its lane.
  void forget_first(model::RunId run);

 private:
  bool is_current() const;

  Database& db_;
  std::unordered_map<std::int64_t, std::optional<QueuedRun>> heads_;  ///< By lane.
  std::unordered_map<std::int64_t, model::LaneId> lanes_;             ///< By the run that is first.
  std::uint64_t version_ = 0;
};

}  // namespace sched::store
