#include "cli/help.hpp"

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/draft.hpp"
#include "cli/prose.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

constexpr int k_widest_page = 100;
constexpr std::size_t k_names_column = 26;

std::string names_of(const CLI::Option& option, const OptionText& text) {
  if (option.get_positional()) {
    return text.type + (text.repeatable ? "..." : "");
  }
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) {
    names.push_back("-" + name);
  }
  for (const std::string& name : option.get_lnames()) {
    names.push_back("--" + name);
  }
  return base::join(names, ", ") + (text.type.empty() ? "" : " " + text.type);
}

/// What takes one value at a time may be given again and again, unless it is a field with one
/// value.
bool is_repeatable(const CLI::Option& option) {
  if (option.get_items_expected_max() != 1) {
    return option.get_items_expected_max() > 1;
  }
  const auto& names = option.get_lnames();
  const TaskField* field = names.empty() ? nullptr : find_task_field(names.front());
  return option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll &&
         (field == nullptr || field->repeatable);
}

OptionText text_of(const CLI::Option& option) {
  OptionText text;
  text.help = option.get_description();
  const bool is_flag = option.get_items_expected_max() == 0;
  text.type = is_flag ? "" : option.get_type_name();
  text.required = option.get_required();
  text.repeatable = is_repeatable(option);
  if (!option.get_positional()) {
    for (const std::string& name : option.get_snames()) {
      text.flags.push_back("-" + name);
    }
    for (const std::string& name : option.get_lnames()) {
      text.flags.push_back("--" + name);
    }
  }
  text.names = names_of(option, text);
  return text;
}

std::string option_lines(const OptionText& text, int width) {
  const std::string names = "  " + text.names;
  std::string help = text.help;
  if (text.repeatable && !text.flags.empty()) {
    help += " (may be repeated)";
  }
  std::string body = wrapped(help, static_cast<int>(k_names_column), width);
  if (names.size() + 2 <= k_names_column) {
    body.replace(0, names.size(), names);
    return body;
  }
  return names + "\n" + body;
}

}  // namespace

std::string wrapped(const std::string& text, int indent, int width) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  std::string page;
  std::string line = margin;
  for (const std::string& word : base::split(text, ' ')) {
    const bool is_first = line.size() == margin.size();
    if (!is_first && line.size() + 1 + word.size() > static_cast<std::size_t>(width)) {
      page += line + "\n";
      line = margin + word;
    } else {
      line += (is_first ? "" : " ") + word;
    }
  }
  return page + line + "\n";
}

std::vector<OptionText> option_texts(const CLI::App& command) {
  std::vector<OptionText> arguments;
  std::vector<OptionText> options;
  for (const CLI::Option* option : command.get_options()) {
    if (option == command.get_help_ptr() || option->get_group().empty()) {
      continue;
    }
    (option->get_positional() ? arguments : options).push_back(text_of(*option));
  }
  arguments.insert(arguments.end(), options.begin(), options.end());
  return arguments;
}

std::string usage_line(const CLI::App& command) {
  std::string line = "sched " + command.get_name();
  bool has_options = false;
  std::string arguments;
  for (const OptionText& text : option_texts(command)) {
    if (!text.flags.empty()) {
      has_options = true;
    } else {
      arguments += text.required ? " " + text.names : " [" + text.names + "]";
    }
  }
  if (has_options) {
    line += " [OPTIONS]";
  }
  line += arguments;
  if (command.get_name() == "add" || command.get_name() == "edit") {
    line += " [-- COMMAND...]";
  }
  return line;
}

std::string help_page(const CLI::App& command, int width) {
  width = std::min(width, k_widest_page);
  std::string page = command.get_description() + "\n\n";
  page += "Usage: " + usage_line(command) + "\n";
  std::string arguments;
  std::string options;
  for (const OptionText& text : option_texts(command)) {
    (text.flags.empty() ? arguments : options) += option_lines(text, width);
  }
  if (!arguments.empty()) {
    page += "\nArguments:\n" + arguments;
  }
  OptionText help;
  help.names = "-h, --help";
  help.help = "Print this and end";
  OptionText store;
  store.names = "--store DIR";
  store.help = "Use the store in this directory (default: SCHED_STORE, else the user's own)";
  page += "\nOptions:\n" + options + option_lines(store, width) + option_lines(help, width);
  if (const std::string examples = prose_section(command.get_name(), "EXAMPLES");
      !examples.empty()) {
    page += "\nExamples:\n" + examples;
  }
  return page + fmt::format("\nMore: man sched-{}\n", command.get_name());
}

std::string overview(int width) {
  width = std::min(width, k_widest_page);
  std::string page =
      "sched - run commands when they are due, in order and within limits\n\n"
      "Usage: sched [--store DIR] COMMAND [...]\n";
  std::string group;
  for (const Command& command : all_commands()) {
    if (std::string(command.group).empty()) {
      continue;
    }
    if (group != command.group) {
      group = command.group;
      page += "\n" + group + ":\n";
    }
    page += fmt::format("  {:<13}{}\n", command.name, command.summary);
  }
  page +=
      "\nOptions:\n"
      "  --store DIR  Use the store in this directory (default: SCHED_STORE, else the\n"
      "               user's own, ~/.local/state/sched)\n"
      "  --version    Print the version and end\n"
      "  -h, --help   Print this and end; 'sched COMMAND --help' tells its options\n"
      "\nFirst steps:\n"
      "  sched add hello -- echo 'hello, world'\n"
      "  sched run --until-idle\n"
      "  sched logs hello\n";
  return page;
}

}  // namespace sched::cli
