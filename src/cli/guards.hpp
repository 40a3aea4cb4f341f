#pragma once

#include "cli/options.hpp"
#include "render/guard_columns.hpp"
#include "store/store.hpp"

#include <optional>
#include <string>

namespace sched::cli {

/// How it stands now; empty for none.
std::optional<render::GuardLine> line_of(const std::optional<model::Guard>& guard,
                                         time::Instant now);

/// The options of a queue, resource or tag that set its guard, as they are typed; empty: as it is.
struct GuardFields {
  std::string rate;
  std::string burst;
  std::string breaker;
  std::string cooldown;
  bool empty() const {
    return rate.empty() && burst.empty() && breaker.empty() && cooldown.empty();
  }
};
void offer_guard_fields(CLI::App& command, GuardFields& fields);

/// Writes what is given into the guard, whose subject is set: one that is there, or a new one. Runs
/// of a tag move to where it now leaves them. Throws invalid_input; wants a Transaction around it.
void change_guard(store::Store& store, model::Guard guard, const GuardFields& fields,
                  time::Instant now);

/// That of a queue, resource or tag; a new one where there is none yet.
model::Guard guard_of(store::Store& store, const model::Queue& queue);
model::Guard guard_of_resource(store::Store& store, const std::string& name);
model::Guard guard_of_tag(store::Store& store, const std::string& tag);

/// Reads a cool-down: 1ms to a year.
time::Duration read_cooldown(const std::string& value);

}  // namespace sched::cli
