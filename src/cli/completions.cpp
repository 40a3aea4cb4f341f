#include "base/text.hpp"
#include "cli/completion_words.hpp"
#include "cli/offers.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

int completions(Session& session, const std::string& shell) {
  const auto commands = all_command_words();
  if (shell == "bash") {
    session.print(bash_script(commands));
  } else if (shell == "zsh") {
    session.print(zsh_script(commands));
  } else if (shell == "fish") {
    session.print(fish_script(commands));
  } else {
    throw base::Error(base::ErrorKind::invalid_input,
                      fmt::format("no completions for {}", base::quote(shell)),
                      "there are some for bash, zsh and fish");
  }
  return 0;
}

}  // namespace

void offer_completions(CLI::App& command, Session& session) {
  auto shell = std::make_shared<std::string>();
  command.add_option("shell", *shell, "bash, zsh or fish")->type_name("SHELL")->required();
  command.callback([shell, &session] { session.exit_code = completions(session, *shell); });
}

}  // namespace sched::cli
