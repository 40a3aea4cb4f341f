#include "model/task.hpp"

#include "base/named.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace sched::model {

std::string to_string(const Command& command) {
  if (command.shell) {
    return command.argv.empty() ? std::string() : command.argv.front();
  }
  std::vector<std::string> words;
  words.reserve(command.argv.size());
  for (const std::string& word : command.argv) {
    words.push_back(base::shell_quote(word));
  }
  return base::join(words, " ");
}

const char* to_string(TriggerKind kind) {
  switch (kind) {
    case TriggerKind::once:
      return "once";
    case TriggerKind::upstream:
      return "upstream";
    case TriggerKind::manual:
      return "manual";
    case TriggerKind::timed:
      return "timed";
  }
  return "?";
}

std::optional<TriggerKind> parse_trigger_kind(std::string_view text) {
  return base::named(
      text, {TriggerKind::once, TriggerKind::upstream, TriggerKind::manual, TriggerKind::timed});
}

std::string label(const Task& task) {
  return label(task.id, task.name);
}

std::string label(TaskId id, const std::string& name) {
  return name.empty() ? fmt::format("task-{}", id.value) : name;
}

std::string label(RunId id) {
  return fmt::format("run-{}", id.value);
}

}  // namespace sched::model
