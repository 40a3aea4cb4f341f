#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace sched::base {

/// A row's number that can't be mistaken for another table's. 0 is no row.
template <typename Tag>
struct Id {
  std::int64_t value = 0;

  constexpr Id() = default;
  constexpr explicit Id(std::int64_t number) : value(number) {}
  constexpr explicit operator bool() const { return value != 0; }
  constexpr auto operator<=>(const Id&) const = default;
};

}  // namespace sched::base

template <typename Tag>
struct std::hash<sched::base::Id<Tag>> {
  std::size_t operator()(const sched::base::Id<Tag>& id) const noexcept {
    return std::hash<std::int64_t>{}(id.value);
  }
};
