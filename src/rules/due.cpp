#include "rules/due.hpp"

#include "time/duration.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

namespace sched::rules {
namespace {

using time::Instant;

/// What is no later than that counts as on time: a machine under load is late, not absent.
constexpr time::Duration k_punctual = std::chrono::minutes(1);
constexpr std::size_t k_firings_at_once = 1000;
/// Beyond that nobody wants to know, and a schedule by the second would hold up all others.
constexpr std::int64_t k_most_counted = 1'000'000;
constexpr time::Duration k_tick{1};

/// The `number`th newest moment in [first, end), or the first there if there are fewer; `end` when
/// there is none. `first` is one.
Instant newest(const time::Timetable& table, Instant first, Instant end, std::size_t number) {
  if (first >= end) {
    return end;
  }
  // Looked for backwards in ever wider stretches, for there may be millions.
  for (time::Duration reach = std::chrono::minutes(1);; reach *= 4) {
    const Instant begin = std::max(first, end - reach);
    std::deque<Instant> found;
    for (auto at = time::next_firing(table, begin - k_tick); at && *at < end;
         at = time::next_firing(table, *at)) {
      found.push_back(*at);
      if (found.size() > number) {
        found.pop_front();
      }
    }
    if (found.size() == number || begin == first) {
      return found.empty() ? end : found.front();
    }
  }
}

Missed count_missed(const time::Timetable& table, Instant first, Instant end) {
  Missed missed;
  missed.first = first;
  missed.last = first;
  for (std::optional<Instant> at = first; at && *at < end; at = time::next_firing(table, *at)) {
    if (missed.count == k_most_counted) {
      missed.more = true;
      missed.last = newest(table, first, end, 1);
      break;
    }
    ++missed.count;
    missed.last = *at;
  }
  return missed;
}

std::string reason_of(const Missed& missed, const model::Schedule& schedule, Instant now) {
  const bool too_late = schedule.grace.count() > 0 && now - missed.last > schedule.grace;
  const std::string why =
      too_late ? fmt::format("later than its grace of {}", time::to_string(schedule.grace))
               : fmt::format("no worker ran at the time, and catch-up is {}",
                             model::to_string(schedule.catch_up));
  if (missed.count == 1) {
    return why;
  }
  return fmt::format("{}{} firings since {}: {}", missed.more ? "more than " : "", missed.count,
                     time::to_local(missed.first, schedule.zone), why);
}

/// The first moment of those that came which still runs.
Instant first_to_run(const time::Timetable& table, const model::Schedule& schedule, Instant first,
                     Instant now, Instant late_end) {
  Instant from = late_end;
  switch (schedule.catch_up.kind) {
    case model::CatchUp::Kind::none:
      break;
    case model::CatchUp::Kind::last: {
      const auto on_time = time::next_firing(table, late_end - k_tick);
      from = on_time && *on_time <= now ? late_end : newest(table, first, late_end, 1);
      break;
    }
    case model::CatchUp::Kind::all:
      from =
          schedule.catch_up.limit == 0
              ? first
              : newest(table, first, late_end, static_cast<std::size_t>(schedule.catch_up.limit));
      break;
  }
  return schedule.grace.count() > 0 ? std::max(from, now - schedule.grace) : from;
}

}  // namespace

Due due(const time::Timetable& table, const model::Schedule& schedule, Instant first, Instant now,
        Instant working_since, std::optional<int> runs_left) {
  Due due;
  const Instant late_end = std::max(first, std::max(working_since, now - k_punctual));
  const Instant from = first_to_run(table, schedule, first, now, late_end);
  if (first < from) {
    Missed missed = count_missed(table, first, from);
    missed.reason = reason_of(missed, schedule, now);
    due.missed = std::move(missed);
  }
  std::optional<Instant> at = first < from ? time::next_firing(table, from - k_tick) : first;
  const std::size_t most =
      runs_left ? std::min(k_firings_at_once, static_cast<std::size_t>(std::max(*runs_left, 0)))
                : k_firings_at_once;
  while (at && *at <= now && due.firings.size() < most) {
    due.firings.push_back({*at, *at < late_end});
    at = time::next_firing(table, *at);
  }
  due.next = at;
  return due;
}

}  // namespace sched::rules
