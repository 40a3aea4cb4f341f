#pragma once

#include "base/error.hpp"

#include <utility>
#include <variant>

namespace sched::base {

/// A value, or the Error that stands in its place. For failures that a caller expects: parsers and
/// look-ups. `value()` is the bridge to what ends the command: it throws the Error.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : content_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }

  const T& value() const& {
    throw_unless_ok();
    return std::get<T>(content_);
  }
  T value() && {
    throw_unless_ok();
    return std::get<T>(std::move(content_));
  }
  const T& operator*() const { return std::get<T>(content_); }
  const T* operator->() const { return &std::get<T>(content_); }

  /// Only when not ok().
  const Error& error() const { return std::get<Error>(content_); }

 private:
  void throw_unless_ok() const {
    if (!ok()) {
      throw std::get<Error>(content_);
    }
  }

  std::variant<T, Error> content_;
};

}  // namespace sched::base
