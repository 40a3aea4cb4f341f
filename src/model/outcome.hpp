#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace sched::model {

/// How a finished run ended.
enum class Outcome {
  succeeded,
  failed,     ///< Non-zero exit, a signal, or it could not be executed.
  timed_out,  ///< Its own time limit ended it.
  cancelled,  ///< A person ended it, or called it off before it began.
  skipped,    ///< Its dependencies said no.
  missed,     ///< Its moment passed, and its policy said no.
  lost,       ///< Nobody can know how it ended: the launcher or the machine died.
};

const char* to_string(Outcome outcome);
std::optional<Outcome> parse_outcome(std::string_view text);
const std::vector<Outcome>& all_outcomes();

/// failed, timed_out or lost: what the condition `failure` means, and what `run --until-idle` calls
/// a bad end.
bool is_failure(Outcome outcome);

}  // namespace sched::model
