#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace sched::cli {

/// One option or argument, as --help, the manual and the completion scripts all show it.
struct OptionText {
  std::string names;  ///< "-n, --limit N", "TASK...".
  std::string help;
  std::vector<std::string> flags;  ///< "--limit", "-n"; empty for an argument.
  std::string type;                ///< "N"; "" for a flag.
  bool required = false;
  bool repeatable = false;
};

/// The options of a command in the order of their definition, arguments first; --help is left out.
std::vector<OptionText> option_texts(const CLI::App& command);

/// "sched cancel [OPTIONS] TARGET..."
std::string usage_line(const CLI::App& command);

/// What `sched COMMAND --help` prints, wrapped at `width`.
std::string help_page(const CLI::App& command, int width);

/// What `sched --help` prints.
std::string overview(int width);

/// Words wrapped at `width`, each line behind `indent` blanks.
std::string wrapped(const std::string& text, int indent, int width);

}  // namespace sched::cli
