#include "time/calendar_scanner.hpp"

#include "base/text.hpp"
#include "time/calendar_meaning.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::time {
namespace {

constexpr std::uint64_t k_microsecond = 1'000'000;
// Beyond every bound, and small enough to be multiplied by k_microsecond.
constexpr std::uint64_t k_too_large = 1'000'000'000'000;
// As systemd's limit. Each item can stand for 60,000 readings.
constexpr std::size_t k_most_items = 240;

std::uint64_t digit(char c) {
  return static_cast<std::uint64_t>(c - '0');
}

}  // namespace

bool CalendarScanner::take(char c) {
  if (peek() != c || at_end()) {
    return false;
  }
  ++at_;
  return true;
}

void CalendarScanner::take_blanks() {
  while (take(' ')) {
  }
}

base::Error CalendarScanner::error_at(std::size_t position, std::string_view why,
                                      const std::string& hint) const {
  const auto meant = likely_meaning(whole_);
  return {base::ErrorKind::invalid_input,
          fmt::format("{}: {} at byte {}", base::quote(whole_), why, position + 1),
          meant ? *meant : hint};
}

base::Error CalendarScanner::missing(std::string_view expected, const std::string& hint) const {
  // A whole character, for a part of one can't be shown.
  std::size_t length = 1;
  while (at_ + length < text_.size() && (text_[at_ + length] & 0xC0) == 0x80) {
    ++length;
  }
  const std::string found = at_end() ? "the end" : base::quote(text_.substr(at_, length));
  return error_at(at_, fmt::format("expected {}, found {}", expected, found), hint);
}

base::Result<std::uint64_t> CalendarScanner::read_number(bool fractions) {
  if (!base::is_digit(peek())) {
    return missing("a number", peek() == '*' ? "'*' stands alone in its place, or not at all"
                                             : "write numbers, lists 1,15 and ranges 1..5");
  }
  std::uint64_t value = 0;
  for (; base::is_digit(peek()); ++at_) {
    value = std::min(value * 10 + digit(peek()), k_too_large);
  }
  if (!fractions) {
    return value;
  }
  value *= k_microsecond;
  if (peek() != '.' || rest().starts_with("..")) {
    return value;
  }
  ++at_;
  if (!base::is_digit(peek())) {
    return missing("digits of a fraction", "write 30.5 for half past second 30");
  }
  std::uint64_t weight = k_microsecond / 10;
  bool rounds = true;
  for (; base::is_digit(peek()); ++at_) {
    value += weight * digit(peek());
    if (weight == 0 && rounds) {
      value += peek() >= '5' ? 1 : 0;
      rounds = false;
    }
    weight /= 10;
  }
  return value;
}

base::Result<WrittenField> CalendarScanner::read_field(bool fractions) {
  WrittenField field;
  if (take('*')) {
    if (peek() == '/') {
      return missing(
          "nothing behind '*'",
          "'*' takes no step here: write 0/15 for every 15th from 0, 1/2 for every second "
          "from 1");
    }
    if (peek() == ',' || peek() == '.') {
      return missing("nothing behind '*'", "'*' is any value already, no list and no range");
    }
    return field;
  }
  do {
    WrittenField::Item item;
    item.at = at_;
    const auto first = read_number(fractions);
    if (!first) {
      return first.error();
    }
    item.first = *first;
    if (rest().starts_with("..")) {
      at_ += 2;
      const auto last = read_number(fractions);
      if (!last) {
        return last.error();
      }
      item.last = *last;
    }
    if (take('/')) {
      const std::size_t step_at = at_;
      const auto step = read_number(fractions);
      if (!step) {
        return step.error();
      }
      if (*step == 0) {
        return error_at(step_at, "step 0", "a step is at least 1, or leave out the step");
      }
      item.step = *step;
    }
    if (field.items.size() == k_most_items) {
      return error_at(item.at, fmt::format("more than {} items in one list", k_most_items),
                      "write ranges 1..5 and steps 0/15");
    }
    field.items.push_back(item);
  } while (take(','));
  return field;
}

}  // namespace sched::time
