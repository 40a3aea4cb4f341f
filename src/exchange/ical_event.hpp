#pragma once

#include "exchange/day_marks.hpp"
#include "time/zone.hpp"

#include <libical/ical.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace sched::exchange {

/// Occurrences that other events move or cancel: the UID and the day.
using Replaced = std::set<std::pair<std::string, std::chrono::local_days>>;

/// A VEVENT, as far as its days go.
class IcalEvent {
 public:
  /// The component has to outlive it.
  explicit IcalEvent(icalcomponent* component);

  /// As people know it: its summary, or else its UID.
  std::string name() const;
  const std::string& uid() const { return uid_; }
  bool is_cancelled() const;
  bool has_time() const { return has_time_; }
  /// The occurrence of another event with its UID that it stands for.
  std::optional<std::chrono::local_days> stands_for() const;

  /// Marks its days but for the occurrences in `replaced`. `budget` is how many occurrences may
  /// still be looked at; it ends at 0. What comes back is what was not understood.
  std::vector<std::string> mark(DayMarks& marks, const Replaced& replaced,
                                std::size_t& budget) const;

 private:
  std::optional<std::chrono::local_days> day_of(icaltimetype value) const;
  std::chrono::days length(std::vector<std::string>& complaints) const;
  void expand(icalproperty* rule, std::set<std::chrono::local_days>& starts, std::size_t& budget,
              std::vector<std::string>& complaints) const;

  icalcomponent* component_;
  std::string uid_;
  icaltimetype start_;
  std::optional<time::Zone> zone_;  ///< Of its start; for what else is written in UTC.
  bool has_time_ = false;
};

}  // namespace sched::exchange
