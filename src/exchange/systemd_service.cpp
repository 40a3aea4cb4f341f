#include "exchange/systemd_service.hpp"

#include "base/text.hpp"
#include "exchange/service_reader.hpp"

#include <fmt/format.h>

namespace sched::exchange {
namespace {

/// What only the unit as a whole can tell.
void check(SystemdService& service, const std::string& source) {
  const auto add = [&](Note::Kind kind, std::string what) {
    service.notes.push_back({0, kind, std::move(what), source});
  };
  if (service.start.empty()) {
    add(Note::Kind::refused, "nothing is executed: no ExecStart=");
    return;
  }
  if (service.start.size() > 1 && service.type != "oneshot") {
    add(Note::Kind::refused,
        fmt::format("{} commands in ExecStart= are for Type=oneshot only", service.start.size()));
  }
  const auto command = service.command();
  if (!command) {
    add(Note::Kind::refused, command.error().on_one_line());
  } else if (command->argv.empty()) {
    add(Note::Kind::changed, fmt::format("runs as /bin/sh -c {}", base::quote(command->shell)));
  }
  for (const auto* commands : {&service.pre, &service.start, &service.post}) {
    for (const ExecCommand& one : *commands) {
      if (one.own_name) {
        add(Note::Kind::changed, fmt::format("{} is called by its own name, not {}",
                                             base::quote(one.path), base::quote(one.argv.front())));
      }
      if (!one.privileges.empty() && service.user) {
        add(Note::Kind::changed, fmt::format("{} runs without the rights that '{}' would give it",
                                             base::quote(one.path), one.privileges));
      }
    }
  }
}

}  // namespace

std::string to_string(const UnitLink& link) {
  return fmt::format("{}={}", link.on_failure ? "OnFailure" : "OnSuccess", link.unit);
}

base::Result<PlainCommand> SystemdService::command() const {
  std::vector<ExecCommand> commands = pre;
  commands.insert(commands.end(), start.begin(), start.end());
  commands.insert(commands.end(), post.begin(), post.end());
  return to_plain_command(commands);
}

SystemdService read_service(std::string_view name, const std::vector<UnitText>& texts,
                            const Specifiers& known) {
  Specifiers specifiers = known;
  specifiers.merge(specifiers_of(name));
  UnitFile unit = parse_unit_file(texts);
  SystemdService service;
  service.notes = std::move(unit.notes);
  ServiceReader reader(service, specifiers);
  for (const UnitEntry& entry : unit.entries) {
    reader.read(entry);
  }
  reader.finish();
  check(service, texts.empty() ? "" : texts.front().source);
  return service;
}

}  // namespace sched::exchange
