#pragma once

#include <cstddef>

namespace sched::store {

/// One statement for so many rows costs less than half of what one for each does. `row` is "(?,
/// ?)", and its parameters are bound in the order in which they stand.
constexpr std::size_t k_rows_at_once = 50;
#define SCHED_FIVE_ROWS(row) row ", " row ", " row ", " row ", " row
#define SCHED_TEN_ROWS(row) SCHED_FIVE_ROWS(row) ", " SCHED_FIVE_ROWS(row)
#define SCHED_ROWS_AT_ONCE(row)                                                                   \
  SCHED_TEN_ROWS(row)                                                                             \
  ", " SCHED_TEN_ROWS(row) ", " SCHED_TEN_ROWS(row) ", " SCHED_TEN_ROWS(row) ", " SCHED_TEN_ROWS( \
      row)

/// Has `many` take as many of `all` as go into one statement, as long as there are enough, and
/// `one` each of the rest. Both are given places.
template <typename Many, typename One>
void in_rows_at_once(std::size_t count, const Many& many, const One& one) {
  std::size_t next = 0;
  for (; count - next >= k_rows_at_once; next += k_rows_at_once) {
    many(next);
  }
  for (; next < count; ++next) {
    one(next);
  }
}

}  // namespace sched::store
