#include "rules/adapt.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sched::rules {
namespace {

using model::StrainKind;

int rounded(double percent) {
  return static_cast<int>(std::lround(std::clamp(percent, 0.0, 1e6)));
}

std::optional<double> part_of(const Strained& sample, StrainKind kind) {
  switch (kind) {
    case StrainKind::cpu:
      return sample.cpu;
    case StrainKind::memory:
      return sample.memory;
    case StrainKind::io:
      return sample.io;
    case StrainKind::load:
      return sample.load;
  }
  return std::nullopt;
}

/// What is nearest to its bound, or furthest above.
std::optional<model::Strain> worst_of(const Strained& sample) {
  std::optional<model::Strain> worst;
  for (const StrainKind kind :
       {StrainKind::memory, StrainKind::cpu, StrainKind::io, StrainKind::load}) {
    if (const auto part = part_of(sample, kind)) {
      const model::Strain strain{kind, rounded(*part), most_of(kind)};
      if (!worst || strain.percent * worst->bound > worst->percent * strain.bound) {
        worst = strain;
      }
    }
  }
  return worst;
}

}  // namespace

int most_of(StrainKind kind) {
  switch (kind) {
    case StrainKind::cpu:
    case StrainKind::io:
      return 60;
    case StrainKind::memory:
      return 10;
    case StrainKind::load:
      return 150;
  }
  return 100;
}

Adaptive::Adaptive(const model::SlotRange& range, int cpus, time::Instant now) {
  throttle_.range = range;
  throttle_.slots = std::clamp(cpus, range.least, range.most);
  throttle_.since = now;
}

void Adaptive::go_on_from(const model::Throttle& before, time::Duration at) {
  const model::Throttle own = throttle_;
  throttle_ = before;
  throttle_.range = own.range;
  throttle_.shed = own.shed;
  throttle_.slots = std::clamp(before.slots, own.range.least, own.range.most);
  strained_ = before.strain ? std::optional(at) : std::nullopt;
}

void Adaptive::hasten(time::Duration at) {
  next_.reset();
  strained_ = at;
}

void Adaptive::note_shed(model::RunId run) {
  ++throttle_.shed_runs;
  throttle_.shed_last = run;
  throttle_.none_to_shed = false;
}

bool Adaptive::note_none_to_shed() {
  return !std::exchange(throttle_.none_to_shed, true);
}

void Adaptive::note_busy(int busy) {
  busy_ = busy;
  most_busy_ = std::max(most_busy_, busy);
}

/// By what runs rather than by what could run, or the first steps would change nothing.
void Adaptive::shrink() {
  const int from = most_busy_ > 0 ? std::min(throttle_.slots, most_busy_) : throttle_.slots;
  throttle_.slots = std::max(throttle_.range.least, from * 3 / 4);
}

void Adaptive::stop_or_go_on(const Strained& sample) {
  const int memory = rounded(sample.memory.value_or(0));
  if (memory > k_stopping_percent && !throttle_.stopped) {
    throttle_.stopped = true;
    throttle_.strain = {StrainKind::memory, memory, k_stopping_percent};
  } else if (memory <= k_stopping_percent / 2 && throttle_.stopped) {
    throttle_.stopped = false;
    throttle_.none_to_shed = false;
    throttle_.strain.reset();
  }
}

bool Adaptive::heed(const Strained& sample, time::Duration at, time::Instant now) {
  const model::Throttle before = throttle_;
  const auto worst = worst_of(sample);
  next_ = at + (worst && worst->kind == StrainKind::load ? k_load_period : k_adapt_period);
  stop_or_go_on(sample);
  if (worst && worst->percent > worst->bound) {
    strained_ = at;
    if (busy_ <= throttle_.slots) {
      shrink();
    }
    // The figure is that of the step, not each new one: nobody is to be told anew all the time.
    if (!throttle_.stopped && (throttle_.slots != before.slots || !throttle_.strain)) {
      throttle_.strain = worst;
    }
  } else if (worst && worst->percent * 3 <= worst->bound * 2 &&
             (!strained_ || at - *strained_ >= k_settling)) {
    throttle_.strain.reset();
    if (most_busy_ >= throttle_.slots && throttle_.slots < throttle_.range.most) {
      ++throttle_.slots;
    }
  }
  most_busy_ = busy_;
  if (throttle_ == before) {
    return false;
  }
  throttle_.since = now;
  return true;
}

}  // namespace sched::rules
