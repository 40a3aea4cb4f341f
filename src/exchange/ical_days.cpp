#include "exchange/ical_days.hpp"

#include "base/text.hpp"
#include "exchange/ical_event.hpp"
#include "exchange/ical_library.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace sched::exchange {
namespace {

constexpr const char* k_calendar_hint =
    "export the calendar again, or write a date a line, as in 2026-12-25";
constexpr int k_deepest = 32;
// Far more than calendars have, and a few seconds of work.
constexpr std::size_t k_most_occurrences = 1'000'000;

base::Error refused(std::string why) {
  return {base::ErrorKind::invalid_input, std::move(why), k_calendar_hint};
}

/// Whether a line begins so, in any case.
bool begins(std::string_view line, std::string_view upper) {
  return line.size() >= upper.size() &&
         std::equal(upper.begin(), upper.end(), line.begin(), [](char expected, char c) {
           return expected == (c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
         });
}

/// libical takes what is cut off for whole, and its events would be missed in silence.
std::optional<base::Error> check_frame(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) {
    return refused("the calendar is no text");
  }
  int depth = 0;
  int number = 0;
  for (const std::string& line : base::split(text, '\n')) {
    ++number;
    if (begins(line, "BEGIN:") && ++depth > k_deepest) {
      return refused(fmt::format("line {}: components lie too deep in one another", number));
    }
    if (begins(line, "END:") && --depth < 0) {
      return refused(fmt::format("line {}: END without BEGIN", number));
    }
  }
  return depth == 0 ? std::nullopt
                    : std::optional(refused("the calendar is cut off: a BEGIN has no END"));
}

/// All events, at whatever depth.
void collect(icalcomponent* parent, std::vector<IcalEvent>& events) {
  for (icalcomponent* child = ical::icalcomponent_get_first_component(parent, ICAL_ANY_COMPONENT);
       child != nullptr;
       child = ical::icalcomponent_get_next_component(parent, ICAL_ANY_COMPONENT)) {
    if (ical::icalcomponent_isa(child) == ICAL_VEVENT_COMPONENT) {
      events.emplace_back(child);
    } else {
      collect(child, events);
    }
  }
}

Note note(Note::Kind kind, std::string what) {
  return {0, kind, std::move(what)};
}

}  // namespace

bool looks_like_ical(std::string_view text) {
  return begins(base::trim(text), "BEGIN:VCALENDAR");
}

base::Result<DaySet> parse_ical_days(std::string_view text) {
  if (auto error = check_frame(text)) {
    return *std::move(error);
  }
  // Else libical would end the program, in builds that ask for it.
  ical::icalerror_set_errors_are_fatal(0);
  const std::unique_ptr<icalcomponent, ical::Free> calendar(
      ical::icalparser_parse_string(std::string(text).c_str()));
  if (!calendar) {
    return refused("the calendar can't be read");
  }
  std::vector<IcalEvent> events;
  collect(calendar.get(), events);

  Replaced replaced;
  for (const IcalEvent& event : events) {
    if (const auto day = event.stands_for()) {
      replaced.emplace(event.uid(), *day);
    }
  }
  DaySet set;
  DayMarks marks;
  std::size_t budget = k_most_occurrences;
  std::size_t with_time = 0;
  for (const IcalEvent& event : events) {
    if (event.is_cancelled()) {
      continue;
    }
    for (const std::string& complaint : event.mark(marks, replaced, budget)) {
      set.notes.push_back(
          note(Note::Kind::changed, fmt::format("event {}: {}", event.name(), complaint)));
    }
    if (budget == 0) {
      return refused(fmt::format("event {}: more than {} occurrences in the calendar", event.name(),
                                 k_most_occurrences));
    }
    with_time += event.has_time() ? 1 : 0;
  }
  if (with_time > 0) {
    set.notes.push_back(note(Note::Kind::changed,
                             fmt::format("{} {} a time of day; the whole days are taken", with_time,
                                         with_time == 1 ? "event has" : "events have")));
  }
  if (marks.has_left_out()) {
    set.notes.push_back(note(Note::Kind::ignored, "days outside 1970-2199 are left out"));
  }
  set.days = marks.days();
  return set;
}

}  // namespace sched::exchange
