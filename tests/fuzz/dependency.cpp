#include "model/dependency.hpp"

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sched;
  const std::string_view text = fuzz::text(data, size);
  const auto condition = model::parse_condition(text);
  if (condition) {
    fuzz::require(model::parse_condition(model::to_string(*condition)).value() == *condition);
    for (const auto& range : condition->exit_codes) {
      fuzz::require(0 <= range.first && range.first <= range.last && range.last <= 255);
    }
  } else {
    fuzz::require_readable(condition.error());
  }
  const auto join = model::parse_join(text);
  if (join) {
    fuzz::require(model::parse_join(model::to_string(*join)).value() == *join);
    fuzz::require((join->kind == model::Join::Kind::at_least) == (join->count > 0));
  } else {
    fuzz::require_readable(join.error());
  }
  const auto after = model::parse_after(text);
  if (after) {
    fuzz::require(!after->task.empty());
    const auto again =
        model::parse_after(after->task + ":" + model::to_string(after->condition)).value();
    fuzz::require(again.task == after->task && again.condition == after->condition);
  } else {
    fuzz::require_readable(after.error());
  }
  return 0;
}
