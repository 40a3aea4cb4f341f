#include "exchange/holidays.hpp"

#include "base/text.hpp"
#include "exchange/day_marks.hpp"
#include "exchange/ical_days.hpp"
#include "time/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sched::exchange {
namespace {

using std::chrono::local_days;

constexpr const char* k_hint =
    "write a date a line, as in 2026-12-25 or 2026-12-24..2026-12-26; comments begin with '#'";

base::Error refused(int number, std::string_view why) {
  return {base::ErrorKind::invalid_input, fmt::format("line {}: {}", number, why), k_hint};
}

/// Takes a date from the front of a line.
base::Result<local_days> take_date(std::string_view& rest, int number) {
  constexpr std::size_t k_length = std::string_view("2026-12-25").size();
  const auto reading = time::parse_reading(rest.substr(0, k_length));
  if (!reading) {
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t"));
    return time::looks_like_date(rest)
               ? refused(number, reading.error().message())
               : refused(number, fmt::format("{} is no date", base::quote(word)));
  }
  rest.remove_prefix(k_length);
  return std::chrono::floor<std::chrono::days>(reading->local);
}

/// Reads one line that is neither empty nor a comment.
base::Result<std::pair<local_days, local_days>> read_line(std::string_view line, int number) {
  std::string_view rest = line;
  const auto first = take_date(rest, number);
  if (!first) {
    return first.error();
  }
  auto last = *first;
  if (base::trim(rest).starts_with("..")) {
    rest = base::trim(base::trim(rest).substr(2));
    const auto end = take_date(rest, number);
    if (!end) {
      return end.error();
    }
    last = *end;
    if (last < *first) {
      return refused(number, fmt::format("{} runs backwards", base::quote(line)));
    }
  }
  if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t') {
    return refused(number, fmt::format("{} stands right behind the date", base::quote(rest)));
  }
  // Another date would be taken for words, and with it days would be missed.
  if (time::looks_like_date(base::trim(rest))) {
    return refused(number, fmt::format("{} is a second date", base::quote(base::trim(rest))));
  }
  return std::pair(*first, last);
}

base::Result<DaySet> parse_list(std::string_view text) {
  DayMarks marks;
  int number = 0;
  for (const std::string& written : base::split(text, '\n')) {
    ++number;
    const std::string_view line =
        base::trim(std::string_view(written).substr(0, written.find('#')));
    if (line.empty()) {
      continue;
    }
    const auto days = read_line(line, number);
    if (!days) {
      return days.error();
    }
    marks.mark(days->first, days->second);
  }
  return DaySet{marks.days(), {}};
}

}  // namespace

base::Result<DaySet> parse_holidays(std::string_view text) {
  constexpr std::string_view k_byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(k_byte_order_mark)) {
    text.remove_prefix(k_byte_order_mark.size());
  }
  auto read = looks_like_ical(text) ? parse_ical_days(text) : parse_list(text);
  if (!read || !read->days.empty()) {
    return read;
  }
  DaySet set = std::move(read).value();
  set.notes.push_back({0, Note::Kind::ignored, "there is no day in it"});
  return set;
}

bool contains(const DaySet& set, local_days day) {
  return std::binary_search(set.days.begin(), set.days.end(), day);
}

}  // namespace sched::exchange
