#include "model/schedule.hpp"

#include "base/named.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace sched::model {

const char* to_string(Timer::Kind kind) {
  switch (kind) {
    case Timer::Kind::cron:
      return "cron";
    case Timer::Kind::cron_extended:
      return "cron-extended";
    case Timer::Kind::calendar:
      return "calendar";
    case Timer::Kind::every:
      return "every";
  }
  return "";
}

std::optional<Timer::Kind> parse_timer_kind(std::string_view text) {
  return base::named(text, {Timer::Kind::cron, Timer::Kind::cron_extended, Timer::Kind::calendar,
                            Timer::Kind::every});
}

base::Result<CatchUp> parse_catch_up(std::string_view text) {
  constexpr std::string_view k_all = "all:";
  constexpr int k_highest = 100'000;
  if (text == "none") {
    return CatchUp{CatchUp::Kind::none, 0};
  }
  if (text == "last") {
    return CatchUp{CatchUp::Kind::last, 0};
  }
  if (text == "all") {
    return CatchUp{CatchUp::Kind::all, 0};
  }
  if (text.starts_with(k_all)) {
    const auto limit = base::parse_int(text.substr(k_all.size()));
    if (limit && *limit >= 1 && *limit <= k_highest) {
      return CatchUp{CatchUp::Kind::all, static_cast<int>(*limit)};
    }
    return base::Error(base::ErrorKind::invalid_input,
                       fmt::format("{} is not a whole number from 1 to {}",
                                   base::quote(text.substr(k_all.size())), k_highest),
                       "all:10 makes up for the ten newest");
  }
  return base::Error(base::ErrorKind::invalid_input, "not one of none, last, all, all:N",
                     base::did_you_mean(text, {"none", "last", "all"},
                                        "last runs the newest of those that were missed"));
}

std::string to_string(const CatchUp& catch_up) {
  switch (catch_up.kind) {
    case CatchUp::Kind::none:
      return "none";
    case CatchUp::Kind::last:
      return "last";
    case CatchUp::Kind::all:
      return catch_up.limit == 0 ? "all" : fmt::format("all:{}", catch_up.limit);
  }
  return "";
}

const char* to_string(Overlap overlap) {
  switch (overlap) {
    case Overlap::skip:
      return "skip";
    case Overlap::queue:
      return "queue";
    case Overlap::replace:
      return "replace";
    case Overlap::allow:
      return "allow";
  }
  return "";
}

base::Result<Overlap> parse_overlap(std::string_view text) {
  if (const auto found =
          base::named(text, {Overlap::skip, Overlap::queue, Overlap::replace, Overlap::allow})) {
    return *found;
  }
  return base::Error(base::ErrorKind::invalid_input, "not one of skip, queue, replace, allow",
                     base::did_you_mean(text, {"skip", "queue", "replace", "allow"},
                                        "skip leaves a firing out while the last run goes on"));
}

}  // namespace sched::model
