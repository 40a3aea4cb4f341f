#include "cli/manual_page.hpp"

#include "cli/completion_words.hpp"
#include "cli/prose.hpp"
#include "cli/roff.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

std::string option_markup(const OptionText& option) {
  std::string text = ".TP\n\\fB" + roff(option.names) + "\\fR\n" + roff(option.help);
  return text + (option.repeatable && !option.flags.empty() ? " (may be repeated)" : "") + ".\n";
}

std::string command_sections(const ManualPage& page) {
  for (const CommandWords& command : all_command_words()) {
    if (command.name != page.command) {
      continue;
    }
    std::string options;
    for (const OptionText& option : command.options) {
      options += option_markup(option);
    }
    options += option_markup({"--store DIR",
                              "Use the store in this directory (default: SCHED_STORE, else the "
                              "user's own)",
                              {"--store"},
                              "DIR"});
    options += option_markup({"-h, --help", "Print help and end", {"--help"}, ""});
    return ".SH OPTIONS\n" + options;
  }
  return {};
}

std::string command_list() {
  std::string text = ".SH COMMANDS\n";
  for (const CommandWords& command : all_command_words()) {
    text +=
        fmt::format(".TP\n\\fBsched\\-{}\\fR(1)\n{}.\n", roff(command.name), roff(command.summary));
  }
  return text;
}

std::string synopsis(const ManualPage& page) {
  if (page.section != 1) {
    return {};
  }
  std::string usage = "sched [--store DIR] COMMAND [...]";
  if (!page.command.empty()) {
    for (const CommandWords& command : all_command_words()) {
      usage = command.name == page.command ? command.usage : usage;
    }
  }
  return ".SH SYNOPSIS\n\\fB" + roff(usage) + "\\fR\n";
}

}  // namespace

std::vector<ManualPage> manual_pages() {
  std::vector<ManualPage> pages = {
      {"sched", 1, "run commands when they are due, in order, within limits", ""}};
  for (const CommandWords& command : all_command_words()) {
    std::string summary = command.summary;
    if (!summary.empty() && summary[0] >= 'A' && summary[0] <= 'Z') {
      summary[0] = static_cast<char>(summary[0] - 'A' + 'a');
    }
    pages.push_back({"sched-" + command.name, 1, summary, command.name});
  }
  pages.push_back({"sched-json", 5, "what sched prints with --json", ""});
  pages.push_back({"sched-policy", 7, "who goes next, and who may go at all", ""});
  pages.push_back({"sched-time", 7, "how sched reads moments, durations, schedules and sizes", ""});
  return pages;
}

std::string manual_text(const ManualPage& page) {
  std::string upper = page.name;
  for (char& c : upper) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  std::string text = fmt::format(
      ".\\\" Printed by 'sched manual {}'; the prose is in man/prose.\n"
      ".TH {} {} \"\" \"sched {}\" \"sched manual\"\n",
      page.name, roff(upper), page.section, SCHED_VERSION);
  text += fmt::format(".SH NAME\n{} \\- {}\n", roff(page.name), roff(page.summary));
  text += synopsis(page);
  const std::string prose_name = page.command.empty() ? page.name : page.command;
  bool options_done = page.command.empty();
  for (const ProseSection& section : prose(prose_name)) {
    text += ".SH " + section.name + "\n" + roff_prose(section.body);
    if (section.name == "DESCRIPTION") {
      if (!options_done) {
        text += command_sections(page);
        options_done = true;
      } else if (page.name == "sched") {
        text += command_list();
      } else if (page.name == "sched-json") {
        text += json_sections();
      }
    }
  }
  if (!options_done) {
    text += command_sections(page);
  }
  if (page.name != "sched") {
    text += ".SH SEE ALSO\n\\fBsched\\fR(1)\n";
  }
  return text;
}

}  // namespace sched::cli
