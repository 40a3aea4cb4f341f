#include "store/prune.hpp"

#include "os/system_clock.hpp"

#include <chrono>
#include <thread>

namespace sched::store {
namespace {

/// So long a transaction goes on taking more, and so long the lock is then free for others.
constexpr auto k_at_once = std::chrono::milliseconds(8);
constexpr auto k_breath = std::chrono::milliseconds(3);
/// What is removed lies all over the file: in a store of a million runs a checkpoint of 2 MiB of
/// such pages held the lock for 107 ms.
constexpr std::uint64_t k_scattered_bound = k_log_bound / 4;

/// Time by the monotonic clock since it was made.
class Stopwatch {
 public:
  bool is_over(std::chrono::milliseconds time) const { return os::monotonic_now() - begin_ > time; }

 private:
  time::Duration begin_ = os::monotonic_now();
};

bool remove(Database& db, const PruneUnit& unit) {
  if (unit.task) {
    return Query(db,
                 "DELETE FROM tasks WHERE id = :id AND repeats = 0"
                 " AND NOT EXISTS (SELECT 1 FROM dependencies WHERE upstream_id = :id)"
                 " AND NOT EXISTS (SELECT 1 FROM handlers WHERE handler_id = :id)"
                 " AND (SELECT count(*) FROM runs WHERE task_id = :id) = :runs"
                 " AND NOT EXISTS (SELECT 1 FROM runs AS r WHERE r.task_id = :id"
                 "  AND (r.state <> 'finished' OR EXISTS"
                 "   (SELECT 1 FROM bindings AS b WHERE b.upstream_run_id = r.id)))")
               .bind(":id", unit.task.value)
               .bind(":runs", static_cast<std::int64_t>(unit.runs.size()))
               .run() > 0;
  }
  return Query(db,
               "DELETE FROM runs WHERE id = :id AND state = 'finished'"
               " AND NOT EXISTS (SELECT 1 FROM bindings AS b WHERE b.upstream_run_id = :id)"
               " AND EXISTS (SELECT 1 FROM runs AS n WHERE n.task_id = runs.task_id"
               "  AND n.id > :id)")
             .bind(":id", unit.runs.front().id.value)
             .run() > 0;
}

}  // namespace

void prune(Store& store, const std::vector<PruneUnit>& plan,
           const std::function<void(const std::vector<const PruneUnit*>&)>& removed) {
  for (std::size_t next = 0; next < plan.size();) {
    std::vector<const PruneUnit*> gone;
    {
      Transaction change(store.db());
      const Stopwatch watch;
      while (next < plan.size() && !watch.is_over(k_at_once)) {
        if (remove(store.db(), plan[next])) {
          gone.push_back(&plan[next]);
        }
        ++next;
      }
      change.commit();
    }
    removed(gone);
    store.db().shorten_log_past(k_scattered_bound);
    std::this_thread::sleep_for(k_breath);
  }
}

void prune_surroundings(Store& store) {
  std::vector<std::int64_t> unused;
  {
    Query query(store.db(),
                "SELECT s.id FROM surroundings AS s"
                " WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE surroundings_id = s.id)");
    while (query.step()) {
      unused.push_back(query.integer(0));
    }
  }
  for (std::size_t next = 0; next < unused.size();) {
    {
      Transaction change(store.db());
      const Stopwatch watch;
      while (next < unused.size() && !watch.is_over(k_at_once)) {
        Query(store.db(),
              "DELETE FROM surroundings WHERE id = :id"
              " AND NOT EXISTS (SELECT 1 FROM tasks WHERE surroundings_id = :id)")
            .bind(":id", unused[next++])
            .run();
      }
      change.commit();
    }
    std::this_thread::sleep_for(k_breath);
  }
}

}  // namespace sched::store
