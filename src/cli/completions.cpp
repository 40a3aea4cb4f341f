#include "base/text.hpp"
#include "cli/completion_words.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"

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
  required(offer_option(command, "shell", *shell, "SHELL", "bash, zsh or fish"));
  when_chosen(command, [shell, &session] { session.exit_code = completions(session, *shell); });
}

}  // namespace sched::cli
