#include "render/phrase.hpp"

#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <iterator>

namespace sched::render {
namespace {

struct Unit {
  std::int64_t seconds;
  const char* shortest;
  const char* word;
};

constexpr Unit k_units[] = {
    {86'400, "d", "day"}, {3'600, "h", "h"}, {60, "m", "min"}, {1, "s", "s"}};

/// One unit, the way people speak of a distance: "3 min", "2 days".
std::string roughly(std::int64_t seconds) {
  for (std::size_t i = 0; i + 1 < std::size(k_units); ++i) {
    // Below two of a unit the next smaller one says more: "90 min" rather than "1 h".
    const Unit& unit = k_units[i];
    const std::int64_t smaller = k_units[i + 1].seconds;
    const std::int64_t rounded = (seconds + smaller / 2) / smaller * smaller;
    if (rounded >= 2 * unit.seconds) {
      return fmt::format("{} {}{}", rounded / unit.seconds, unit.word, i == 0 ? "s" : "");
    }
  }
  return fmt::format("{} s", seconds);
}

}  // namespace

std::string span(time::Duration duration) {
  const std::int64_t ms = duration.count() < 0 ? 0 : duration.count();
  if (ms < 1'000) {
    return ms == 0 ? "0s" : fmt::format("{}ms", ms);
  }
  if (ms < 10'000) {
    return fmt::format("{}.{}s", ms / 1000, ms % 1000 / 100);
  }
  const std::int64_t seconds = ms / 1000;
  for (std::size_t i = 0; i + 1 < std::size(k_units); ++i) {
    const Unit& unit = k_units[i];
    if (seconds >= unit.seconds) {
      const Unit& next = k_units[i + 1];
      const std::int64_t rest = seconds % unit.seconds / next.seconds;
      const std::string whole = fmt::format("{}{}", seconds / unit.seconds, unit.shortest);
      return rest == 0 ? whole : fmt::format("{} {}{}", whole, rest, next.shortest);
    }
  }
  return fmt::format("{}s", seconds);
}

std::string relative(time::Instant moment, time::Instant now) {
  const std::int64_t ms = (moment - now).count();
  const std::int64_t distance_ms = ms < 0 ? -ms : ms;
  if (distance_ms < 1000) {
    return "now";
  }
  const std::string distance = roughly(distance_ms / 1000);
  return ms > 0 ? "in " + distance : distance + " ago";
}

std::string moment(time::Instant moment, time::Instant now) {
  return fmt::format("{} ({})", time::to_local(moment), relative(moment, now));
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3;) {
    i -= 3;
    digits.insert(i, 1, ',');
  }
  return digits;
}

std::string count(std::int64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string size(std::uint64_t bytes) {
  constexpr const char* k_names[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  if (bytes < 1024) {
    return fmt::format("{} B", bytes);
  }
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1023.95 && unit + 1 < std::size(k_names)) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", value, k_names[unit]);
}

}  // namespace sched::render
