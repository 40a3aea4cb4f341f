#pragma once

#include "model/ending.hpp"

namespace sched::test {

/// After so long that a worker claims nothing ahead of its slots.
inline model::Ending exited(int code) {
  model::Ending ending;
  ending.code = code;
  ending.elapsed = std::chrono::minutes(1);
  return ending;
}

inline model::Ending signalled(int number) {
  model::Ending ending;
  ending.kind = model::Ending::Kind::signalled;
  ending.code = number;
  return ending;
}

inline model::Ending not_begun(int error_number) {
  model::Ending ending;
  ending.kind = model::Ending::Kind::not_begun;
  ending.code = error_number;
  return ending;
}

inline model::Ending lost() {
  model::Ending ending;
  ending.kind = model::Ending::Kind::lost;
  return ending;
}

inline model::Ending caused(model::Ending::Cause cause, model::Ending ending = signalled(15)) {
  ending.cause = cause;
  return ending;
}

}  // namespace sched::test
