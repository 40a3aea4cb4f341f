#include "exchange/number_list.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <vector>

namespace sched::exchange {
namespace {

std::vector<int> numbers_in(std::uint64_t bits) {
  std::vector<int> numbers;
  for (int i = 0; i < 64; ++i) {
    if ((bits >> i & 1) != 0) {
      numbers.push_back(i);
    }
  }
  return numbers;
}

/// The step by which all follow one another; 0 when there is none, or fewer than three.
int find_step(const std::vector<int>& numbers) {
  if (numbers.size() < 3) {
    return 0;
  }
  const int step = numbers[1] - numbers[0];
  for (std::size_t i = 2; i < numbers.size(); ++i) {
    if (numbers[i] - numbers[i - 1] != step) {
      return 0;
    }
  }
  return step;
}

}  // namespace

std::string write_numbers(std::uint64_t bits, const ListStyle& style) {
  const std::vector<int> numbers = numbers_in(bits);
  const auto one = [&](int number) { return fmt::format("{:0{}}", number, style.digits); };
  const auto range = [&](int first, int last) {
    return fmt::format("{}{}{}", one(first), style.range, one(last));
  };
  if (const int step = find_step(numbers); step > 1) {
    return fmt::format("{}/{}", range(numbers.front(), numbers.back()), step);
  }
  std::vector<std::string> items;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) {
      ++last;
    }
    // Two neighbours are clearer as two numbers.
    if (last < i + 2) {
      items.push_back(one(numbers[i]));
      ++i;
    } else {
      items.push_back(range(numbers[i], numbers[last]));
      i = last + 1;
    }
  }
  return base::join(items, ",");
}

}  // namespace sched::exchange
