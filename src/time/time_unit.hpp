#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::time {

/// A unit of elapsed time, by one of its names in systemd.time(7).
struct TimeUnit {
  std::string_view name;
  std::uint64_t us;
  bool has_fixed_length = true;  ///< Not so months and years, which stand for their mean length.
};

/// Empty when there is none of that name; "M" is a month, "m" a minute.
std::optional<TimeUnit> find_time_unit(std::string_view name);

std::vector<std::string> time_unit_names();

}  // namespace sched::time
