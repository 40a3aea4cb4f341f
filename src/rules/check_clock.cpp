#include "rules/check_clock.hpp"

#include "base/text.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <array>

namespace sched::rules {
namespace {

constexpr time::Duration k_foresight = std::chrono::hours(24 * 731);
/// A longer gap is a correction of the clock: see time::next_firing().
constexpr time::Duration k_longest_gap = std::chrono::hours(3);

/// "2027-03-28 02:30"; seconds only where there are some.
std::string to_text(time::LocalTime local) {
  std::string text = time::to_local(time::Instant(local.time_since_epoch()), "UTC");
  return text.ends_with(":00") ? text.substr(0, text.size() - 3) : text;
}

/// The fixed times of a timer; null for `every`, and for what follows real time.
const time::Readings* fixed_readings(const time::TimerRule& timer) {
  const time::Readings* readings = nullptr;
  if (const auto* cron = std::get_if<time::CronTimes>(&timer)) {
    readings = cron->expression.at_boot ? nullptr : &cron->expression.readings;
  } else if (const auto* calendar = std::get_if<time::CalendarTimes>(&timer)) {
    readings = &calendar->spec.readings;
  }
  return readings == nullptr || readings->is_wildcard ? nullptr : readings;
}

/// Whether the task fires then: its days may leave it out.
bool fires_at(const ReadFacts& read, time::Instant at) {
  return time::next_firing(read.table, at - time::Duration(1)) == at;
}

std::optional<Finding> find_change(const ReadFacts& read, const time::Readings& readings,
                                   const time::Zone& zone, const time::OffsetChange& change) {
  const time::LocalTime before(change.at.time_since_epoch() + change.before);
  const time::LocalTime after(change.at.time_since_epoch() + change.after);
  const bool is_gap = before < after;
  const auto reading = time::first_reading(readings, std::min(before, after));
  if (!reading || *reading >= std::max(before, after)) {
    return std::nullopt;
  }
  const bool is_dropped = after - before >= k_longest_gap;
  if (!is_dropped && !fires_at(read, is_gap ? change.at : zone.resolve(*reading).first)) {
    return std::nullopt;
  }
  const std::string remedy = fmt::format("a time outside of {} to {}, or --zone UTC",
                                         to_text(std::min(before, after)).substr(11),
                                         to_text(std::max(before, after)).substr(11));
  if (!is_gap) {
    return Finding{read.facts.label, "repeated",
                   fmt::format("{} comes twice in {}, where clocks go back: it fires the first "
                               "time only",
                               to_text(*reading), zone.name()),
                   remedy};
  }
  const std::string then = is_dropped
                               ? "it does not fire for that"
                               : fmt::format("it fires at {} instead", to_text(after).substr(11));
  return Finding{read.facts.label, "gap",
                 fmt::format("{} does not exist in {}, where clocks go forward: {}",
                             to_text(*reading), zone.name(), then),
                 remedy};
}

/// The first of each kind: the clocks change every year.
void check_changes(const ReadFacts& read, const time::TimerRule& timer, time::Instant now,
                   std::vector<Finding>& findings) {
  const time::Readings* readings = fixed_readings(timer);
  if (readings == nullptr) {
    return;
  }
  const time::Zone& zone = time::zone_of(timer, read.table);
  const time::Instant from = std::max(now, read.table.not_before.value_or(now));
  const time::Instant until =
      std::min(now + k_foresight, read.table.not_after.value_or(time::k_end_of_time));
  std::string told;
  for (auto change = zone.next_change(from); change && change->at <= until;
       change = zone.next_change(change->at)) {
    auto finding = find_change(read, *readings, zone, *change);
    if (finding && told.find(finding->kind) == std::string::npos) {
      told += finding->kind;
      findings.push_back(std::move(*finding));
    }
  }
}

/// Whether both show the same time for as long as anybody looks ahead.
bool agree(const time::Zone& one, const time::Zone& other, time::Instant now) {
  for (time::Instant at = now; at < now + k_foresight; at += std::chrono::hours(24)) {
    if (one.offset_at(at) != other.offset_at(at)) {
      return false;
    }
  }
  return true;
}

void check_zone(const ReadFacts& read, const time::TimerRule& timer, time::Instant now,
                const std::string& machine_zone, std::vector<Finding>& findings) {
  const auto machine = time::Zone::named(machine_zone);
  const time::Zone& zone = time::zone_of(timer, read.table);
  if (std::holds_alternative<time::Every>(timer) || !machine || agree(zone, *machine, now)) {
    return;
  }
  const std::string& label = read.facts.label;
  findings.push_back(
      {label, "zone",
       fmt::format("its times are those of {}, and the machine's zone is {}", zone.name(),
                   machine_zone),
       fmt::format("if that is not meant: sched edit {} --zone {}", label, machine_zone)});
}

void check_either_day(const ReadFacts& read, const time::CronTimes& cron,
                      std::vector<Finding>& findings) {
  constexpr std::uint32_t k_all_days = 0xFFFFFFFE;
  constexpr std::uint8_t k_all_weekdays = 0x7F;
  const time::DayRule& days = cron.expression.readings.days;
  if (!cron.expression.at_boot && days.either && days.days != k_all_days &&
      days.weekdays != k_all_weekdays) {
    findings.push_back({read.facts.label, "either_day",
                        fmt::format("{} fires on a day that matches either day field, not both",
                                    base::quote(cron.expression.text)),
                        "for both at once: --calendar, as in 'Fri *-*-13 09:00', or --only"});
  }
}

std::vector<std::string> fields_of(const std::string& text) {
  std::vector<std::string> fields;
  for (std::string& word : base::split(text, ' ')) {
    if (!word.empty()) {
      fields.push_back(std::move(word));
    }
  }
  return fields;
}

void check_steps(const ReadFacts& read, const time::CronTimes& cron,
                 std::vector<Finding>& findings) {
  struct Field {
    std::size_t place;
    int size;
    const char* unit;
    const char* whole;
  };
  const std::vector<std::string> fields = fields_of(cron.expression.text);
  const std::size_t first = fields.size() > 5 ? 1 : 0;  // behind the second of the extended dialect
  for (const Field& field : {Field{first, 60, "m", "hour"}, Field{first + 1, 24, "h", "day"}}) {
    if (field.place >= fields.size() || !fields[field.place].starts_with("*/")) {
      continue;
    }
    const auto step = base::parse_int(fields[field.place].substr(2));
    if (step && *step > 1 && *step < field.size && field.size % *step != 0) {
      findings.push_back({read.facts.label, "uneven",
                          fmt::format("{} begins anew each {}: its last step is {}{}, not {}{}",
                                      base::quote(cron.expression.text), field.whole,
                                      field.size % *step, field.unit, *step, field.unit),
                          fmt::format("for even steps: --every {}{}", *step, field.unit)});
    }
  }
}

}  // namespace

std::vector<Finding> check_clock(const ReadFacts& read, time::Instant now,
                                 const std::string& machine_zone) {
  std::vector<Finding> findings;
  for (const time::TimerRule& timer : read.table.timers) {
    check_changes(read, timer, now, findings);
    if (findings.empty() || findings.back().kind != "zone") {
      check_zone(read, timer, now, machine_zone, findings);
    }
    if (const auto* cron = std::get_if<time::CronTimes>(&timer)) {
      check_either_day(read, *cron, findings);
      check_steps(read, *cron, findings);
    }
  }
  return findings;
}

}  // namespace sched::rules
