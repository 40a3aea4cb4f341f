#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

namespace sched::store {

/// What texts of the store mean: the same few are read in every pass, and parsing is most of it.
template <typename Value, std::size_t most = 4096>
class Remembered {
 public:
  /// What `read` makes of the text. Good until the next call.
  template <typename Read>
  const Value& of(const std::string& text, const Read& read) {
    if (const auto known = values_.find(text); known != values_.end()) {
      return known->second;
    }
    if (values_.size() >= most || bytes_ + text.size() > k_most_bytes) {
      values_.clear();
      bytes_ = 0;
    }
    const Value& value = values_.emplace(text, read(text)).first->second;
    bytes_ += text.size();
    return value;
  }

 private:
  /// A task may have a command of megabytes.
  static constexpr std::size_t k_most_bytes = 1U << 20U;

  std::unordered_map<std::string, Value> values_;
  std::size_t bytes_ = 0;  ///< Of the texts.
};

}  // namespace sched::store
