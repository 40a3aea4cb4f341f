#pragma once

#include "base/result.hpp"
#include "time/calendar_field.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::time {

/// A component as it stands in the text, before it is known what it counts: in "1-2" the first
/// number is a month, in "1-2-3" a year, in "1:2" an hour.
struct WrittenField {
  struct Item {
    std::uint64_t first = 0;
    std::optional<std::uint64_t> last;
    std::optional<std::uint64_t> step;
    std::size_t at = 0;  ///< Where it begins.
  };
  std::vector<Item> items;  ///< None is "*".
};

/// Walks through a calendar expression. Its refusals name the byte, counted from 1.
class CalendarScanner {
 public:
  /// Reads `whole` up to the byte `end`: a zone may stand behind it.
  CalendarScanner(std::string_view whole, std::size_t end)
      : whole_(whole), text_(whole.substr(0, end)) {}

  bool at_end() const { return at_ == text_.size(); }
  /// The character ahead; NUL at the end.
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char c);
  void take_blanks();
  std::string_view rest() const { return text_.substr(at_); }
  std::size_t position() const { return at_; }
  void go_to(std::size_t position) { at_ = position; }

  /// A component. With `fractions` (the seconds) its numbers are in microseconds.
  base::Result<WrittenField> read_field(bool fractions = false);
  /// Numbers beyond all bounds are not told apart.
  base::Result<std::uint64_t> read_number(bool fractions = false);

  base::Error error_at(std::size_t position, std::string_view why, const std::string& hint) const;
  /// That `expected` does not stand here.
  base::Error missing(std::string_view expected, const std::string& hint) const;

 private:
  std::string_view whole_;
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace sched::time
