#include "model/run.hpp"

namespace sched::model {

bool is_dead(const Run& run) {
  return run.outcome && is_failure(*run.outcome) && !run.resolved_at;
}

}  // namespace sched::model
