#include "store/lane_heads.hpp"

#include "store/runs.hpp"

namespace sched::store {

bool LaneHeads::is_current() const {
  const std::uint64_t version = db_.version(Watched::runs);
  return version != 0 && version == version_;
}

const std::optional<QueuedRun>* LaneHeads::find(model::LaneId lane) {
  if (!is_current()) {
    return nullptr;
  }
  const auto found = heads_.find(lane.value);
  return found == heads_.end() ? nullptr : &found->second;
}

void LaneHeads::remember(model::LaneId lane, const std::optional<QueuedRun>& head) {
  constexpr std::size_t k_most = 1U << 16U;
  const std::uint64_t version = db_.version(Watched::runs);
  if (version == 0) {
    return;
  }
  if (version != version_ || heads_.size() >= k_most) {
    heads_.clear();
    lanes_.clear();
    version_ = version;
  }
  heads_[lane.value] = head;
  if (head) {
    lanes_[head->id.value] = lane;
  }
}

void LaneHeads::forget(model::LaneId lane) {
  if (const auto found = heads_.find(lane.value); found != heads_.end()) {
    if (found->second) {
      lanes_.erase(found->second->id.value);
    }
    heads_.erase(found);
  }
}

void LaneHeads::forget_first(model::RunId run) {
  if (const auto found = lanes_.find(run.value); found != lanes_.end()) {
    heads_.erase(found->second.value);
    lanes_.erase(found);
  }
}

std::vector<QueuedRun> Runs::queued(model::LaneId lane, int limit) {
  if (const auto* const known = limit == 1 ? heads_.find(lane) : nullptr) {
    return *known ? std::vector<QueuedRun>{**known} : std::vector<QueuedRun>();
  }
  // From runs_queued alone: the rows themselves lie all over the file.
  Query query(db_,
              "SELECT id, rank FROM runs WHERE state = 'queued' AND lane_id = :lane"
              " ORDER BY rank, id LIMIT :limit");
  query.bind(":lane", lane.value).bind(":limit", limit);
  std::vector<QueuedRun> found;
  while (query.step()) {
    found.push_back({model::RunId(query.integer(0)), query.integer(1)});
  }
  if (limit != 0) {
    heads_.remember(lane, found.empty() ? std::nullopt : std::optional(found.front()));
  }
  return found;
}

}  // namespace sched::store
