#include "base/text.hpp"
#include "time/cron_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace sched::time {
namespace {

/// In ascending order, the first being the least value.
std::vector<std::string> names_in(CronUnit unit) {
  switch (unit) {
    case CronUnit::month:
      return {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    case CronUnit::day_of_week:
      return {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    case CronUnit::second:
    case CronUnit::minute:
    case CronUnit::hour:
    case CronUnit::day_of_month:
    case CronUnit::year:
      break;
  }
  return {};
}

/// What a number out of bounds was probably meant for.
std::string meaning_of(CronUnit unit, std::optional<std::int64_t> number) {
  constexpr const char* k_order = "the minute comes before the hour, as in 30 6 * * * for 06:30";
  const std::int64_t value = number.value_or(-1);
  switch (unit) {
    case CronUnit::second:
    case CronUnit::minute:
      if (value != 60) {
        return k_order;
      }
      return unit == CronUnit::minute
                 ? "the full hour is minute 0, so every 60 minutes is 0 * * * *"
                 : "the full minute is second 0";
    case CronUnit::hour:
      return value == 24 ? "midnight is hour 0" : k_order;
    case CronUnit::day_of_month:
      return "days of the month are 1-31, and the last is L with --dialect extended";
    case CronUnit::month:
      return "months are 1-12 or jan-dec, in the field behind the day of the month";
    case CronUnit::day_of_week:
      return "days of the week are 0-7 or sun-sat, 0 and 7 being Sunday";
    case CronUnit::year:
      return "years are written in full, as in 2030";
  }
  return {};
}

base::Error no_such_name(const CronField& field, std::string_view piece) {
  const std::vector<std::string> names = names_in(field.unit);
  const std::string reason =
      fmt::format("{} is no {}", base::quote(piece),
                  names.empty() ? "number" : fmt::format("number and no {}", name_of(field.unit)));
  if (base::lower_case(piece) == "h") {
    return refuse_cron(field, piece, reason, "to spread tasks write ~ for the H of Jenkins");
  }
  if (names.empty()) {
    return refuse_cron(field, piece, reason,
                       "names are for the month (jan-dec) and the day of the week (sun-sat), the "
                       "last two of the five fields");
  }
  const std::string short_form = base::lower_case(piece).substr(0, 3);
  const bool is_long_form = std::find(names.begin(), names.end(), short_form) != names.end();
  return refuse_cron(
      field, piece, reason,
      is_long_form
          ? fmt::format("did you mean '{}'? names have three letters", short_form)
          : base::did_you_mean(base::lower_case(piece), names,
                               fmt::format("names are {}-{}", names.front(), names.back())));
}

base::Error no_number(const CronField& field, std::string_view piece) {
  const std::string reason = fmt::format("{} is no whole number", base::quote(piece));
  if (piece.front() == '-' || piece.front() == '+') {
    return refuse_cron(field, piece, reason, "numbers have no sign");
  }
  if (piece.find_first_of("\"'") != std::string_view::npos) {
    return refuse_cron(field, piece, reason, "quote the expression as a whole, not its parts");
  }
  if (piece == "*") {
    return refuse_cron(field, piece, reason, "* stands alone or before a step, as in */5");
  }
  if (piece == "?") {
    return refuse_cron(field, piece, reason,
                       "write * for any; ? is for the days, with --dialect extended");
  }
  const auto* const end = std::find_if_not(piece.begin(), piece.end(), base::is_digit);
  return refuse_cron(field, piece, reason,
                     end == piece.begin()
                         ? "write numbers with the digits 0-9"
                         : fmt::format("nothing may follow {}", base::quote({piece.begin(), end})));
}

}  // namespace

CronBounds bounds_of(CronUnit unit) {
  switch (unit) {
    case CronUnit::second:
    case CronUnit::minute:
      return {0, 59, 0};
    case CronUnit::hour:
      return {0, 23, 0};
    case CronUnit::day_of_month:
      return {1, 31, 0};
    case CronUnit::month:
      return {1, 12, 0};
    case CronUnit::day_of_week:
      return {0, 7, 0};
    case CronUnit::year:
      return {1970, 2499, 1970};
  }
  return {0, 0, 0};
}

const char* name_of(CronUnit unit) {
  switch (unit) {
    case CronUnit::second:
      return "second";
    case CronUnit::minute:
      return "minute";
    case CronUnit::hour:
      return "hour";
    case CronUnit::day_of_month:
      return "day of month";
    case CronUnit::month:
      return "month";
    case CronUnit::day_of_week:
      return "day of week";
    case CronUnit::year:
      return "year";
  }
  return "";
}

base::Error refuse_cron(const CronField& field, std::string_view piece, const std::string& reason,
                        std::string hint) {
  return {base::ErrorKind::invalid_input,
          fmt::format("{} {}, byte {}: {}", name_of(field.unit), base::quote(field.text),
                      piece.data() - field.expression.data() + 1, reason),
          std::move(hint)};
}

base::Result<int> parse_cron_value(const CronField& field, std::string_view piece) {
  if (piece.empty()) {
    return refuse_cron(field, piece, "a number is missing",
                       "write values as in 5, ranges as in 1-5, lists as in 1,3,5");
  }
  if (std::all_of(piece.begin(), piece.end(), base::is_digit)) {
    const CronBounds bounds = bounds_of(field.unit);
    const auto number = base::parse_int(piece);
    if (!number || *number < bounds.least || *number > bounds.most) {
      return refuse_cron(
          field, piece,
          fmt::format("{} is outside {}-{}", number ? std::to_string(*number) : base::quote(piece),
                      bounds.least, bounds.most),
          meaning_of(field.unit, number));
    }
    return static_cast<int>(*number);
  }
  if (!std::all_of(piece.begin(), piece.end(), base::is_letter)) {
    return no_number(field, piece);
  }
  const std::vector<std::string> names = names_in(field.unit);
  const auto name = std::find(names.begin(), names.end(), base::lower_case(piece));
  if (name == names.end()) {
    return no_such_name(field, piece);
  }
  return bounds_of(field.unit).least + static_cast<int>(name - names.begin());
}

}  // namespace sched::time
