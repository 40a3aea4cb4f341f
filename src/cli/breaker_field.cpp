#include "cli/breaker_field.hpp"

#include "cli/guards.hpp"

namespace sched::cli {

const std::vector<TaskField>& breaker_fields() {
  static const std::vector<TaskField> fields = {
      {"breaker", "RULE|none",
       "Start none of it for a while after so many failed attempts: 5 (in a row), 50%/20 (of the "
       "last 20), 50%/10m (of those of ten minutes)",
       false,
       [](const DraftContext&, TaskDraft& draft, const std::string& value) {
         if (value == "none") {
           draft.task.breaker.reset();
           draft.task.breaker_cooldown = model::k_default_cooldown;
         } else {
           draft.task.breaker = model::parse_breaker(value).value();
         }
       }},
      {"breaker-cooldown", "DURATION", "For how long; then one run tries (default: 5m)", false,
       [](const DraftContext&, TaskDraft& draft, const std::string& value) {
         draft.task.breaker_cooldown = read_cooldown(value);
       }}};
  return fields;
}

}  // namespace sched::cli
