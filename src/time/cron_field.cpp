#include "time/cron_field.hpp"

#include "base/text.hpp"
#include "time/stable_pick.hpp"

#include <fmt/format.h>

#include <limits>

namespace sched::time {
namespace {

struct Range {
  int first;
  int last;
};

/// "every 5 minutes", or "every minute" for no step.
std::string every(CronUnit unit, std::string_view step) {
  const bool is_day = unit == CronUnit::day_of_month || unit == CronUnit::day_of_week;
  const char* name = is_day ? "day" : name_of(unit);
  return step.empty() ? fmt::format("every {}", name) : fmt::format("every {} {}s", step, name);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

base::Error descending(const CronField& field, std::string_view piece, int first, int last) {
  const CronBounds bounds = bounds_of(field.unit);
  const auto range = [](int from, int to) {
    return from == to ? std::to_string(from) : fmt::format("{}-{}", from, to);
  };
  std::string meant = range(first, bounds.most) + "," + range(bounds.least, last);
  if (field.unit == CronUnit::day_of_week) {
    meant = first == 7 ? range(0, last) : range(first, 6) + "," + range(0, last);
  }
  if (piece.find('~') != std::string_view::npos) {
    meant = fmt::format("{}~{}", last, first);
  }
  return refuse_cron(field, piece, fmt::format("the range {} goes backwards", base::quote(piece)),
                     fmt::format("did you mean {}?", meant));
}

/// "1-5", or "1~5" by that sign, of which `missing_ends` may be left out.
base::Result<Range> parse_range(const CronField& field, std::string_view piece, std::size_t sign,
                                bool missing_ends) {
  const CronBounds bounds = bounds_of(field.unit);
  const std::string_view first_text = piece.substr(0, sign);
  const std::string_view last_text = piece.substr(sign + 1);
  Range range = {bounds.least, bounds.most};
  if (!missing_ends || !first_text.empty()) {
    const auto first = parse_cron_value(field, first_text);
    if (!first) {
      return first.error();
    }
    range.first = *first;
  }
  if (!missing_ends || !last_text.empty()) {
    const auto last = parse_cron_value(field, last_text);
    if (!last) {
      return last.error();
    }
    range.last = *last;
  } else if (field.unit == CronUnit::day_of_week && range.first < 7) {
    range.last = 6;  // else Sunday would be picked twice as often
  }
  if (field.unit == CronUnit::day_of_week && range.last == 0 && range.first > 0) {
    range.last = 7;  // "fri-sun"
  }
  if (range.first > range.last) {
    return descending(field, piece, range.first, range.last);
  }
  return range;
}

/// What may stand before a step, or alone.
base::Result<Range> parse_head(const CronField& field, std::string_view head, bool has_step) {
  const CronBounds bounds = bounds_of(field.unit);
  if (head == "*") {
    return Range{bounds.least, bounds.most};
  }
  if (head.starts_with('*')) {
    const std::string_view rest = head.substr(1);
    return refuse_cron(field, rest, fmt::format("{} follows the star", base::quote(rest)),
                       is_number(rest) ? fmt::format("did you mean */{0}, {1}, or {0} alone?", rest,
                                                     every(field.unit, rest))
                                       : "behind * only a step may follow, as in */5");
  }
  if (head.starts_with('-')) {
    return refuse_cron(field, head, fmt::format("{} is no whole number", base::quote(head)),
                       "numbers have no sign, and ranges begin with a number");
  }
  const auto dash = head.find('-');
  if (dash != std::string_view::npos) {
    return parse_range(field, head, dash, false);
  }
  const auto value = parse_cron_value(field, head);
  if (!value) {
    return value.error();
  }
  if (!has_step) {
    return Range{*value, *value};
  }
  if (field.unit == CronUnit::day_of_week) {
    return Range{*value % 7, 6};
  }
  return Range{*value, bounds.most};
}

base::Result<int> parse_step(const CronField& field, std::string_view text) {
  const auto number = base::parse_int(text);
  if (!is_number(text) || !number || *number > std::numeric_limits<int>::max()) {
    return refuse_cron(field, text, fmt::format("{} is no step", base::quote(text)),
                       text.find('/') != std::string_view::npos
                           ? "a range has one step"
                           : "a step is a whole number, as in */5");
  }
  if (*number == 0) {
    return refuse_cron(field, text, "a step of 0 stands still",
                       fmt::format("leave out the step for {}", every(field.unit, "")));
  }
  return static_cast<int>(*number);
}

/// The refusal of "5/15".
base::Error needs_range(const CronField& field, std::string_view item, const Range& range,
                        int step) {
  const bool is_all = range.first == bounds_of(field.unit).least;
  const std::string meant =
      is_all ? fmt::format("*/{}", step) : fmt::format("{}-{}/{}", range.first, range.last, step);
  const std::string from = is_all ? "" : fmt::format(" from {} on", range.first);
  return refuse_cron(field, item, "a step needs a range before it",
                     fmt::format("did you mean {}, {}{}? --dialect extended takes {} so", meant,
                                 every(field.unit, std::to_string(step)), from, base::quote(item)));
}

std::optional<base::Error> take_random(const CronField& field, std::string_view item,
                                       std::size_t sign, std::size_t index, CronValues& values) {
  const auto range = parse_range(field, item, sign, true);
  if (!range) {
    return range.error();
  }
  const std::string purpose = fmt::format("{} {}", name_of(field.unit), index);
  const int picked = stable_pick(field.task_name, purpose, range->first, range->last);
  values.set(static_cast<std::size_t>(picked - bounds_of(field.unit).base));
  return std::nullopt;
}

}  // namespace

std::optional<base::Error> take_cron_item(const CronField& field, std::string_view item,
                                          std::size_t index, CronValues& values,
                                          std::vector<std::string>& warnings) {
  if (item.empty()) {
    return refuse_cron(field, item, "an item of the list is empty",
                       "write lists with one comma between two values and no blanks, as in 1,15");
  }
  const auto slash = item.find('/');
  const std::string_view head = item.substr(0, slash);
  const bool has_step = slash != std::string_view::npos;
  if (const auto tilde = head.find('~'); tilde != std::string_view::npos) {
    if (has_step) {
      return refuse_cron(field, item.substr(slash), "~ picks one value, and that has no step",
                         fmt::format("leave out {}", base::quote(item.substr(slash))));
    }
    return take_random(field, item, tilde, index, values);
  }
  const auto range = parse_head(field, head, has_step);
  if (!range) {
    return range.error();
  }
  int step = 1;
  if (has_step) {
    const auto parsed = parse_step(field, item.substr(slash + 1));
    if (!parsed) {
      return parsed.error();
    }
    step = *parsed;
    const bool is_range = head == "*" || head.find('-') != std::string_view::npos;
    if (!is_range && field.dialect == CronDialect::standard) {
      return needs_range(field, item, *range, step);
    }
    if (step > range->last - range->first && range->last > range->first) {
      warnings.push_back(fmt::format("{} {} means {} only, for its step is longer than {}-{}",
                                     name_of(field.unit), base::quote(item), range->first,
                                     range->first, range->last));
    }
  }
  const int base = bounds_of(field.unit).base;
  for (std::int64_t value = range->first; value <= range->last; value += step) {
    values.set(static_cast<std::size_t>(value - base));
  }
  return std::nullopt;
}

}  // namespace sched::time
