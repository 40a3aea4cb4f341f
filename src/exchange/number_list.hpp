#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sched::exchange {

/// How a language of schedules writes a set of numbers.
struct ListStyle {
  std::string_view range;  ///< Between first and last: "-" or "..".
  int digits = 1;          ///< Numbers have at least so many.
};

/// The numbers whose bits are set, as "5", "1-5", "0-45/15" or "1,2,8-10"; not for none.
std::string write_numbers(std::uint64_t bits, const ListStyle& style);

}  // namespace sched::exchange
