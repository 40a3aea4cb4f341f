#include "model/preempt.hpp"

namespace sched::model {

const char* to_string(Preempt preempt) {
  switch (preempt) {
    case Preempt::none:
      return "none";
    case Preempt::requeue:
      return "requeue";
    case Preempt::suspend:
      return "suspend";
  }
  return "?";
}

std::optional<Preempt> parse_preempt(std::string_view text) {
  for (const Preempt preempt : {Preempt::none, Preempt::requeue, Preempt::suspend}) {
    if (text == to_string(preempt)) {
      return preempt;
    }
  }
  return std::nullopt;
}

}  // namespace sched::model
