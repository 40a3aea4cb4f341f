#pragma once

#include "model/ids.hpp"
#include "model/outcome.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::model {

/// At which ends of another task's runs a handler runs.
enum class HandlerKind {
  failure,   ///< --on-failure: failed, timed_out or lost.
  success,   ///< --on-success
  fallback,  ///< --fallback: as failure, and it runs in the place of that run. One a task at most.
};
const char* to_string(HandlerKind kind);
std::optional<HandlerKind> parse_handler_kind(std::string_view text);
const std::vector<HandlerKind>& all_handler_kinds();
/// The option that asks for it, without dashes: "on-failure".
const char* option_of(HandlerKind kind);

/// Whether it has something to do at such an end.
bool handles(HandlerKind kind, Outcome outcome);

/// `handler` runs when a run of `task` has ended for good.
struct Handler {
  TaskId task;
  TaskId handler;
  HandlerKind kind = HandlerKind::failure;
};

/// The end for which a run of a handler was made, as it was then: what became of that run later
/// changes nothing here.
struct Cause {
  HandlerKind kind = HandlerKind::failure;
  RunId run;
  int attempt = 0;   ///< The last of that run: with it each end of a run has a name of its own.
  std::string task;  ///< Its label.
  Outcome outcome = Outcome::failed;
  std::string reason;
};

/// What stands as trigger of the run: "failure:17.2", with run and attempt.
std::string trigger_of(const Cause& cause);
/// The kind in such a trigger; empty for those of other runs.
std::optional<HandlerKind> kind_in_trigger(std::string_view trigger);

}  // namespace sched::model
