#include "rules/rate.hpp"

#include <algorithm>

namespace sched::rules {
namespace {

std::int64_t us_of(time::Instant instant) {
  return time::to_ms(instant) * 1000;
}

/// How far in the future an empty bucket is full.
std::int64_t depth_us(const model::Rate& rate) {
  return token_interval_us(rate) * rate.burst;
}

}  // namespace

std::int64_t token_interval_us(const model::Rate& rate) {
  return (rate.period.count() * 1000 + rate.count - 1) / rate.count;
}

std::int64_t tokens(const model::Rate& rate, std::int64_t full_at_us, time::Instant now) {
  const std::int64_t missing = std::max<std::int64_t>(0, full_at_us - us_of(now));
  return std::max<std::int64_t>(0, depth_us(rate) - missing) / token_interval_us(rate);
}

time::Instant next_token_at(const model::Rate& rate, std::int64_t full_at_us, time::Instant now) {
  const std::int64_t at_us = full_at_us - depth_us(rate) + token_interval_us(rate);
  return std::max(now, time::from_ms((at_us + 999) / 1000));
}

std::int64_t take_token(const model::Rate& rate, std::int64_t full_at_us, time::Instant now) {
  return std::max(full_at_us, us_of(now)) + token_interval_us(rate);
}

std::int64_t clamped(const model::Rate& rate, std::int64_t full_at_us, time::Instant now) {
  return std::min(full_at_us, us_of(now) + depth_us(rate));
}

}  // namespace sched::rules
