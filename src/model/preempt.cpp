#include "model/preempt.hpp"

#include "base/named.hpp"

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
  return base::named(text, {Preempt::none, Preempt::requeue, Preempt::suspend});
}

}  // namespace sched::model
