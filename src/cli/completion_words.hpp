#pragma once

#include "cli/help.hpp"

#include <string>
#include <vector>

namespace sched::cli {

/// What a word of this type can be: fixed words, or something to ask for.
struct Completion {
  enum class Kind {
    nothing,  ///< A value that only the person knows.
    words,    ///< One of `words`.
    live,     ///< What `sched complete KIND` prints; `words` has the KIND.
    files,
    directories,
  };
  Kind kind = Kind::nothing;
  std::vector<std::string> words;
};

/// By the type that the option or argument has in --help.
Completion completion_of(const std::string& type);

/// A subcommand with its options, for scripts.
struct CommandWords {
  std::string name;
  std::string summary;
  std::string usage;
  std::vector<OptionText> options;
};

/// All commands that are shown, from the definitions that --help prints.
std::vector<CommandWords> all_command_words();

std::string bash_script(const std::vector<CommandWords>& commands);
std::string zsh_script(const std::vector<CommandWords>& commands);
std::string fish_script(const std::vector<CommandWords>& commands);

}  // namespace sched::cli
