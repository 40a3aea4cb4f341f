#pragma once

#include <initializer_list>
#include <optional>
#include <ranges>
#include <string_view>

namespace sched::base {

/// The value among these whose to_string() is the text. Empty: none is called so.
template <typename Values>
std::optional<std::ranges::range_value_t<Values>> named(std::string_view text,
                                                        const Values& values) {
  for (const auto value : values) {
    if (text == to_string(value)) {
      return value;
    }
  }
  return std::nullopt;
}

template <typename T>
std::optional<T> named(std::string_view text, std::initializer_list<T> values) {
  return named<std::initializer_list<T>>(text, values);
}

}  // namespace sched::base
