#include "time/duration.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

namespace sched::time {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t us;
};

constexpr std::int64_t k_ms = 1000;
constexpr std::int64_t k_second = 1000 * k_ms;
constexpr std::int64_t k_minute = 60 * k_second;
constexpr std::int64_t k_hour = 60 * k_minute;
constexpr std::int64_t k_day = 24 * k_hour;
constexpr std::int64_t k_week = 7 * k_day;

// Names as in systemd.time(7).
constexpr std::array k_units = {Unit{"us", 1},
                                Unit{"usec", 1},
                                Unit{"µs", 1},
                                Unit{"ms", k_ms},
                                Unit{"msec", k_ms},
                                Unit{"s", k_second},
                                Unit{"sec", k_second},
                                Unit{"second", k_second},
                                Unit{"seconds", k_second},
                                Unit{"m", k_minute},
                                Unit{"min", k_minute},
                                Unit{"minute", k_minute},
                                Unit{"minutes", k_minute},
                                Unit{"h", k_hour},
                                Unit{"hr", k_hour},
                                Unit{"hour", k_hour},
                                Unit{"hours", k_hour},
                                Unit{"d", k_day},
                                Unit{"day", k_day},
                                Unit{"days", k_day},
                                Unit{"w", k_week},
                                Unit{"week", k_week},
                                Unit{"weeks", k_week}};

constexpr const char* k_units_hint = "units are ms, s, m, h, d and w, as in 1h30m";

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

base::Error bad(std::string message, std::string hint) {
  return {base::ErrorKind::invalid_input, std::move(message), std::move(hint)};
}

base::Error too_long(std::string_view text) {
  return bad(fmt::format("{} is longer than can be counted", base::quote(text)),
             "durations go up to about 290000 years");
}

base::Error unknown_unit(std::string_view unit, std::string_view text) {
  for (const std::string_view calendar : {"M", "month", "months", "y", "year", "years"}) {
    if (unit == calendar) {
      return bad(fmt::format("{} in {} has no fixed length", base::quote(unit), base::quote(text)),
                 "months and years are for calendar expressions, as in --calendar monthly");
    }
  }
  std::vector<std::string> names;
  for (const Unit& known : k_units) {
    names.emplace_back(known.name);
  }
  return bad(fmt::format("{} in {} is no unit of time", base::quote(unit), base::quote(text)),
             unit.size() > 1 ? base::did_you_mean(unit, names, k_units_hint) : k_units_hint);
}

std::optional<std::int64_t> find_unit(std::string_view name) {
  for (const Unit& unit : k_units) {
    if (unit.name == name) {
      return unit.us;
    }
  }
  return std::nullopt;
}

/// Takes the leading characters for which the predicate holds.
template <typename Predicate>
std::string_view take(std::string_view& text, Predicate predicate) {
  std::size_t length = 0;
  while (length < text.size() && predicate(text[length])) {
    ++length;
  }
  const std::string_view taken = text.substr(0, length);
  text.remove_prefix(length);
  return taken;
}

/// What stands where a number was expected.
base::Error no_number(std::string_view rest, std::string_view text) {
  if (rest.front() == '-') {
    return bad(fmt::format("{} is negative", base::quote(text)), "a duration counts forward");
  }
  return bad(fmt::format("{} has {} at byte {}, expected a number", base::quote(text),
                         base::quote(rest.substr(0, 1)), text.size() - rest.size() + 1),
             "write a number and its unit, as in 90s or 1h30m");
}

}  // namespace

base::Result<Duration> parse_duration(std::string_view text) {
  std::string_view rest = base::trim(text);
  if (rest.empty()) {
    return bad("the duration is empty", "write a number and its unit, as in 90s or 1h30m");
  }
  text = rest;
  std::int64_t total_us = 0;
  while (!rest.empty()) {
    const std::string_view digits = take(rest, is_digit);
    if (digits.empty()) {
      return no_number(rest, text);
    }
    if (!rest.empty() && (rest.front() == '.' || rest.front() == ',')) {
      return bad(fmt::format("{} has a fraction, expected whole numbers", base::quote(text)),
                 "use a smaller unit beside it, as in 1h30m for 1.5h");
    }
    take(rest, is_space);
    const std::string_view unit =
        take(rest, [](char c) { return !is_digit(c) && !is_space(c) && c != '-' && c != '+'; });
    if (unit.empty()) {
      return bad(fmt::format("{} in {} has no unit", base::quote(digits), base::quote(text)),
                 fmt::format("write {0}s for seconds or {0}m for minutes", digits));
    }
    const auto factor = find_unit(unit);
    if (!factor) {
      return unknown_unit(unit, text);
    }
    std::int64_t number = 0;
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
    std::int64_t us = 0;
    if (failure != std::errc() || end != digits.data() + digits.size() ||
        __builtin_mul_overflow(number, *factor, &us) ||
        __builtin_add_overflow(total_us, us, &total_us)) {
      return too_long(text);
    }
    take(rest, is_space);
  }
  if (total_us % k_ms != 0) {
    return bad(fmt::format("{} is no whole number of milliseconds", base::quote(text)),
               "sched counts in milliseconds");
  }
  return Duration(total_us / k_ms);
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
