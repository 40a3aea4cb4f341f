#include "store/queues.hpp"

#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::store {
namespace {

#define SCHED_QUEUE_COLUMNS                                                                   \
  "SELECT id, name, state, slots, weight, policy, ageing_ms, defaults, turn_begin, turn_end," \
  " created_at_ms, guaranteed, fair, eager_backfill, slice_ms, preempt FROM queues"

std::string fair_text(const model::FairShares& fair) {
  if (fair == model::FairShares{}) {
    return {};
  }
  return base::to_text(base::Json{{"by", model::to_string(fair.by)},
                                  {"half_life_ms", fair.half_life.count()},
                                  {"weights", fair.weights}});
}

model::FairShares read_fair(const std::string& text) {
  const base::Json json = base::Json::parse(text);
  return {model::parse_share_by(json.at("by").get<std::string>()).value(),
          time::Duration(json.at("half_life_ms").get<std::int64_t>()),
          json.at("weights").get<std::map<std::string, int>>()};
}

void bind_fields(Query& query, const model::Queue& queue) {
  base::Json defaults = base::Json::array();
  for (const auto& [field, value] : queue.defaults) {
    defaults.push_back(base::Json::array({field, value}));
  }
  query.bind(":name", queue.name)
      .bind(":state", model::to_string(queue.state))
      .bind(":slots", queue.slots)
      .bind(":weight", queue.weight)
      .bind(":guaranteed", queue.guaranteed)
      .bind(":policy", model::to_string(queue.policy))
      .bind_or_null(":fair", fair_text(queue.fair))
      .bind(":eager", queue.eager_backfill ? 1 : 0)
      .bind(":slice", queue.slice.count())
      .bind(":preempt", model::to_string(queue.preempt))
      .bind(":defaults", base::to_text(defaults));
  if (queue.ageing) {
    query.bind(":ageing", queue.ageing->count());
  } else {
    query.bind_null(":ageing");
  }
}

}  // namespace

model::Queue Queues::read(Query& query) {
  model::Queue queue;
  queue.id = model::QueueId(query.integer(0));
  queue.name = query.text(1);
  queue.state = model::parse_queue_state(query.text(2)).value_or(model::QueueState::open);
  queue.slots = static_cast<int>(query.integer(3));
  queue.weight = static_cast<int>(query.integer(4));
  queue.policy = policies_.of(query.text(5), [](const std::string& text) {
    return model::parse_queue_policy(text).value();
  });
  queue.ageing.reset();
  if (const auto ageing = query.find_integer(6)) {
    queue.ageing = time::Duration(*ageing);
  }
  if (const std::string defaults = query.text(7); defaults != "[]") {
    for (const base::Json& pair : base::Json::parse(defaults)) {
      queue.defaults.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
    }
  }
  queue.turn = {query.integer(8), query.integer(9)};
  queue.created_at = query.instant(10);
  queue.guaranteed = static_cast<int>(query.integer(11));
  if (!query.is_null(12)) {
    queue.fair = fairs_.of(query.text(12), read_fair);
  }
  queue.eager_backfill = query.integer(13) != 0;
  queue.slice = time::Duration(query.integer(14));
  queue.preempt = model::parse_preempt(query.text(15)).value_or(model::Preempt::none);
  return queue;
}

model::QueueId Queues::add(const model::Queue& queue) {
  Query query(db_,
              "INSERT INTO queues (name, state, slots, guaranteed, weight, policy, ageing_ms,"
              " defaults, fair, eager_backfill, slice_ms, preempt, created_at_ms) VALUES (:name, "
              ":state, :slots,"
              " :guaranteed, :weight, :policy, :ageing, :defaults, :fair, :eager, :slice, "
              ":preempt, :created)");
  bind_fields(query, queue);
  query.bind(":created", queue.created_at).run();
  return model::QueueId(db_.last_insert_id());
}

void Queues::update(const model::Queue& queue) {
  Query query(db_,
              "UPDATE queues SET name = :name, state = :state, slots = :slots,"
              " guaranteed = :guaranteed, weight = :weight, policy = :policy, ageing_ms = :ageing,"
              " defaults = :defaults, fair = :fair, eager_backfill = :eager,"
              " slice_ms = :slice, preempt = :preempt WHERE id = :id");
  bind_fields(query, queue);
  query.bind(":id", queue.id.value).run();
}

