#include "time/readings.hpp"

#include <algorithm>
#include <bit>

namespace sched::time {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;

constexpr std::chrono::year k_first_year{1970};
constexpr std::chrono::year k_end_year =
    std::chrono::year_month_day(floor<days>(k_end_of_time)).year();

// No clock is further than a day from UTC. So a reading is at most this far from the moment that
// has the same figures in UTC, and what two offsets show for one moment lies within twice as much.
constexpr Duration k_farthest_offset = days(1);

/// From this size on, clocks that are set forward are not summer time but a correction.
constexpr Duration k_correction = hours(3);

/// The first time of day that is not earlier than `from`; empty when there is none.
std::optional<Duration> first_time_of_day(const Readings& readings, Duration from) {
  const auto hour = static_cast<unsigned>(floor<hours>(from).count());
  const auto minute = static_cast<unsigned>(floor<minutes>(from).count() % 60);
  const auto& seconds = readings.seconds_ms;
  const auto at = [&](unsigned h, unsigned m, std::uint16_t second_ms) {
    return hours(h) + minutes(m) + Duration(second_ms);
  };
  if ((readings.hours >> hour & 1U) != 0) {
    if ((readings.minutes >> minute & 1U) != 0) {
      const auto ms = (from % minutes(1)).count();
      const auto second = std::lower_bound(seconds.begin(), seconds.end(), ms);
      if (second != seconds.end()) {
        return at(hour, minute, *second);
      }
    }
    const std::uint64_t later = readings.minutes >> minute >> 1U;
    if (later != 0) {
      const auto distance = static_cast<unsigned>(std::countr_zero(later));
      return at(hour, minute + 1 + distance, seconds.front());
    }
  }
  const std::uint32_t later = readings.hours >> hour >> 1U;
  if (later != 0) {
    const auto distance = static_cast<unsigned>(std::countr_zero(later));
    return at(hour + 1 + distance, static_cast<unsigned>(std::countr_zero(readings.minutes)),
              seconds.front());
  }
  return std::nullopt;
}

/// One of the 14 kinds of year: its days fall on the same weekdays as those of any other of its
/// kind.
unsigned kind_of(std::chrono::year year) {
  const std::chrono::weekday new_year{std::chrono::sys_days(year / 1 / 1)};
  return new_year.c_encoding() * 2 + (year.is_leap() ? 1 : 0);
}

/// The first day that matches and is not earlier than `from`.
std::optional<local_days> first_day(const DayRule& rule, local_days from) {
  static_assert(Years().size() == static_cast<std::size_t>((k_end_year - k_first_year).count()));
  const std::chrono::year_month_day begin(from);
  std::uint32_t wanted = ~std::uint32_t{0} << static_cast<unsigned>(begin.day());
  std::chrono::month month = begin.month();
  // Kinds of year that were looked through from January to December and have no such day, so that
  // "never" is known after 14 of them.
  std::bitset<14> in_vain;
  for (std::chrono::year year = begin.year(); year < k_end_year; ++year) {
    const bool is_listed = rule.years[static_cast<std::size_t>((year - k_first_year).count())];
    if (is_listed && !in_vain[kind_of(year)]) {
      const bool is_whole = month == std::chrono::January && (wanted & 2U) != 0;
      for (auto number = static_cast<unsigned>(month); number <= 12; ++number) {
        const std::uint32_t found = days_in(rule, year, std::chrono::month(number)) & wanted;
        if (found != 0) {
          const auto day = static_cast<unsigned>(std::countr_zero(found));
          return local_days(year / std::chrono::month(number) / std::chrono::day(day));
        }
        wanted = ~std::uint32_t{0};
      }
      in_vain[kind_of(year)] = is_whole;
    }
    month = std::chrono::January;
    wanted = ~std::uint32_t{0};
  }
  return std::nullopt;
}

Instant moment_of(LocalTime reading, const Stretch& stretch) {
  return Instant(reading.time_since_epoch()) - stretch.offset;
}
LocalTime shown_at(Instant moment, const Stretch& stretch) {
  return LocalTime(moment.time_since_epoch()) + stretch.offset;
}

/// The end of what clocks have shown before `stretch` began: earlier readings were passed once.
LocalTime end_of_shown(const Zone& zone, const Stretch& stretch) {
  LocalTime end = shown_at(stretch.begin, stretch);
  Stretch earlier = stretch;
  while (earlier.begin > std::max(k_first_instant, stretch.begin - 2 * k_farthest_offset)) {
    earlier = zone.stretch_at(earlier.begin - Duration(1));
    end = std::max(end, shown_at(earlier.end, earlier));
  }
  return end;
}

std::optional<Instant> in_range(Instant moment) {
  return moment < k_end_of_time ? std::optional(moment) : std::nullopt;
}

/// Fires once for each reading. Readings are passed in ascending order, whatever the clocks do:
/// what they come back to was passed already, and what they leap over is passed by the leap.
std::optional<Instant> next_fixed(const Readings& readings, const Zone& zone, Instant after) {
  Stretch stretch = zone.stretch_at(after);
  LocalTime from = shown_at(after, stretch) + Duration(1);
  if (after - stretch.begin < 2 * k_farthest_offset) {
    from = std::max(from, end_of_shown(zone, stretch));
  }
  std::optional<LocalTime> reading = first_reading(readings, from);
  while (reading) {
    const Instant moment = moment_of(*reading, stretch);
    if (moment < stretch.end) {
      return in_range(moment);
    }
    if (stretch.end >= k_end_of_time) {
      return std::nullopt;
    }
    const Instant earliest(reading->time_since_epoch() - k_farthest_offset);
    const Stretch next = zone.stretch_at(std::max(stretch.end, earliest));
    if (*reading < shown_at(next.begin, next)) {  // only when `next` follows at once
      if (next.offset - stretch.offset < k_correction) {
        return in_range(next.begin);
      }
      reading = first_reading(readings, shown_at(next.begin, next));
    }
    stretch = next;
  }
  return std::nullopt;
}

/// Fires whenever clocks show a reading, so a stretch is looked at for itself.
std::optional<Instant> next_wildcard(const Readings& readings, const Zone& zone, Instant after) {
  Stretch stretch = zone.stretch_at(after);
  LocalTime from = shown_at(after, stretch) + Duration(1);
  // None from `from` up to, and without, this one.
  std::optional<LocalTime> reading = first_reading(readings, from);
  for (;;) {
    if (reading) {
      const Instant moment = moment_of(*reading, stretch);
      if (moment < stretch.end) {
        return in_range(moment);
      }
    }
    if (stretch.end >= k_end_of_time) {
      return std::nullopt;
    }
    // Once this far on, no clock goes back to before `from`.
    Instant target = stretch.end;
    if (stretch.end - after > 2 * k_farthest_offset) {
      if (!reading) {
        return std::nullopt;
      }
      target = std::max(target, Instant(reading->time_since_epoch() - k_farthest_offset));
    }
    stretch = zone.stretch_at(target);
    const LocalTime begin = shown_at(stretch.begin, stretch);
    if (begin < from || !reading || begin > *reading) {
      from = begin;
      reading = first_reading(readings, from);
    }
  }
}

}  // namespace

