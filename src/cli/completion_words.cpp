#include "cli/completion_words.hpp"

#include "cli/commands.hpp"
#include "model/outcome.hpp"
#include "model/run_state.hpp"
#include "os/system_clock.hpp"

#include <CLI/CLI.hpp>

#include <map>

namespace sched::cli {
namespace {

template <typename T>
std::vector<std::string> words_of(const std::vector<T>& values) {
  std::vector<std::string> words;
  for (const T value : values) {
    words.emplace_back(to_string(value));
  }
  return words;
}

std::map<std::string, Completion> make_completions() {
  using Kind = Completion::Kind;
  return {
      {"TASK", {Kind::live, {"tasks"}}},
      {"TASK[:CONDITION]", {Kind::live, {"tasks"}}},
      {"RUN", {Kind::live, {"runs"}}},
      {"TARGET", {Kind::live, {"targets"}}},
      {"TAG", {Kind::live, {"tags"}}},
      {"QUEUE", {Kind::live, {"queues"}}},
      {"NAME-GLOB", {Kind::live, {"tasks"}}},
      {"FILE", {Kind::files, {}}},
      {"FILE|TEXT", {Kind::files, {}}},
      {"[shared:]FILE", {Kind::files, {}}},
      {"DIR", {Kind::directories, {}}},
      {"CLASS", {Kind::words, {"idle", "best-effort", "realtime"}}},
      {"STATE", {Kind::words, words_of(model::all_run_states())}},
      {"OUTCOME", {Kind::words, words_of(model::all_outcomes())}},
      {"JOIN", {Kind::words, {"all", "any"}}},
      {"HOW", {Kind::words, {"skip", "replace", "error"}}},
      {"KIND", {Kind::words, {"auto", "bar", "plain", "none"}}},
      {"WHOM", {Kind::words, {"never", "preemptible", "any"}}},
      {"N|auto", {Kind::words, {"auto"}}},
      {"SHELL", {Kind::words, {"bash", "zsh", "fish"}}},
      {"crontab|systemd", {Kind::words, {"crontab", "systemd"}}},
      {"add|edit|list|show|pause|resume|drain|rm",
       {Kind::words, {"add", "edit", "list", "show", "pause", "resume", "drain", "rm"}}},
      {"add|edit|list|rm", {Kind::words, {"add", "edit", "list", "rm"}}},
      {"list|show|retry|edit|resolve|purge",
       {Kind::words, {"list", "show", "retry", "edit", "resolve", "purge"}}},
      {"list|edit", {Kind::words, {"list", "edit"}}},
      {"list|reset|open", {Kind::words, {"list", "reset", "open"}}},
      {"BREAKER", {Kind::live, {"breakers"}}},
      {"RESOURCE", {Kind::live, {"resources"}}},
      {"list|drain|stop", {Kind::words, {"list", "drain", "stop"}}},
      {"PAGE", {Kind::live, {"pages"}}},
  };
}

}  // namespace

Completion completion_of(const std::string& type) {
  static const auto completions = make_completions();
  const auto found = completions.find(type);
  return found == completions.end() ? Completion{} : found->second;
}

std::vector<CommandWords> all_command_words() {
  const os::SystemClock clock;
  Session session(clock, {});
  std::vector<const Command*> shown;
  for (const Command& command : all_commands()) {
    if (!std::string(command.group).empty()) {
      shown.push_back(&command);
    }
  }
  const auto app = make_app(session, shown);
  std::vector<CommandWords> words;
  for (const Command* command : shown) {
    const CLI::App* offered = app->get_subcommand(command->name);
    words.push_back(
        {command->name, command->summary, usage_line(*offered), option_texts(*offered)});
  }
  return words;
}

}  // namespace sched::cli
