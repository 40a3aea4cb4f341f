#include "render/command_text.hpp"

#include "security/redact.hpp"

namespace sched::render {
namespace {

std::vector<std::string> redacted(const model::Command& command) {
  if (command.shell && command.argv.size() == 1) {
    return {security::redact_shell(command.argv.front())};
  }
  return security::redact_arguments(command.argv);
}

}  // namespace

std::string command_text(const model::Command& command) {
  const auto arguments = redacted(command);
  if (command.shell && arguments.size() == 1) {
    return arguments.front();
  }
  return model::to_string(model::Command{arguments, false});
}

base::Json command_json(const model::Command& command) {
  base::Json json = base::Json::array();
  for (const std::string& argument : redacted(command)) {
    json.push_back(argument);
  }
  return json;
}

}  // namespace sched::render
