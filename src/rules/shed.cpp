#include "rules/shed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace sched::rules {

namespace {

/// Rounded up: what is above the bound must not be told as equal to it.
std::string full_pressure(double percent) {
  return fmt::format("full pressure {}%, above {}%", static_cast<int>(std::ceil(percent)),
                     k_shed_percent);
}

}  // namespace

bool Shedding::heed(bool stopped, std::optional<double> full, time::Duration at) {
  if (!stopped || full.value_or(0) <= k_shed_percent) {
    since_.reset();
    return false;
  }
  if (!since_) {
    since_ = at;
  }
  return at - *since_ >= k_shed_after && (!ending_ || at - *ending_ >= k_shed_pause);
}

std::optional<model::Claim> least_important(const std::vector<Sheddable>& runs, model::Shed whom) {
  const auto dearness = [](const Sheddable& one) {
    return std::tuple(!one.preemptible, one.priority, one.work, one.claim);
  };
  const Sheddable* first = nullptr;
  for (const Sheddable& one : runs) {
    const bool may_go =
        whom == model::Shed::any || (whom == model::Shed::preemptible && one.preemptible);
    if (may_go && (first == nullptr || dearness(one) < dearness(*first))) {
      first = &one;
    }
  }
  return first != nullptr ? std::optional(first->claim) : std::nullopt;
}

std::string shed_reason(double full) {
  return fmt::format("shed for want of memory ({})", full_pressure(full));
}

std::string none_to_shed(double full, model::Shed whom, bool runs_any) {
  const char* why = whom == model::Shed::never ? "--shed is never"
                    : runs_any                 ? "none of them is preemptible"
                                               : "none is running";
  return fmt::format("memory stays far too short ({}), and no run may be ended for it: {}",
                     full_pressure(full), why);
}

}  // namespace sched::rules
