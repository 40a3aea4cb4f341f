#pragma once

#include "store/store.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sched::simulation {

/// Options of a task as a person types them: {"every", "5m"}.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// A task that comes after some of `others`, or has a moment or a schedule, as the seed says.
Fields draw_task(std::uint64_t seed, const std::vector<std::string>& others);
/// What is changed about a task.
Fields draw_handlers(std::uint64_t seed, const std::vector<std::string>& others);
Fields draw_change(std::uint64_t seed, const std::vector<std::string>& others);

/// `sched tag edit`: "slow" has a rate, any other a breaker.
void guard_tag(store::Store& store, const std::string& tag, time::Instant now);

/// `sched queue add`, unless it is there: "fair", "due" (by deadline) or "eager" (backfill).
void open_queue(store::Store& store, const std::string& name, time::Instant now);

/// `sched add --name NAME FIELDS`, with the code of that command. Throws base::Error.
model::TaskId add_task(store::Store& store, const std::string& name, const Fields& fields,
                       time::Instant now);
/// `sched edit`, the same.
void change_task(store::Store& store, model::TaskId task, const Fields& fields, time::Instant now);

/// "--every 5m --overlap queue"
std::string to_string(const Fields& fields);

/// A command that ends only when it is told to.
bool is_endless(const std::vector<std::string>& argv);

}  // namespace sched::simulation
