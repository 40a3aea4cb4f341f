#include "rules/memory.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::rules {
namespace {

constexpr std::uint64_t k_megabyte = 1U << 20U;

std::uint64_t grown(std::uint64_t bytes, const model::MemoryRetry& retry) {
  const long double exact =
      static_cast<long double>(bytes) * static_cast<long double>(retry.factor) / model::k_one;
  if (exact >= static_cast<long double>(retry.cap_bytes)) {
    return std::max(bytes, retry.cap_bytes);
  }
  const auto whole = static_cast<std::uint64_t>(exact);
  return std::min(retry.cap_bytes, (whole + k_megabyte - 1) / k_megabyte * k_megabyte);
}

}  // namespace

void grow_memory(model::Task& task, int times) {
  const auto& retry = task.machine.memory_retry;
  for (int i = 0; retry && i < times; ++i) {
    for (auto* limit : {&task.limits.memory_bytes, &task.machine.max_rss_bytes}) {
      if (*limit) {
        **limit = grown(**limit, *retry);
      }
    }
  }
}

std::string next_memory(const model::Task& task, const model::Ending& ending) {
  if (!task.machine.memory_retry || !model::is_memory(ending.cause)) {
    return {};
  }
  const bool is_rss = ending.cause == model::Ending::Cause::rss_limit;
  const auto& now = is_rss ? task.machine.max_rss_bytes : task.limits.memory_bytes;
  const std::uint64_t next = now ? grown(*now, *task.machine.memory_retry) : 0;
  return now && next > *now ? model::size_to_string(next) : std::string();
}

std::string rough_size(std::int64_t bytes) {
  constexpr std::string_view k_letters = "kMGTPE";
  auto amount = static_cast<double>(bytes);
  std::size_t power = 0;
  while (amount >= 1023.95 && power < k_letters.size()) {
    amount /= 1024;
    ++power;
  }
  if (power == 0) {
    return fmt::format("{}", bytes);
  }
  const std::string text = fmt::format("{:.1f}", amount);
  return (text.ends_with(".0") ? text.substr(0, text.size() - 2) : text) + k_letters[power - 1];
}

}  // namespace sched::rules
