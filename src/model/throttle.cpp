#include "model/throttle.hpp"

#include <fmt/format.h>

namespace sched::model {

const char* to_string(StrainKind kind) {
  switch (kind) {
    case StrainKind::cpu:
      return "cpu";
    case StrainKind::memory:
      return "memory";
    case StrainKind::io:
      return "io";
    case StrainKind::load:
      return "load";
  }
  return "";
}

std::string to_string(const Strain& strain) {
  if (strain.kind == StrainKind::load) {
    return fmt::format("load {}.{:02} for each CPU, above {}.{:02}", strain.percent / 100,
                       strain.percent % 100, strain.bound / 100, strain.bound % 100);
  }
  return fmt::format("{} pressure {}%, above {}%", to_string(strain.kind), strain.percent,
                     strain.bound);
}

std::string to_string(const SlotRange& range) {
  return fmt::format("{}..{}", range.least, range.most);
}

std::string to_string(const Throttle& throttle) {
  return fmt::format("{} of {} slots{}", throttle.slots, to_string(throttle.range),
                     throttle.strain ? ", " + to_string(*throttle.strain) : "");
}

}  // namespace sched::model
