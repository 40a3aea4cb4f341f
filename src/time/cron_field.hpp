#pragma once

#include "base/result.hpp"
#include "time/cron_dialect.hpp"

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::time {

/// What a field of a cron expression counts.
enum class CronUnit { second, minute, hour, day_of_month, month, day_of_week, year };

/// A field of an expression while it is read.
struct CronField {
  std::string_view expression;  ///< The whole of it; all pieces below are views into it.
  std::string_view text;
  CronUnit unit = CronUnit::minute;
  CronDialect dialect = CronDialect::standard;
  std::string_view task_name;  ///< What "~" picks by.
};

/// What the items of a field say together: value v at v - base, see CronBounds.
using CronValues = std::bitset<530>;

/// The values of a unit.
struct CronBounds {
  int least;
  int most;  ///< 7 for the day of the week, which is Sunday like 0.
  int base;  ///< Where CronValues begins: 1970 for the year, else 0.
};

CronBounds bounds_of(CronUnit unit);
/// As in messages: "day of month".
const char* name_of(CronUnit unit);

/// The refusal of `piece`, a part of the field's text.
base::Error refuse_cron(const CronField& field, std::string_view piece, const std::string& reason,
                        std::string hint);

/// A number or, where the unit has them, a name of three letters: "5", "05", "fri".
base::Result<int> parse_cron_value(const CronField& field, std::string_view piece);

/// Takes one item of a field, which is a list of them: "*", "*/5", "7", "1-5", "1-5/2", "1~5", and
/// "5/15" in the extended dialect. `index` is its place in the list, from 0. Adds to `values`, and
/// what the person should be told to `warnings`.
std::optional<base::Error> take_cron_item(const CronField& field, std::string_view item,
                                          std::size_t index, CronValues& values,
                                          std::vector<std::string>& warnings);

}  // namespace sched::time