std::optional<LocalTime> first_reading(const Readings& readings, LocalTime from) {
  constexpr LocalTime k_first{};
  constexpr LocalTime k_end(k_end_of_time.time_since_epoch());
  if (readings.hours == 0 || readings.minutes == 0 || readings.seconds_ms.empty() ||
      from >= k_end) {
    return std::nullopt;
  }
  from = std::max(from, k_first);
  const auto today = floor<days>(from);
  const auto day = first_day(readings.days, today);
  if (!day) {
    return std::nullopt;
  }
  if (*day == today) {
    if (const auto time = first_time_of_day(readings, from - today)) {
      return today + *time;
    }
    const auto later = first_day(readings.days, today + days(1));
    return later ? std::optional(*later + *first_time_of_day(readings, Duration::zero()))
                 : std::nullopt;
  }
  return *day + *first_time_of_day(readings, Duration::zero());
}

bool contains(const Readings& readings, LocalTime local) {
  return first_reading(readings, local) == local;
}

std::optional<Instant> next_firing(const Readings& readings, const Zone& zone, Instant after) {
  if (after >= k_end_of_time) {
    return std::nullopt;
  }
  after = std::max(after, k_first_instant - Duration(1));
  return readings.is_wildcard ? next_wildcard(readings, zone, after)
                              : next_fixed(readings, zone, after);
}

}  // namespace sched::time
