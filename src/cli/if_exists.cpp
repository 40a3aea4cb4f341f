#include "cli/if_exists.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace sched::cli {

IfExists parse_if_exists(const std::string& text) {
  if (text == "skip") {
    return IfExists::skip;
  }
  if (text == "replace") {
    return IfExists::replace;
  }
  if (text == "error") {
    return IfExists::error;
  }
  throw base::bad_input(
      fmt::format("--if-exists {}: not one of skip, replace, error", base::quote(text)));
}

std::optional<model::TaskId> find_existing(store::Store& store, const model::Task& task,
                                           IfExists if_exists) {
  if (!task.key.empty()) {
    if (const auto found = store.tasks().find_by_key(task.key)) {
      if (if_exists == IfExists::error) {
        throw base::bad_input(fmt::format("the key {} is {}'s already", base::quote(task.key),
                                          store.tasks().label(*found)),
                              "--if-exists skip takes that task, --if-exists replace redefines it");
      }
      return found;
    }
  }
  if (task.name.empty()) {
    return std::nullopt;
  }
  const auto found = store.tasks().find_by_name(task.name);
  if (found && (if_exists == IfExists::error || if_exists == IfExists::usual)) {
    throw base::bad_input(fmt::format("there is a task {} already", base::quote(task.name)),
                          "choose another name, or --if-exists skip or replace");
  }
  return found;
}

}  // namespace sched::cli
