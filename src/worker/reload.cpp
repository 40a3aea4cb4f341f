#include "worker/reload.hpp"

#include "base/text.hpp"
#include "os/command_output.hpp"
#include "os/facts.hpp"
#include "os/program.hpp"
#include "os/system_error.hpp"

#include <fmt/format.h>

#include <string>

namespace sched::worker {
namespace {

base::Error no_reload(const std::string& path, const std::string& why) {
  return {base::ErrorKind::failed,
          fmt::format("not reloaded, the old program goes on: {} {}", base::quote(path), why)};
}

}  // namespace

base::Error reload(const std::filesystem::path& store,
                   const std::function<exec::Held()>& hand_over) {
  static const os::Program program = os::own_program();
  const std::string path = program.path.string();
  if (!os::find_facts(path)) {
    return no_reload(path, "is not there");
  }
  const auto version = os::output_of({path, "--version"});
  if (!version || !version->starts_with("sched ")) {
    return no_reload(path, "does not answer to --version as sched does");
  }
  const exec::Held held = hand_over();
  for (const auto& [path_of_lock, fd] : held) {
    os::keep_through_exec(fd, true);
  }
  const int number = os::execute(program, k_handover, exec::encode_handover(held, store));
  for (const auto& [path_of_lock, fd] : held) {
    os::keep_through_exec(fd, false);
  }
  return no_reload(path, "can't be executed: " + os::errno_text(number));
}

}  // namespace sched::worker
