#pragma once

#include <bitset>
#include <chrono>
#include <vector>

namespace sched::exchange {

/// Which days of the years 1970 to 2199 are meant; others are left out, and it is known that some
/// were.
class DayMarks {
 public:
  void mark(std::chrono::local_days first, std::chrono::local_days last);

  /// Ascending, each once.
  std::vector<std::chrono::local_days> days() const;
  bool has_left_out() const { return has_left_out_; }

 private:
  static constexpr std::size_t k_count = 84'006;
  std::bitset<k_count> marks_;
  bool has_left_out_ = false;
};

}  // namespace sched::exchange
