#include "time/duration.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "time/time_unit.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

namespace sched::time {
namespace {

constexpr std::int64_t k_us_per_ms = 1000;
constexpr const char* k_units_hint = "units are us, ms, s, m, h, d and w, as in 1h30m";

base::Error too_long(std::string_view text) {
  return base::bad_input(fmt::format("{} is longer than can be counted", base::quote(text)),
                         "durations go up to about 290000 years");
}

/// Looks up a unit that has a fixed length; `text` is what the person wrote.
base::Result<TimeUnit> find_unit(std::string_view name, std::string_view text) {
  const auto unit = find_time_unit(name);
  if (!unit) {
    return base::bad_input(
        fmt::format("{} in {} is no unit of time", base::quote(name), base::quote(text)),
        name.size() > 1 ? base::did_you_mean(name, time_unit_names(), k_units_hint) : k_units_hint);
  }
  if (!unit->has_fixed_length) {
    return base::bad_input(
        fmt::format("{} in {} has no fixed length", base::quote(name), base::quote(text)),
        "months and years are for calendar expressions, as in --calendar monthly");
  }
  return *unit;
}

/// What stands where a number was expected.
base::Error no_number(std::string_view rest, std::string_view text) {
  if (rest.front() == '-') {
    return base::bad_input(fmt::format("{} is negative", base::quote(text)),
                           "a duration counts forward");
  }
  return base::bad_input(fmt::format("{} has {} at byte {}, expected a number", base::quote(text),
                                     base::quote(rest.substr(0, 1)), text.size() - rest.size() + 1),
                         "write a number and its unit, as in 90s or 1h30m");
}

}  // namespace

base::Result<Duration> parse_duration(std::string_view text) {
  std::string_view rest = base::trim(text);
  if (rest.empty()) {
    return base::bad_input("the duration is empty",
                           "write a number and its unit, as in 90s or 1h30m");
  }
  text = rest;
  std::int64_t total_us = 0;
  while (!rest.empty()) {
    const std::string_view digits = base::take_while(rest, base::is_digit);
    if (digits.empty()) {
      return no_number(rest, text);
    }
    if (!rest.empty() && (rest.front() == '.' || rest.front() == ',')) {
      return base::bad_input(
          fmt::format("{} has a fraction, expected whole numbers", base::quote(text)),
          "use a smaller unit beside it, as in 1h30m for 1.5h");
    }
    base::take_while(rest, base::is_space);
    const std::string_view unit = base::take_while(rest, [](char c) {
      return !base::is_digit(c) && !base::is_space(c) && c != '-' && c != '+';
    });
    if (unit.empty()) {
      return base::bad_input(
          fmt::format("{} in {} has no unit", base::quote(digits), base::quote(text)),
          fmt::format("write {0}s for seconds or {0}m for minutes", digits));
    }
    const auto found = find_unit(unit, text);
    if (!found) {
      return found.error();
    }
    std::int64_t number = 0;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    std::int64_t us = 0;
    if (failure != std::errc() || end != digits.data() + digits.size() ||
        __builtin_mul_overflow(number, found->us, &us) ||
        __builtin_add_overflow(total_us, us, &total_us)) {
      return too_long(text);
    }
    base::take_while(rest, base::is_space);
  }
  if (total_us % k_us_per_ms != 0) {
    return base::bad_input(fmt::format("{} is no whole number of milliseconds", base::quote(text)),
                           "sched counts in milliseconds: write a multiple of 1000us");
  }
  return Duration(total_us / k_us_per_ms);
}

std::string to_string(Duration duration) {
  // Negated as unsigned, because the least value has no positive counterpart.
  const std::int64_t count = duration.count();
  auto ms = static_cast<std::uint64_t>(count);
  std::string text;
  if (count < 0) {
    ms = 0 - ms;
    text = "-";
  }
  if (ms == 0) {
    return "0s";
  }
  struct Step {
    const char* unit;
    std::uint64_t ms;
  };
  for (const Step& step : {Step{"d", 86'400'000}, Step{"h", 3'600'000}, Step{"m", 60'000},
                           Step{"s", 1000}, Step{"ms", 1}}) {
    if (ms >= step.ms) {
      text += fmt::format("{}{}", ms / step.ms, step.unit);
      ms %= step.ms;
    }
  }
  return text;
}

}  // namespace sched::time
