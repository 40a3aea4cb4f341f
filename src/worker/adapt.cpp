#include "worker/adapt.hpp"

#include "os/host.hpp"

#include <algorithm>
#include <utility>

namespace sched::worker {

std::optional<double> stalled(const std::optional<os::PressureFile>& before,
                              const std::optional<os::PressureFile>& after,
                              time::Duration between) {
  if (!after) {
    return std::nullopt;
  }
  if (!before || after->some.total_us < before->some.total_us ||
      between < std::chrono::milliseconds(100)) {
    return after->some.last_10s;
  }
  const auto us = static_cast<double>(after->some.total_us - before->some.total_us);
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
  return adaptive_.is_due(at) && adaptive_.heed(measure(), at, clock_.now());
}

rules::Strained Adapter::measure() {
  const os::MachinePressure after = os::machine_pressure(proc_);
  const time::Duration at = clock_.monotonic();
  const time::Duration between = at - looked_at_;
  rules::Strained sample{stalled(before_.cpu, after.cpu, between),
                         stalled(before_.memory, after.memory, between),
                         stalled(before_.io, after.io, between), std::nullopt};
  if (after.load) {
    sample.load = *after.load * 100 / os::available_cores();
  }
  before_ = after;
  looked_at_ = at;
  return sample;
}

}  // namespace sched::worker
