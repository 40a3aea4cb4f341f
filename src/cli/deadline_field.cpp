#include "cli/deadline_field.hpp"

#include "base/text.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <string_view>

namespace sched::cli {
namespace {

constexpr std::string_view k_hard = "hard:";
constexpr const char* k_soft_moment = "deadline";
constexpr const char* k_hard_moment = "deadline hard:";

void settle_moment(TaskDraft& draft, bool is_hard, time::Instant now) {
  const auto given = draft.moments.find(is_hard ? k_hard_moment : k_soft_moment);
  if (given == draft.moments.end()) {
    return;
  }
  const std::string& text = given->second;
  const std::string zone = draft.task.schedule ? draft.task.schedule->zone : std::string();
  const std::string option =
      fmt::format("--deadline {}", base::quote(is_hard ? std::string(k_hard) + text : text));
  const auto moment = time::parse_moment(text, now, zone);
  if (!moment) {
    throw base::bad_input(fmt::format("{}: {}", option, moment.error().message()),
                          moment.error().hint().empty()
                              ? "such as 2h (after its nominal time) or 'tomorrow 09:00'"
                              : moment.error().hint());
  }
  if (!moment->warning.empty()) {
    draft.warnings.push_back(moment->warning);
  }
  if (moment->at <= now && is_hard) {
    throw base::bad_input(option + ": that moment has passed", "it would never run");
  }
  if (moment->at <= now) {
    draft.warnings.push_back(option + ": that moment has passed");
  }
  (is_hard ? draft.task.deadlines.hard : draft.task.deadlines.soft) =
      model::Deadline{std::nullopt, moment->at};
}

}  // namespace

void read_deadline(const DraftContext& /*context*/, TaskDraft& draft, const std::string& value) {
  constexpr time::Duration k_longest = std::chrono::hours(24 * 3650);
  if (value.empty()) {
    return;  // What the task had is gone already.
  }
  const bool is_hard = std::string_view(value).starts_with(k_hard);
  const std::string when = is_hard ? value.substr(k_hard.size()) : value;
  std::optional<model::Deadline>& deadline =
      is_hard ? draft.task.deadlines.hard : draft.task.deadlines.soft;
  const char* moment = is_hard ? k_hard_moment : k_soft_moment;
  if (deadline || draft.moments.contains(moment)) {
    throw base::bad_input(is_hard ? "a hard one is given already" : "one is given already",
                          "a task has one deadline, and one with hard: before it");
  }
  const auto within = time::parse_duration(when);
  if (!within) {
    draft.moments[moment] = when;
  } else if (within->count() == 0 || *within > k_longest) {
    throw base::bad_input("not from 1ms to ten years", "such as 2h, or 'tomorrow 09:00'");
  } else {
    deadline = model::Deadline{*within, std::nullopt};
  }
}

void settle_deadlines(TaskDraft& draft, time::Instant now) {
  settle_moment(draft, false, now);
  settle_moment(draft, true, now);
}

}  // namespace sched::cli
