#include "model/outcome.hpp"

#include "base/named.hpp"

namespace sched::model {

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::succeeded:
      return "succeeded";
    case Outcome::failed:
      return "failed";
    case Outcome::timed_out:
      return "timed_out";
    case Outcome::cancelled:
      return "cancelled";
    case Outcome::skipped:
      return "skipped";
    case Outcome::missed:
      return "missed";
    case Outcome::lost:
      return "lost";
  }
  return "?";
}

const std::vector<Outcome>& all_outcomes() {
  static const std::vector<Outcome> outcomes = {
      Outcome::succeeded, Outcome::failed, Outcome::timed_out, Outcome::cancelled,
      Outcome::skipped,   Outcome::missed, Outcome::lost};
  return outcomes;
}

std::optional<Outcome> parse_outcome(std::string_view text) {
  return base::named(text, all_outcomes());
}

bool is_failure(Outcome outcome) {
  return outcome == Outcome::failed || outcome == Outcome::timed_out || outcome == Outcome::lost;
}

}  // namespace sched::model
