#include "time/timespan.hpp"

#include "base/text.hpp"
#include "time/time_unit.hpp"

#include <fmt/format.h>

#include <array>

namespace sched::time {
namespace {

constexpr std::uint64_t k_second_us = 1'000'000;
constexpr std::uint64_t k_minute_us = 60 * k_second_us;
constexpr const char* k_span_hint = "write a number and its unit, as in 90s, 5min or 1h 30min";

struct Span {
  std::string_view text;
  std::string_view rest;

  base::Error error(std::string_view why, std::string hint = k_span_hint) const {
    return {base::ErrorKind::invalid_input,
            fmt::format("{}: {} at byte {}", base::quote(text), why, text.size() - rest.size() + 1),
            std::move(hint)};
  }

  base::Error too_long() const {
    return error("more time than can be counted", "time spans go up to about 584000 years");
  }

  /// The digits behind a point, in microseconds of `unit`; what is less is dropped.
  static std::uint64_t fraction(std::string_view digits, const TimeUnit& unit) {
    std::uint64_t us = 0;
    std::uint64_t weight = unit.us / 10;
    for (const char c : digits) {
      us += weight * static_cast<std::uint64_t>(c - '0');
      weight /= 10;
    }
    return us;
  }

  /// The unit ahead; seconds where there is none.
  base::Result<TimeUnit> take_unit() {
    const bool parted = !base::take_while(rest, base::is_space).empty();
    std::string_view ahead = rest;
    const std::string_view name = base::take_while(ahead, [](char c) {
      return !base::is_digit(c) && !base::is_space(c) && c != '.' && c != '+' && c != '-';
    });
    if (name.empty() && !parted && !rest.empty()) {
      return error("expected a unit");
    }
    if (name.empty()) {
      return TimeUnit{"s", k_second_us};
    }
    const auto unit = find_time_unit(name);
    if (!unit) {
      return error(
          fmt::format("{} is no unit of time", base::quote(name)),
          name.size() > 1 ? base::did_you_mean(name, time_unit_names(), k_span_hint) : k_span_hint);
    }
    rest = ahead;
    return *unit;
  }

  /// One number with its unit.
  base::Result<std::uint64_t> take_part() {
    if (rest.front() == '-') {
      return error("negative number", "a time span counts forward");
    }
    if (rest.front() == '+') {
      rest.remove_prefix(1);
      if (rest.empty() || !base::is_digit(rest.front())) {
        return error("expected a number behind '+'");
      }
    }
    const std::string_view digits = base::take_while(rest, base::is_digit);
    std::string_view decimals;
    if (!rest.empty() && rest.front() == '.') {
      rest.remove_prefix(1);
      decimals = base::take_while(rest, base::is_digit);
      if (decimals.empty()) {
        return error("expected digits behind '.'");
      }
    } else if (digits.empty()) {
      return error("expected a number");
    }
    const auto number = digits.empty() ? std::optional<std::int64_t>(0) : base::parse_int(digits);
    if (!number) {
      return too_long();
    }
    const auto unit = take_unit();
    if (!unit) {
      return unit.error();
    }
    // As in systemd, the greatest whole number of a unit is too much already: that leaves room for
    // the fraction.
    const auto whole = static_cast<std::uint64_t>(*number);
    if (whole >= (k_infinite_span.count() - 1) / unit->us) {
      return too_long();
    }
    return whole * unit->us + fraction(decimals, *unit);
  }
};

}  // namespace

base::Result<TimeSpan> parse_timespan(std::string_view text) {
  Span span{text, text};
  base::take_while(span.rest, base::is_space);
  if (span.rest.empty()) {
    return base::Error(base::ErrorKind::invalid_input, "the time span is empty", k_span_hint);
  }
  if (base::trim(text) == "infinity") {
    return k_infinite_span;
  }
  std::uint64_t total = 0;
  while (!span.rest.empty()) {
    const auto part = span.take_part();
    if (!part) {
      return part.error();
    }
    // The greatest value is infinity.
    if (__builtin_add_overflow(total, *part, &total) || total == k_infinite_span.count()) {
      return span.too_long();
    }
    base::take_while(span.rest, base::is_space);
  }
  return TimeSpan(total);
}

std::string to_human(TimeSpan span) {
  if (span == k_infinite_span) {
    return "infinity";
  }
  std::uint64_t left = span.count();
  std::string text;
  for (const char* name : {"y", "month", "w", "d", "h", "min", "s", "ms", "us"}) {
    const std::uint64_t unit = find_time_unit(name)->us;
    if (left < unit) {
      continue;
    }
    text += fmt::format("{}{}", text.empty() ? "" : " ", left / unit);
    left %= unit;
    // Seconds and milliseconds are shown as one number with its fraction.
    if (left > 0 && unit < k_minute_us) {
      text += fmt::format(".{:0{}}", left, unit == k_second_us ? 6 : 3);
      left = 0;
    }
    text += name;
  }
  return text.empty() ? "0" : text;
}

}  // namespace sched::time
