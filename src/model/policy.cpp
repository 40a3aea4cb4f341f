#include "model/policy.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::model {
namespace {

constexpr time::Duration k_longest_backoff = std::chrono::days(30);
constexpr int k_last_exit_code = 255;

base::Result<time::Duration> parse_delay(std::string_view text) {
  auto delay = time::parse_duration(text);
  if (delay && *delay > k_longest_backoff) {
    return base::bad_input(fmt::format("a backoff of {} is longer than 30 days", base::quote(text)),
                           "a task that is tried so seldom is better given a schedule");
  }
  return delay;
}

base::Result<Backoff> parse_fixed(std::string_view text) {
  const auto delay = parse_delay(text);
  if (!delay) {
    return delay.error().within("fixed");
  }
  return Backoff{Backoff::Kind::fixed, *delay, *delay};
}

base::Result<Backoff> parse_exponential(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos) {
    return base::bad_input(fmt::format("{} is no range of delays", base::quote(text)),
                           "write the first delay and the longest, as in exponential:1s..10m");
  }
  const auto first = parse_delay(text.substr(0, dots));
  if (!first) {
    return first.error().within("exponential, the first delay");
  }
  const auto cap = parse_delay(text.substr(dots + 2));
  if (!cap) {
    return cap.error().within("exponential, the longest delay");
  }
  if (*first == time::Duration::zero()) {
    return base::bad_input("exponential: a first delay of zero stays zero when doubled",
                           "write fixed:0s to try again at once");
  }
  if (*cap < *first) {
    return base::bad_input(
        fmt::format("exponential: the longest delay {} is shorter than the first, {}",
                    time::to_string(*cap), time::to_string(*first)),
        "write the shorter one first, as in exponential:1s..10m");
  }
  return Backoff{Backoff::Kind::exponential, *first, *cap};
}

/// "7" or "64-78".
base::Result<EndSet::Range> parse_exit_codes(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = base::parse_int(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : base::parse_int(text.substr(dash + 1));
  if (!first || !last) {
    return base::bad_input(fmt::format("{} is no exit code, range, signal, timeout, lost or memory",
                                       base::quote(text)),
                           base::did_you_mean(text, {"signal", "timeout", "lost", "memory"},
                                              "separate them with commas, as in 2,64-78,signal"));
  }
  if (*first < 0 || *first > k_last_exit_code || *last < 0 || *last > k_last_exit_code) {
    return base::bad_input(fmt::format("{} is outside the exit codes 1-255", base::quote(text)),
                           "an end by a signal is written as signal");
  }
  if (*first > *last) {
    return base::bad_input(fmt::format("{} runs backwards", base::quote(text)),
                           fmt::format("write {}-{}", *last, *first));
  }
  if (*first == 0) {
    return base::bad_input(
        fmt::format("{} has 0, which is success", base::quote(text)),
        "a run that succeeded is not tried again; exit codes of failure are 1-255");
  }
  return EndSet::Range{static_cast<int>(*first), static_cast<int>(*last)};
}

/// Sorted, and what overlaps or touches made one, so that equal sets are equal values.
std::vector<EndSet::Range> merged(std::vector<EndSet::Range> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<EndSet::Range> result;
  for (const EndSet::Range& range : ranges) {
    if (!result.empty() && range.first <= result.back().last + 1) {
      result.back().last = std::max(result.back().last, range.last);
    } else {
      result.push_back(range);
    }
  }
  return result;
}

}  // namespace

base::Result<Backoff> parse_backoff(std::string_view text) {
  const auto colon = text.find(':');
  const std::string_view kind = text.substr(0, colon);
  if (kind != "fixed" && kind != "exponential") {
    return base::bad_input(
        fmt::format("{} is no way to wait, expected fixed or exponential", base::quote(kind)),
        base::did_you_mean(kind, {"fixed", "exponential"},
                           "write fixed:30s or exponential:1s..10m"));
  }
  if (colon == std::string_view::npos) {
    return base::bad_input(fmt::format("{} has no delay", base::quote(text)),
                           "write fixed:30s or exponential:1s..10m");
  }
  const std::string_view delays = text.substr(colon + 1);
  return kind == "fixed" ? parse_fixed(delays) : parse_exponential(delays);
}

std::string to_string(const Backoff& backoff) {
  switch (backoff.kind) {
    case Backoff::Kind::fixed:
      return fmt::format("fixed:{}", time::to_string(backoff.first));
    case Backoff::Kind::exponential:
      return fmt::format("exponential:{}..{}", time::to_string(backoff.first),
                         time::to_string(backoff.cap));
  }
  return "?";
}

bool EndSet::has_exit_code(int code) const {
  return std::any_of(exit_codes.begin(), exit_codes.end(), [code](const Range& range) {
    return range.first <= code && code <= range.last;
  });
}

base::Result<EndSet> parse_end_set(std::string_view text) {
  if (base::trim(text).empty()) {
    return base::bad_input("the list of exit codes is empty",
                           "write exit codes, as in 2,64-78,signal");
  }
  EndSet ends;
  for (const std::string& piece : base::split(text, ',')) {
    const std::string_view word = base::trim(piece);
    if (word.empty()) {
      return base::bad_input(fmt::format("{} has an empty item", base::quote(text)),
                             "write one comma between two items");
    }
    if (word == "signal") {
      ends.signal = true;
    } else if (word == "timeout") {
      ends.timeout = true;
    } else if (word == "lost") {
      ends.lost = true;
    } else if (word == "memory") {
      ends.memory = true;
    } else {
      const auto range = parse_exit_codes(word);
      if (!range) {
        return range.error();
      }
      ends.exit_codes.push_back(*range);
    }
  }
  ends.exit_codes = merged(std::move(ends.exit_codes));
  return ends;
}

std::string to_string(const EndSet& ends) {
  std::vector<std::string> words;
  for (const EndSet::Range& range : ends.exit_codes) {
    words.push_back(range.first == range.last ? fmt::format("{}", range.first)
                                              : fmt::format("{}-{}", range.first, range.last));
  }
  if (ends.signal) {
    words.emplace_back("signal");
  }
  if (ends.timeout) {
    words.emplace_back("timeout");
  }
  if (ends.lost) {
    words.emplace_back("lost");
  }
  if (ends.memory) {
    words.emplace_back("memory");
  }
  return base::join(words, ",");
}

}  // namespace sched::model
