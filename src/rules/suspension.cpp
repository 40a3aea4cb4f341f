#include "rules/suspension.hpp"

#include <vector>

namespace sched::rules {
namespace {

bool is_given_up(const model::Need& need) {
  return need.resource == "cpu";
}

}  // namespace

model::Needs given_up(const model::Needs& needs) {
  model::Needs freed;
  freed.amounts = needs.amounts;
  freed.others = needs.others;
  const auto is_kept = [](const model::Need& need) { return !is_given_up(need); };
  std::erase_if(freed.amounts, is_kept);
  for (std::vector<model::Need>& other : freed.others) {
    std::erase_if(other, is_kept);
  }
  return freed;
}

model::Needs kept_back(model::Needs needs) {
  std::erase_if(needs.amounts, is_given_up);
  for (std::vector<model::Need>& other : needs.others) {
    std::erase_if(other, is_given_up);
  }
  return needs;
}

}  // namespace sched::rules
