#pragma once

#include "cli/session.hpp"

#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}  // namespace CLI

namespace sched::cli {

/// A subcommand: how it is called and how its options are offered. The parser of the chosen one
/// alone is built, for that is what a short command's time goes to.
struct Command {
  const char* name;
  const char* summary;  ///< An imperative without a full stop.
  const char* group;    ///< The heading in `sched --help`.
  /// Adds options and the callback to `command`; summary and help are set already.
  void (*offer)(CLI::App& command, Session& session);
};

/// All of them, in the order of `sched --help`. Hidden ones have an empty group.
const std::vector<Command>& all_commands();

const Command* find_command(const std::string& name);

/// The parser of the whole program with these commands offered.
std::unique_ptr<CLI::App> make_app(Session& session, const std::vector<const Command*>& commands);

/// Reads the command line and does what it says. Throws base::Error.
void dispatch(int argc, char** argv, Session& session);

}  // namespace sched::cli
