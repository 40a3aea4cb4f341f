#include "cli/handler_fields.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "security/names.hpp"

#include <string_view>

namespace sched::cli {
namespace {

template <model::HandlerKind kind>
void read_handler(const DraftContext& /*context*/, TaskDraft& draft, const std::string& value) {
  constexpr std::string_view k_run = "run-";
  if (value.starts_with(k_run) && base::parse_int(value.substr(k_run.size()))) {
    throw base::bad_input("that is a run, and a task is wanted", "name the task that is to run");
  }
  std::vector<std::string>& names = draft.handlers[kind];
  if (!value.empty()) {  // '' takes them all away.
    names.push_back(value);
  }
}

void read_max_fails(const DraftContext& /*context*/, TaskDraft& draft, const std::string& value) {
  if (value.empty()) {
    return;  // What the task had is gone already.
  }
  draft.task.max_fails = model::parse_max_fails(value, draft.task.max_fails).value();
  for (const auto& [tag, most] : draft.task.max_fails.of_tags) {
    if (const auto complaint = security::check_tag(tag)) {
      throw *complaint;
    }
  }
}

}  // namespace

const std::vector<TaskField>& handler_fields() {
  static const std::vector<TaskField> fields = {
      {"on-failure", "TASK", "Run this task when a run has failed for good", true,
       read_handler<model::HandlerKind::failure>},
      {"on-success", "TASK", "Run this task when a run has succeeded", true,
       read_handler<model::HandlerKind::success>},
      {"fallback", "TASK",
       "When a run has failed for good, run this task in its place: what comes after waits for "
       "that",
       false, read_handler<model::HandlerKind::fallback>},
      {"max-fails", "[TAG=]N",
       "Once N runs of a flow that it begins, or of the tasks with TAG, have failed for good, "
       "start "
       "no more of them",
       true, read_max_fails},
  };
  return fields;
}

}  // namespace sched::cli
