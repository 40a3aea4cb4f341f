#include "exchange/ical_event.hpp"

#include "base/text.hpp"
#include "exchange/ical_library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace sched::exchange {
namespace {

using std::chrono::days;
using std::chrono::local_days;

constexpr local_days k_last_day{std::chrono::year(2199) / 12 / 31};

icalproperty* first_of(icalcomponent* component, icalproperty_kind kind) {
  return ical::icalcomponent_get_first_property(component, kind);
}

/// Calls `take` with each property of that kind.
template <typename Take>
void for_each_property(icalcomponent* component, icalproperty_kind kind, Take take) {
  for (icalproperty* property = first_of(component, kind); property != nullptr;
       property = ical::icalcomponent_get_next_property(component, kind)) {
    take(property);
  }
}

std::string text_of(const char* text) {
  return text == nullptr ? "" : text;
}

/// The date that is written there; empty when there is no such day.
std::optional<local_days> written_day(icaltimetype value) {
  const std::chrono::year_month_day date(std::chrono::year(value.year),
                                         std::chrono::month(static_cast<unsigned>(value.month)),
                                         std::chrono::day(static_cast<unsigned>(value.day)));
  return ical::icaltime_is_null_time(value) != 0 || !date.ok() ? std::nullopt
                                                               : std::optional(local_days(date));
}

std::chrono::seconds time_of_day(icaltimetype value) {
  return value.is_date != 0 ? std::chrono::seconds(0)
                            : std::chrono::hours(value.hour) + std::chrono::minutes(value.minute) +
                                  std::chrono::seconds(value.second);
}

icaltimetype as_date(local_days day) {
  const std::chrono::year_month_day date(day);
  icaltimetype value = ical::icaltime_null_time();
  value.is_date = 1;
  value.year = static_cast<int>(date.year());
  value.month = static_cast<int>(static_cast<unsigned>(date.month()));
  value.day = static_cast<int>(static_cast<unsigned>(date.day()));
  return value;
}

std::optional<time::Zone> zone_of(icalproperty* property) {
  icalparameter* parameter = ical::icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
  const std::string name =
      parameter == nullptr ? "" : text_of(ical::icalparameter_get_tzid(parameter));
  if (name.empty()) {
    return std::nullopt;
  }
  const auto zone = time::Zone::named(name);
  return zone ? std::optional(*zone) : std::nullopt;
}

}  // namespace

IcalEvent::IcalEvent(icalcomponent* component)
    : component_(component),
      uid_(text_of(ical::icalcomponent_get_uid(component))),
      start_(ical::icaltime_null_time()) {
  if (icalproperty* start = first_of(component, ICAL_DTSTART_PROPERTY)) {
    start_ = ical::icalproperty_get_dtstart(start);
    zone_ = zone_of(start);
    has_time_ = start_.is_date == 0;
  }
}

std::string IcalEvent::name() const {
  const std::string summary = text_of(ical::icalcomponent_get_summary(component_));
  return base::quote(summary.empty() ? uid_ : summary);
}

bool IcalEvent::is_cancelled() const {
  return ical::icalcomponent_get_status(component_) == ICAL_STATUS_CANCELLED;
}

std::optional<local_days> IcalEvent::stands_for() const {
  icalproperty* property = first_of(component_, ICAL_RECURRENCEID_PROPERTY);
  return property == nullptr ? std::nullopt : day_of(ical::icalproperty_get_recurrenceid(property));
}

/// The day in the zone of its start, for rules and exceptions are often written in UTC.
std::optional<local_days> IcalEvent::day_of(icaltimetype value) const {
  const auto day = written_day(value);
  if (!day || !zone_ || ical::icaltime_is_utc(value) == 0) {
    return day;
  }
  const time::Instant moment(day->time_since_epoch() + time_of_day(value));
  return std::chrono::floor<days>(zone_->to_local(moment));
}

