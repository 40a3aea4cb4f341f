#pragma once

#include "base/result.hpp"
#include "exchange/notes.hpp"

#include <chrono>
#include <string_view>
#include <vector>

namespace sched::exchange {

/// Days on which a schedule rests.
struct DaySet {
  std::vector<std::chrono::local_days> days;  ///< Ascending, each once; of 1970-2199.
  std::vector<Note> notes;                    ///< What was not taken as it stands.
};

/// Reads days from iCalendar (RFC 5545) or from a list with a date a line.
///
/// iCalendar: every day that a VEVENT touches, whole, by the date that is written there, whatever
/// its zone, and whether it makes one busy (TRANSP) or not. DTEND, DURATION, RRULE, RDATE, EXDATE
/// and moved or cancelled occurrences are heeded; a rule without an end goes on to 2199. What is
/// cancelled is no event. What can't be understood is left out, with a note.
///
/// List: "2026-12-25", "2026-12-24..2026-12-26"; words behind a blank, empty lines and comments
/// from "#" on mean nothing.
///
/// Refused (ErrorKind::invalid_input): a line of a list that is no date, by its number; iCalendar
/// that is cut off or can't be read at all.
base::Result<DaySet> parse_holidays(std::string_view text);

bool contains(const DaySet& set, std::chrono::local_days day);

}  // namespace sched::exchange
