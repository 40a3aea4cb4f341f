#include "time/cron.hpp"

#include "base/text.hpp"
#include "time/cron_day.hpp"
#include "time/cron_field.hpp"
#include "time/cron_macro.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::time {
namespace {

constexpr std::string_view k_blanks = " \t";

/// What a field came down to.
struct Taken {
  CronValues values;
  bool begins_with_star = false;
};

std::vector<std::string_view> field_words(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t begin = text.find_first_not_of(k_blanks); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(k_blanks, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(k_blanks, end);
  }
  return words;
}

bool looks_like_field(std::string_view word) {
  return word.find_first_not_of("0123456789*/,-~?#LWlw") == std::string_view::npos;
}

base::Error wrong_count(const std::vector<std::string_view>& words, CronDialect dialect) {
  const bool extended = dialect == CronDialect::extended;
  const std::string message =
      fmt::format("{} field{}, expected {}", words.size(), words.size() == 1 ? "" : "s",
                  extended ? "5, 6 with the second in front, or 7 with the year behind as well"
                           : "5: minute, hour, day of month, month, day of week");
  std::string hint = "as in 30 6 * * 1-5, at 06:30 from Monday to Friday";
  const bool is_torn = std::any_of(words.begin(), words.end(), [](std::string_view word) {
    return word.ends_with(',') || word.starts_with(',') || word.ends_with('-') ||
           (word.starts_with('-') && word.size() > 1);
  });
  if (words.size() > 5 && is_torn) {
    hint = "lists and ranges have no blanks in them, as in 1,15 and 1-5";
  } else if (words.size() > 5 && !looks_like_field(words[5])) {
    hint = "the command is not part of the expression";
  } else if ((words.size() == 6 || words.size() == 7) && !extended) {
    hint = "--dialect extended takes the second in front, and the year behind as a seventh";
  } else if (words.size() < 5 && std::all_of(words.begin(), words.end(), looks_like_field)) {
    hint = "write * for a field that may be anything";
  }
  return {base::ErrorKind::invalid_input, message, std::move(hint)};
}

/// Adds what the field says of days in ways that only the extended dialect has to `days`.
base::Result<Taken> take_field(const CronField& field, DayRule& days,
                               std::vector<std::string>& warnings) {
  Taken taken;
  taken.begins_with_star = field.text.starts_with('*') || field.text == "?";
  if (field.text == "?" && field.dialect == CronDialect::extended) {
    taken.values.set();
  }
  std::size_t index = 0;
  for (std::size_t begin = 0; begin <= field.text.size(); ++index) {
    const std::size_t end = std::min(field.text.find(',', begin), field.text.size());
    const std::string_view item = field.text.substr(begin, end - begin);
    std::optional<base::Error> refusal;
    if (!is_extended_day(field, item)) {
      refusal = take_cron_item(field, item, index, taken.values, warnings);
    } else {
      refusal = take_extended_day(field, item, days);
      if (!refusal && field.dialect == CronDialect::standard) {
        refusal =
            refuse_cron(field, item, fmt::format("{} is not standard cron", base::quote(item)),
                        "--dialect extended takes it");
      }
    }
    if (refusal) {
      return *refusal;
    }
    begin = end + 1;
  }
  return taken;
}

std::vector<CronUnit> units_of(std::size_t count) {
  std::vector<CronUnit> units = {CronUnit::minute, CronUnit::hour, CronUnit::day_of_month,
                                 CronUnit::month, CronUnit::day_of_week};
  if (count > units.size()) {
    units.insert(units.begin(), CronUnit::second);
  }
  if (count > units.size()) {
    units.push_back(CronUnit::year);
  }
  return units;
}

std::uint64_t bits(const CronValues& values, CronUnit unit) {
  const auto bounds = bounds_of(unit);
  const std::uint64_t all = (std::uint64_t{2} << static_cast<unsigned>(bounds.most)) - 1;
  return (values & CronValues(all)).to_ullong();
}

/// Puts what a field says where it belongs.
void keep(CronUnit unit, const Taken& taken, Readings& readings) {
  switch (unit) {
    case CronUnit::second:
      readings.seconds_ms.clear();
      for (std::uint16_t second = 0; second < 60; ++second) {
        if (taken.values[second]) {
          readings.seconds_ms.push_back(static_cast<std::uint16_t>(second * 1000));
        }
      }
      return;
    case CronUnit::minute:
      readings.minutes = bits(taken.values, unit);
      readings.is_wildcard |= taken.begins_with_star;
      return;
    case CronUnit::hour:
      readings.hours = static_cast<std::uint32_t>(bits(taken.values, unit));
      readings.is_wildcard |= taken.begins_with_star;
      return;
    case CronUnit::day_of_month:
      readings.days.days = static_cast<std::uint32_t>(bits(taken.values, unit)) & ~1U;
      readings.days.either &= !taken.begins_with_star;
      return;
    case CronUnit::month:
      readings.days.months = static_cast<std::uint16_t>(bits(taken.values, unit));
      return;
    case CronUnit::day_of_week: {
      const std::uint64_t days = bits(taken.values, unit);
      readings.days.weekdays = static_cast<std::uint8_t>((days | days >> 7U) & 0x7FU);
      readings.days.either &= !taken.begins_with_star;
      return;
    }
    case CronUnit::year:
      readings.days.years = taken.values;
      return;
  }
}

}  // namespace

base::Result<CronExpression> parse_cron(std::string_view text, CronDialect dialect,
                                        std::string_view task_name) {
  std::string_view fields = base::trim(text);
  CronExpression expression;
  expression.text = fields;
  if (fields.empty()) {
    return base::Error(base::ErrorKind::invalid_input, "the expression is empty",
                       "as in 30 6 * * 1-5, at 06:30 from Monday to Friday");
  }
  if (fields.starts_with('@')) {
    const auto expanded = expand_cron_macro(fields);
    if (!expanded) {
      return expanded.error();
    }
    if (expanded->empty()) {
      expression.at_boot = true;
      return expression;
    }
    fields = *expanded;
    text = fields;
  }
  const std::vector<std::string_view> words = field_words(fields);
  const std::size_t most = dialect == CronDialect::extended ? 7 : 5;
  if (words.size() < 5 || words.size() > most) {
    return wrong_count(words, dialect);
  }
  const std::vector<CronUnit> units = units_of(words.size());
  expression.readings.days.either = true;  // until one of them begins with a star
  for (std::size_t i = 0; i < words.size(); ++i) {
    const CronField field = {text, words[i], units[i], dialect, task_name};
    const auto taken = take_field(field, expression.readings.days, expression.warnings);
    if (!taken) {
      return taken.error();
    }
    keep(units[i], *taken, expression.readings);
  }
  return expression;
}

}  // namespace sched::time
