#include "rules/makes_good.hpp"

namespace sched::rules {

bool makes_good(const model::Task& root) {
  return !root.schedule || root.schedule->catch_up.kind != model::CatchUp::Kind::all;
}

}  // namespace sched::rules
