#include "worker/adapt.hpp"

#include "os/host.hpp"

#include <algorithm>
#include <utility>

namespace sched::worker {

namespace {

std::optional<os::Stall> some_of(const std::optional<os::PressureFile>& file) {
  return file ? std::optional(file->some) : std::nullopt;
}

std::optional<os::Stall> full_of(const std::optional<os::PressureFile>& file) {
  return file ? file->full : std::nullopt;
}

}  // namespace

std::optional<double> stalled(const std::optional<os::Stall>& before,
                              const std::optional<os::Stall>& after, time::Duration between) {
  if (!after) {
    return std::nullopt;
  }
  if (!before || after->total_us < before->total_us || between < std::chrono::milliseconds(100)) {
    return after->last_10s;
  }
  const auto us = static_cast<double>(after->total_us - before->total_us);
  return std::min(100.0, us / 10 / static_cast<double>(between.count()));
}

Adapter::Adapter(const model::SlotRange& range, const time::Clock& clock,
                 std::filesystem::path proc)
    : clock_(clock), proc_(std::move(proc)), adaptive_(range, os::available_cores(), clock.now()) {
  for (const model::StrainKind kind :
       {model::StrainKind::cpu, model::StrainKind::memory, model::StrainKind::io}) {
    const time::Duration stalled = rules::k_adapt_period * rules::most_of(kind) / 100;
    if (auto trigger = os::pressure_trigger(proc_ / "pressure" / to_string(kind), stalled)) {
      triggers_.push_back(std::move(trigger));
    }
  }
}

bool Adapter::look(int busy) {
  adaptive_.note_busy(busy);
  const time::Duration at = clock_.monotonic();
  if (!adaptive_.is_due(at)) {
    return false;
  }
  const rules::Strained sample = measure();
  const bool changed = adaptive_.heed(sample, at, clock_.now());
  if (shedding_.heed(throttle().stopped, sample.memory_full, at)) {
    lasting_ = sample.memory_full;
  }
  return changed;
}

rules::Strained Adapter::measure() {
  const os::MachinePressure after = os::machine_pressure(proc_);
  const time::Duration at = clock_.monotonic();
  const time::Duration between = at - looked_at_;
  rules::Strained sample;
  sample.cpu = stalled(some_of(before_.cpu), some_of(after.cpu), between);
  sample.memory = stalled(some_of(before_.memory), some_of(after.memory), between);
  sample.io = stalled(some_of(before_.io), some_of(after.io), between);
  sample.memory_full = stalled(full_of(before_.memory), full_of(after.memory), between);
  if (after.load) {
    sample.load = *after.load * 100 / os::available_cores();
  }
  before_ = after;
  looked_at_ = at;
  return sample;
}

}  // namespace sched::worker
