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
    if (values_.size() >= most) {
      values_.clear();
    }
    return values_.emplace(text, read(text)).first->second;
  }

 private:
  std::unordered_map<std::string, Value> values_;
};

}  // namespace sched::store
