#include "store/lanes.hpp"

#include "model/queue.hpp"

namespace sched::store {

model::Lane Lanes::read(Query& query) {
  return {model::LaneId(query.integer(0)), model::QueueId(query.integer(1)),
          needs_.of(query.text(2), model::read_needs), query.text(3), query.text(4)};
}

std::vector<model::Lane> Lanes::read_all(Query& query) {
  std::vector<model::Lane> found;
  while (query.step()) {
    found.push_back(read(query));
  }
  return found;
}

std::vector<model::Lane> Lanes::all() {
  Query query(db_, "SELECT id, queue_id, needs, share, guards FROM lanes");
  return read_all(query);
}

std::vector<model::Lane> Lanes::of_queue(model::QueueId queue) {
  constexpr std::size_t k_most_remembered = 1U << 14U;
  const std::uint64_t version = db_.version(Watched::lanes);
  if (version != remembered_version_ || lanes_remembered_ > k_most_remembered) {
    of_queues_.clear();
    lanes_remembered_ = 0;
    remembered_version_ = version;
  }
  if (const auto known = of_queues_.find(queue); version != 0 && known != of_queues_.end()) {
    return known->second;
  }
  Query query(db_, "SELECT id, queue_id, needs, share, guards FROM lanes WHERE queue_id = :queue");
  query.bind(":queue", queue.value);
  auto found = read_all(query);
  if (version != 0) {
    lanes_remembered_ += found.size();
    of_queues_.emplace(queue, found);
  }
  return found;
}

std::vector<model::LaneLoad> Lanes::loads(time::Instant now) {
  // Through runs_running, which has no more rows than there are slots.
  Query query(db_,
              "SELECT l.id, l.queue_id, l.needs, l.share, l.guards, r.choice, count(*),"
              " sum(max(0, coalesce(r.suspended_at_ms, :now) - r.started_at_ms - r.stood_ms)),"
              " r.suspended_at_ms IS NOT NULL AS still FROM runs AS r INDEXED BY runs_running"
              " CROSS JOIN lanes AS l ON l.id = r.lane_id WHERE r.state = 'running' GROUP BY "
              "r.lane_id, r.choice, still");
  query.bind(":now", now);
  std::vector<model::LaneLoad> found;
  while (query.step()) {
    found.push_back({read(query), static_cast<int>(query.integer(5)), query.integer(6),
                     time::Duration(query.integer(7)), query.integer(8) != 0});
  }
  return found;
}

std::vector<LaneRunner> Lanes::runners(const model::LaneLoad& load) {
  Query query(db_,
              "SELECT task_id, started_at_ms + stood_ms FROM runs WHERE state = 'running'"
              " AND lane_id = :lane AND choice = :choice"
              " AND (suspended_at_ms IS NOT NULL) = :still");
  query.bind(":lane", load.lane.id.value).bind(":choice", load.choice);
  query.bind(":still", load.suspended ? 1 : 0);
  std::vector<LaneRunner> found;
  while (query.step()) {
    found.push_back({model::TaskId(query.integer(0)), query.instant(1)});
  }
  return found;
}

std::map<std::string, model::ShareUse> Lanes::uses_of(model::QueueId queue) {
  Query query(db_, "SELECT share, used_ms, as_of_ms FROM shares WHERE queue_id = :queue");
  query.bind(":queue", queue.value);
  std::map<std::string, model::ShareUse> found;
  while (query.step()) {
    found[query.text(0)] = {time::Duration(query.integer(1)), query.instant(2)};
  }
  return found;
}

void Lanes::set_use(model::QueueId queue, const std::string& share, const model::ShareUse& use) {
  Query(db_,
        "INSERT INTO shares (queue_id, share, used_ms, as_of_ms)"
        " VALUES (:queue, :share, :used, :as_of)"
        " ON CONFLICT DO UPDATE SET used_ms = excluded.used_ms, as_of_ms = excluded.as_of_ms")
      .bind(":queue", queue.value)
      .bind(":share", share)
      .bind(":used", use.used.count())
      .bind(":as_of", use.as_of)
      .run();
}

model::LaneId Lanes::with(model::QueueId queue, const std::string& needs, const std::string& share,
                          const std::string& guards) {
  if (queue == model::k_default_queue && needs.empty() && share.empty() && guards.empty()) {
    return model::k_default_lane;
  }
  {
    Query query(db_,
                "SELECT id FROM lanes WHERE queue_id = :queue AND needs = :needs"
                " AND share = :share AND guards = :guards");
    query.bind(":queue", queue.value).bind(":needs", needs);
    if (query.bind(":share", share).bind(":guards", guards).step()) {
      return model::LaneId(query.integer(0));
    }
  }
  Query(db_,
        "INSERT INTO lanes (queue_id, needs, share, guards)"
        " VALUES (:queue, :needs, :share, :guards)")
      .bind(":queue", queue.value)
      .bind(":needs", needs)
      .bind(":share", share)
      .bind(":guards", guards)
      .run();
  return model::LaneId(db_.last_insert_id());
}

std::int64_t Lanes::queued_in(model::LaneId lane) {
  Query query(db_, "SELECT count(*) FROM runs WHERE state = 'queued' AND lane_id = :lane");
  return query.bind(":lane", lane.value).step() ? query.integer(0) : 0;
}

void Lanes::remove_empty() {
  Query(db_,
        "DELETE FROM lanes WHERE (needs <> '' OR share <> '' OR guards <> '') AND NOT EXISTS "
        "(SELECT 1 FROM runs"
        " WHERE state = 'queued' AND lane_id = lanes.id) AND NOT EXISTS (SELECT 1 FROM runs"
        " WHERE state = 'running' AND lane_id = lanes.id)")
      .run();
}

std::optional<model::LaneLoad> Lanes::of_run(model::RunId run) {
  Query query(db_,
              "SELECT l.id, l.queue_id, l.needs, l.share, l.guards, r.choice FROM runs AS r"
              " JOIN lanes AS l ON l.id = r.lane_id WHERE r.id = :run");
  if (!query.bind(":run", run.value).step()) {
    return std::nullopt;
  }
  return model::LaneLoad{read(query), static_cast<int>(query.integer(5)), 1, {}, false};
}

}  // namespace sched::store
