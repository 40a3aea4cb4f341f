#include "model/dependency.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace sched::model {
namespace {

constexpr const char* k_conditions = "success, failure, done, skipped, exit=N, exit=N-M";

base::Error bad_condition(std::string_view text) {
  return {base::ErrorKind::invalid_input, fmt::format("condition {} is unknown", base::quote(text)),
          base::did_you_mean(text, {"success", "failure", "done", "skipped"},
                             fmt::format("one of {}", k_conditions))};
}

}  // namespace

base::Result<Condition> parse_condition(std::string_view text) {
  if (text == "success") {
    return Condition{Condition::Kind::success, {}};
  }
  if (text == "failure") {
    return Condition{Condition::Kind::failure, {}};
  }
  if (text == "done") {
    return Condition{Condition::Kind::done, {}};
  }
  if (text == "skipped") {
    return Condition{Condition::Kind::skipped, {}};
  }
  constexpr std::string_view k_exit = "exit=";
  if (!text.starts_with(k_exit)) {
    return bad_condition(text);
  }
  Condition condition{Condition::Kind::exit, {}};
  for (const std::string& item : base::split(text.substr(k_exit.size()), ',')) {
    const std::size_t dash = item.find('-');
    const auto first = base::parse_int(std::string_view(item).substr(0, dash));
    const auto last = dash == std::string::npos
                          ? first
                          : base::parse_int(std::string_view(item).substr(dash + 1));
    if (!first || !last || *first < 0 || *last > 255 || *first > *last) {
      return base::Error(base::ErrorKind::invalid_input,
                         fmt::format("{} is no exit code from 0 to 255", base::quote(item)),
                         "write exit=3,4 or exit=10-20");
    }
    condition.exit_codes.push_back({static_cast<int>(*first), static_cast<int>(*last)});
  }
  return condition;
}

std::string to_string(const Condition& condition) {
  switch (condition.kind) {
    case Condition::Kind::success:
      return "success";
    case Condition::Kind::failure:
      return "failure";
    case Condition::Kind::done:
      return "done";
    case Condition::Kind::skipped:
      return "skipped";
    case Condition::Kind::exit:
      break;
  }
  std::vector<std::string> items;
  for (const EndSet::Range& range : condition.exit_codes) {
    items.push_back(range.first == range.last ? fmt::format("{}", range.first)
                                              : fmt::format("{}-{}", range.first, range.last));
  }
  return "exit=" + base::join(items, ",");
}

base::Result<Join> parse_join(std::string_view text) {
  if (text == "all") {
    return Join{Join::Kind::all, 0};
  }
  if (text == "any") {
    return Join{Join::Kind::any, 0};
  }
  const auto count = base::parse_int(text);
  if (!count || *count < 1 || *count > 1'000'000) {
    return base::Error(base::ErrorKind::invalid_input,
                       fmt::format("join {} is unknown", base::quote(text)),
                       "write all, any, or how many must be satisfied, from 1 on");
  }
  return Join{Join::Kind::at_least, static_cast<int>(*count)};
}

std::string to_string(const Join& join) {
  switch (join.kind) {
    case Join::Kind::all:
      return "all";
    case Join::Kind::any:
      return "any";
    case Join::Kind::at_least:
      break;
  }
  return fmt::format("{}", join.count);
}

base::Result<AfterReference> parse_after(std::string_view text) {
  if (text.empty() || text.front() == ':') {
    return base::Error(base::ErrorKind::invalid_input,
                       fmt::format("{} names no task", base::quote(text)),
                       "write TASK or TASK:CONDITION");
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return AfterReference{std::string(text), {}};
  }
  const std::string_view tail = text.substr(colon + 1);
  const auto condition = parse_condition(tail);
  if (condition) {
    return AfterReference{std::string(text.substr(0, colon)), *condition};
  }
  // "x:faliure" is far more often a slip than a task of that name; only look-up can tell, so an
  // exit condition, which no name can contain, is the one that is refused here.
  if (tail.starts_with("exit=")) {
    return condition.error();
  }
  return AfterReference{std::string(text), {}};
}

}  // namespace sched::model
