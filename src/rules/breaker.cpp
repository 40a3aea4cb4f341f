#include "rules/breaker.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace sched::rules {
namespace {

/// A window of time is kept as so many slices, each with its numbers: so it costs the same however
/// many attempts there were, and forgets to a tenth of its length.
constexpr std::int64_t k_slices = 10;

/// Of one slice: its number since 1970, and how many attempts ended in it.
struct Slice {
  std::int64_t number = 0;
  std::int64_t good = 0;
  std::int64_t bad = 0;
};

/// Reads "170:3:1 171:0:2"; what can't be read was never written by us, and is left out.
std::vector<Slice> read_slices(const std::string& text) {
  std::vector<Slice> slices;
  for (const std::string& word : base::split(text, ' ')) {
    const auto parts = base::split(word, ':');
    if (parts.size() != 3) {
      continue;
    }
    const auto number = base::parse_int(parts[0]);
    const auto good = base::parse_int(parts[1]);
    const auto bad = base::parse_int(parts[2]);
    if (number && good && bad) {
      slices.push_back({*number, *good, *bad});
    }
  }
  return slices;
}

/// Whether the share is reached, counting this end.
bool count_in_window(const model::BreakerRule& rule, std::string& recent, bool failed,
                     time::Instant now) {
  const std::int64_t number = time::to_ms(now) / (rule.window.count() / k_slices);
  std::vector<Slice> slices = read_slices(recent);
  // Later ones are there when the clock was set back.
  std::erase_if(slices, [number](const Slice& slice) {
    return slice.number <= number - k_slices || slice.number > number;
  });
  if (slices.empty() || slices.back().number != number) {
    slices.push_back({number, 0, 0});
  }
  ++(failed ? slices.back().bad : slices.back().good);
  Slice sum;
  std::vector<std::string> words;
  for (const Slice& slice : slices) {
    sum.good += slice.good;
    sum.bad += slice.bad;
    words.push_back(fmt::format("{}:{}:{}", slice.number, slice.good, slice.bad));
  }
  recent = base::join(words, " ");
  const std::int64_t all = sum.good + sum.bad;
  return all >= model::k_least_in_window && sum.bad * 100 >= rule.percent * all;
}

/// The same of the last attempts, each a letter. Those that are yet to come count as good: it opens
/// as soon as the share is sure.
bool count_in_last(const model::BreakerRule& rule, std::string& recent, bool failed) {
  recent += failed ? 'x' : '.';
  const auto kept = static_cast<std::size_t>(rule.attempts);
  if (recent.size() > kept) {
    recent.erase(0, recent.size() - kept);
  }
  const auto bad = std::count(recent.begin(), recent.end(), 'x');
  return bad * 100 >= std::int64_t{rule.percent} * rule.attempts;
}

}  // namespace

const char* to_string(BreakerState state) {
  switch (state) {
    case BreakerState::closed:
      return "closed";
    case BreakerState::open:
      return "open";
    case BreakerState::half_open:
      return "half-open";
    case BreakerState::probing:
      return "probing";
  }
  return "?";
}

std::optional<time::Instant> open_until(const model::Guard& guard) {
  const model::BreakerRecord& record = guard.record;
  return record.open && record.opened_at && record.open_for
             ? std::optional(*record.opened_at + *record.open_for)
             : std::nullopt;
}

BreakerState breaker_state(const model::Guard& guard, time::Instant now) {
  if (!guard.record.open) {
    return BreakerState::closed;
  }
  const auto until = open_until(guard);
  if (!until || now < *until) {
    return BreakerState::open;
  }
  return guard.record.probing ? BreakerState::probing : BreakerState::half_open;
}

BreakerTurn count_end(model::Guard& guard, const model::Claim& claim, bool failed,
                      const std::string& what, time::Instant now) {
  if (!guard.breaker) {
    return BreakerTurn::none;
  }
  model::BreakerRecord& record = guard.record;
  if (record.open) {
    if (claim.run != record.probe.run || claim.attempt != record.probe.attempt) {
      return BreakerTurn::none;
    }
    if (failed) {
      open_breaker(guard, guard.cooldown, "the probe failed: " + what, now);
      return BreakerTurn::opened;
    }
    close_breaker(guard);
    return BreakerTurn::closed;
  }
  record.in_a_row = failed ? std::min(record.in_a_row, 1'000'000) + 1 : 0;
  const model::BreakerRule& rule = *guard.breaker;
  const bool reached = rule.failures > 0   ? record.in_a_row >= rule.failures
                       : rule.attempts > 0 ? count_in_last(rule, record.recent, failed)
                                           : count_in_window(rule, record.recent, failed, now);
  if (!failed || !reached) {
    return BreakerTurn::none;
  }
  open_breaker(guard, guard.cooldown, fmt::format("{}, the last: {}", model::told(rule), what),
               now);
  return BreakerTurn::opened;
}

void open_breaker(model::Guard& guard, std::optional<time::Duration> open_for, std::string why,
                  time::Instant now) {
  guard.record = {};
  guard.record.open = true;
  guard.record.opened_at = now;
  guard.record.open_for = open_for;
  guard.record.why = std::move(why);
}

void close_breaker(model::Guard& guard) {
  guard.record = {};
}

}  // namespace sched::rules
