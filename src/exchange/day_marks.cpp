#include "exchange/day_marks.hpp"

#include <algorithm>

namespace sched::exchange {
namespace {

using std::chrono::local_days;

constexpr local_days k_first{std::chrono::year(1970) / 1 / 1};
constexpr local_days k_last{std::chrono::year(2199) / 12 / 31};

}  // namespace

void DayMarks::mark(local_days first, local_days last) {
  static_assert((k_last - k_first).count() + 1 == k_count);
  has_left_out_ = has_left_out_ || first < k_first || last > k_last;
  last = std::min(last, k_last);
  for (local_days day = std::max(first, k_first); day <= last; day += std::chrono::days(1)) {
    marks_.set(static_cast<std::size_t>((day - k_first).count()));
  }
}

std::vector<local_days> DayMarks::days() const {
  std::vector<local_days> found;
  found.reserve(marks_.count());
  for (std::size_t i = 0; i < k_count; ++i) {
    if (marks_[i]) {
      found.push_back(k_first + std::chrono::days(static_cast<int>(i)));
    }
  }
  return found;
}

}  // namespace sched::exchange
