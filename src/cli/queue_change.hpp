#pragma once

#include "cli/guards.hpp"
#include "store/store.hpp"

#include <string>
#include <vector>

namespace sched::cli {

// What `sched queue` does to a queue. Each says in a line what was done, throws base::Error where
// nothing may be, and wants a Transaction around it.

/// The settings as they are typed; empty: as it is.
struct QueueFields {
  std::string slots;
  std::string weight;
  std::string policy;
  std::string slice;
  std::string preempt;
  std::string ageing;
  std::string guarantee;
  std::string backfill;
  std::string fair_by;
  std::string half_life;
  std::vector<std::string> shares;
  std::vector<std::string> defaults;
  GuardFields guard;
  bool empty() const {
    return slots.empty() && weight.empty() && policy.empty() && slice.empty() && preempt.empty() &&
           ageing.empty() && guarantee.empty() && backfill.empty() && fair_by.empty() &&
           half_life.empty() && shares.empty() && defaults.empty() && guard.empty();
  }
};

std::string add_queue(store::Store& store, const std::string& name, const QueueFields& fields,
                      time::Instant now);
std::string edit_queue(store::Store& store, const std::string& name, const QueueFields& fields,
                       time::Instant now);
/// `action` is pause, resume or drain.
std::string set_state(store::Store& store, const std::string& name, const std::string& action);
/// Its tasks, if it has any, go to the queue `move_to`.
std::string remove_queue(store::Store& store, const std::string& name, const std::string& move_to);

}  // namespace sched::cli
