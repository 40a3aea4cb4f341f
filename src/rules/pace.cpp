#include "rules/pace.hpp"

#include <algorithm>

namespace sched::rules {
namespace {

/// The latest counts for so much: a few runs tell that the others are short, or no longer are.
constexpr double k_share_of_latest = 0.125;
constexpr time::Duration k_shortest = std::chrono::milliseconds(1);
constexpr time::Duration k_slow = std::chrono::seconds(1);

}  // namespace

void Pace::heard(time::Duration elapsed) {
  const auto latest = static_cast<double>(std::max(elapsed, k_shortest).count());
  usual_ms_ = usual_ms_ ? *usual_ms_ + (latest - *usual_ms_) * k_share_of_latest : latest;
}

void Pace::was_too_slow() {
  heard(k_slow);
}

int Pace::ahead(int slots) const {
  if (!usual_ms_) {
    return 0;
  }
  const double runs = static_cast<double>(k_ahead.count()) / *usual_ms_ * slots;
  return static_cast<int>(std::min<double>(runs, k_most_ahead));
}

}  // namespace sched::rules
