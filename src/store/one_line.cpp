#include "store/one_line.hpp"

namespace sched::store {

bool has_one_line(Database& db) {
  return Query(db,
               "SELECT 1 FROM queues WHERE id = 1 AND state <> 'paused' AND slots = 0"
               " AND NOT EXISTS (SELECT 1 FROM lanes WHERE id > 1)"
               " AND NOT EXISTS (SELECT 1 FROM guards)")
      .step();
}

}  // namespace sched::store
