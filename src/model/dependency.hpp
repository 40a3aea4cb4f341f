#pragma once

#include "base/result.hpp"
#include "model/ids.hpp"
#include "model/outcome.hpp"
#include "model/policy.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::model {

/// What an edge asks of the end of its upstream run.
struct Condition {
  enum class Kind {
    success,
    failure,  ///< failed, timed_out or lost.
    done,     ///< Any end.
    skipped,
    exit,  ///< One of `exit_codes`.
  };
  Kind kind = Kind::success;
  std::vector<EndSet::Range> exit_codes;
  bool operator==(const Condition&) const = default;
};

/// Reads "success", "failure", "done", "skipped", "exit=3,4" or "exit=10-20".
base::Result<Condition> parse_condition(std::string_view text);
std::string to_string(const Condition& condition);

/// How the edges of one task join.
struct Join {
  enum class Kind { all, any, at_least };
  Kind kind = Kind::all;
  int count = 0;  ///< Only for at_least; 1 or more.
  bool operator==(const Join&) const = default;
};

/// Reads "all", "any" or a number.
base::Result<Join> parse_join(std::string_view text);
std::string to_string(const Join& join);

/// An edge of the graph of tasks: `task` comes after `upstream`.
struct Dependency {
  std::int64_t id = 0;
  TaskId task;
  TaskId upstream;
  Condition condition;
};

/// What a person wrote behind --after: "TASK[:CONDITION]". A name may contain ':'; what stands
/// behind the last one is a condition only when it reads as one.
struct AfterReference {
  std::string task;
  Condition condition;
};
base::Result<AfterReference> parse_after(std::string_view text);

}  // namespace sched::model