void Queues::set_turn(const model::Queue& queue) {
  model::Queue* const known_one = known(queue.id);
  Query(db_, "UPDATE queues SET turn_begin = :begin, turn_end = :end WHERE id = :id")
      .bind(":begin", queue.turn.begin)
      .bind(":end", queue.turn.end)
      .bind(":id", queue.id.value)
      .run();
  if (known_one != nullptr) {
    known_one->turn = queue.turn;
    all_version_ = db_.version(Watched::queues);
  }
}

void Queues::remove(model::QueueId queue) {
  Query(db_, "DELETE FROM queues WHERE id = :id").bind(":id", queue.value).run();
}

model::Queue* Queues::known(model::QueueId id) {
  const std::uint64_t version = db_.version(Watched::queues);
  if (version == 0 || version != all_version_) {
    return nullptr;
  }
  const auto found = std::ranges::lower_bound(all_, id, {}, &model::Queue::id);
  return found != all_.end() && found->id == id ? &*found : nullptr;
}

std::vector<model::Queue> Queues::all() {
  const std::uint64_t version = db_.version(Watched::queues);
  if (version != 0 && version == all_version_) {
    return all_;
  }
  Query query(db_, SCHED_QUEUE_COLUMNS " ORDER BY id");
  std::vector<model::Queue> found;
  while (query.step()) {
    found.push_back(read(query));
  }
  if (version != 0) {
    all_ = found;
    all_version_ = version;
  }
  return found;
}

std::optional<model::Queue> Queues::find(const std::string& name) {
  Query query(db_, SCHED_QUEUE_COLUMNS " WHERE name = :name");
  return query.bind(":name", name).step() ? std::optional(read(query)) : std::nullopt;
}

model::Queue Queues::queue(model::QueueId id) {
  if (const model::Queue* const one = known(id)) {
    return *one;
  }
  Query query(db_, SCHED_QUEUE_COLUMNS " WHERE id = :id");
  if (!query.bind(":id", id.value).step()) {
    throw base::Error(base::ErrorKind::not_found, fmt::format("there is no queue {}", id.value));
  }
  return read(query);
}

std::vector<model::TaskId> Queues::tasks_of(model::QueueId queue) {
  // tasks_queue leaves out the default queue, which has most of them.
  Query query(db_, queue == model::k_default_queue
                       ? "SELECT id FROM tasks WHERE queue_id = :queue ORDER BY id"
                       : "SELECT id FROM tasks WHERE queue_id = :queue AND queue_id <> 1");
  query.bind(":queue", queue.value);
  std::vector<model::TaskId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

QueueCounts Queues::counts(model::QueueId queue) {
  QueueCounts counts;
  {
    // The default queue has what the others have not: it may be all of a million.
    Query query(db_, queue == model::k_default_queue
                         ? "SELECT (SELECT number FROM tallies WHERE what = 'tasks')"
                           " - (SELECT count(*) FROM tasks WHERE queue_id <> 1),"
                           " (SELECT number FROM tallies WHERE what = 'queued')"
                           " - (SELECT count(*) FROM runs WHERE state = 'queued' AND lane_id IN"
                           " (SELECT id FROM lanes WHERE queue_id <> :queue))"
                         : "SELECT (SELECT count(*) FROM tasks WHERE queue_id = :queue"
                           " AND queue_id <> 1),"
                           " (SELECT count(*) FROM runs WHERE state = 'queued' AND lane_id IN"
                           " (SELECT id FROM lanes WHERE queue_id = :queue))");
    if (query.bind(":queue", queue.value).step()) {
      counts.tasks = query.integer(0);
      counts.queued = query.integer(1);
    }
  }
  Query query(db_,
              "SELECT (SELECT count(*) FROM runs WHERE state = 'running' AND lane_id IN"
              " (SELECT id FROM lanes WHERE queue_id = :queue)),"
              " (SELECT count(*) FROM runs WHERE suspended_at_ms IS NOT NULL AND lane_id IN"
              " (SELECT id FROM lanes WHERE queue_id = :queue))");
  if (query.bind(":queue", queue.value).step()) {
    counts.running = query.integer(0);
    counts.suspended = query.integer(1);
  }
  return counts;
}

bool Queues::runs_anything(model::QueueId queue) {
  return Query(db_,
               "SELECT 1 FROM runs WHERE state = 'running' AND lane_id IN"
               " (SELECT id FROM lanes WHERE queue_id = :queue) LIMIT 1")
      .bind(":queue", queue.value)
      .step();
}

}  // namespace sched::store
