#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sched::time {

/// What a shorthand in lower case stands for: "*-*-1" for "monthly". Empty when it is none.
std::optional<std::string_view> find_shorthand(std::string_view word);

/// What a person probably meant by an expression that was refused, as a hint: those who know cron
/// write "*/15" and "MON#2", others "9am" or "2026-12-24T18:00". Empty when nothing comes to mind.
std::optional<std::string> likely_meaning(std::string_view text);

}  // namespace sched::time