/// From its first day to its last one.
days IcalEvent::length(std::vector<std::string>& complaints) const {
  const local_days first = *written_day(start_);
  const std::chrono::seconds begin = time_of_day(start_);
  std::chrono::seconds end = begin;
  if (icalproperty* property = first_of(component_, ICAL_DTEND_PROPERTY)) {
    const icaltimetype value = ical::icalproperty_get_dtend(property);
    const auto last = start_.zone == value.zone ? written_day(value) : day_of(value);
    if (!last) {
      complaints.emplace_back("its end is no day, its first day is taken");
      return days(0);
    }
    // The time of day is that of the written zone: it only tells midnight from the rest.
    end = (*last - first) + time_of_day(value);
  } else if (icalproperty* length = first_of(component_, ICAL_DURATION_PROPERTY)) {
    const icaldurationtype duration = ical::icalproperty_get_duration(length);
    const auto whole = days(duration.days) + std::chrono::weeks(duration.weeks) +
                       std::chrono::hours(duration.hours) + std::chrono::minutes(duration.minutes) +
                       std::chrono::seconds(duration.seconds);
    end = duration.is_neg != 0 ? begin - whole : begin + whole;
  }
  if (end < begin) {
    complaints.emplace_back("it ends before it begins, its first day is taken");
  }
  // The end itself is not part of it: up to midnight is up to the day before.
  return end <= begin ? days(0) : std::chrono::floor<days>(end - std::chrono::seconds(1));
}

void IcalEvent::expand(icalproperty* rule, std::set<local_days>& starts, std::size_t& budget,
                       std::vector<std::string>& complaints) const {
  icalrecurrencetype recurrence = ical::icalproperty_get_rrule(rule);
  if (recurrence.freq < ICAL_DAILY_RECURRENCE || recurrence.freq > ICAL_YEARLY_RECURRENCE) {
    complaints.emplace_back("it recurs within a day, its first day is taken");
    return;
  }
  // Days are walked, so that times of day and zones have no say.
  for (short* times : {recurrence.by_hour, recurrence.by_minute, recurrence.by_second}) {
    times[0] = ICAL_RECURRENCE_ARRAY_MAX;
  }
  if (ical::icaltime_is_null_time(recurrence.until) == 0) {
    const auto until = day_of(recurrence.until);
    if (!until) {
      complaints.emplace_back("the end of its rule is no day, its first day is taken");
      return;
    }
    recurrence.until = as_date(*until);
  }
  const std::unique_ptr<icalrecur_iterator, ical::Free> iterator(
      ical::icalrecur_iterator_new(recurrence, as_date(*written_day(start_))));
  if (!iterator) {
    complaints.emplace_back("its rule can't be followed, its first day is taken");
    return;
  }
  for (; budget > 0; --budget) {
    const auto day = written_day(ical::icalrecur_iterator_next(iterator.get()));
    if (!day || *day > k_last_day) {
      return;
    }
    starts.insert(*day);
  }
}

std::vector<std::string> IcalEvent::mark(DayMarks& marks, const Replaced& replaced,
                                         std::size_t& budget) const {
  std::vector<std::string> complaints;
  const auto first = written_day(start_);
  if (!first) {
    return {"it has no day on which it begins, and is left out"};
  }
  std::set<local_days> starts = {*first};
  for_each_property(component_, ICAL_RRULE_PROPERTY,
                    [&](icalproperty* rule) { expand(rule, starts, budget, complaints); });
  for_each_property(component_, ICAL_RDATE_PROPERTY, [&](icalproperty* property) {
    const icaldatetimeperiodtype value = ical::icalproperty_get_rdate(property);
    const bool is_period = ical::icaltime_is_null_time(value.time) != 0;
    if (const auto day = day_of(is_period ? value.period.start : value.time)) {
      starts.insert(*day);
    }
  });
  for_each_property(component_, ICAL_EXDATE_PROPERTY, [&](icalproperty* property) {
    if (const auto day = day_of(ical::icalproperty_get_exdate(property))) {
      starts.erase(*day);
    }
  });
  if (first_of(component_, ICAL_EXRULE_PROPERTY) != nullptr) {
    complaints.emplace_back("its EXRULE is not heeded (RFC 5545 has none)");
  }
  for_each_property(component_, ICAL_XLICERROR_PROPERTY, [&](icalproperty* property) {
    complaints.push_back("not understood: " +
                         base::quote(text_of(ical::icalproperty_get_xlicerror(property))));
  });
  const days more = length(complaints);
  const bool is_replacement = stands_for().has_value();
  for (const local_days start : starts) {
    if (is_replacement || replaced.count({uid_, start}) == 0) {
      marks.mark(start, start + more);
    }
  }
  return complaints;
}

}  // namespace sched::exchange
