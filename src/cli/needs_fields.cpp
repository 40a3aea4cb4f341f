#include "cli/needs_fields.hpp"

#include "model/needs.hpp"

namespace sched::cli {

void read_need(const DraftContext& /*context*/, TaskDraft& draft, const std::string& value) {
  if (value.empty()) {
    draft.task.needs.amounts.clear();
  } else {
    draft.task.needs = model::parse_needs(value, draft.task.needs).value();
  }
}

void read_or_need(const DraftContext& /*context*/, TaskDraft& draft, const std::string& value) {
  if (value.empty()) {
    draft.task.needs.others.clear();
  } else {
    draft.task.needs = model::parse_other_needs(value, draft.task.needs).value();
  }
}

void read_lock(const DraftContext& /*context*/, TaskDraft& draft, const std::string& value) {
  if (value.empty()) {
    draft.task.needs.locks.clear();
  } else {
    draft.task.needs = model::parse_lock(value, draft.task.needs).value();
  }
}

}  // namespace sched::cli
