#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/draft.hpp"
#include "cli/help.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>
#include <utility>

namespace sched::cli {
namespace {

/// The command line, with what stood behind the first `--` apart: it is a command of the user's and
/// never ours to read.
struct Words {
  std::vector<std::string> ours;
  std::optional<std::vector<std::string>> command;
};

Words split_command(int argc, char** argv) {
  Words words;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (words.command) {
      words.command->push_back(word);
    } else if (word == "--") {
      words.command.emplace();
    } else {
      words.ours.push_back(word);
    }
  }
  return words;
}

/// The subcommand: the first word that is no option and no value of --store.
std::string command_of(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--store") {
      ++i;
    } else if (!words[i].starts_with('-')) {
      return words[i];
    }
  }
  return {};
}

std::vector<std::string> command_names() {
  std::vector<std::string> names;
  for (const Command& command : all_commands()) {
    if (!std::string(command.group).empty()) {
      names.emplace_back(command.name);
    }
  }
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names = {"--help", "--store"};
  for (const OptionText& text : option_texts(command)) {
    names.insert(names.end(), text.flags.begin(), text.flags.end());
  }
  return names;
}

/// What the parser says, in our words and with the nearest option.
base::Error explain(const CLI::ParseError& failure, const CLI::App& app, const CLI::App* command) {
  const auto error = [](std::string what, std::string hint) {
    return base::Error(base::ErrorKind::invalid_input, std::move(what), std::move(hint));
  };
  const std::string see =
      command == nullptr ? std::string("'sched --help' tells the commands")
                         : fmt::format("'sched {} --help' tells the options", command->get_name());
  if (dynamic_cast<const CLI::ExtrasError*>(&failure) != nullptr) {
    const auto extras = app.remaining(true);
    const std::string word = extras.empty() ? std::string() : extras.front();
    if (!word.starts_with('-')) {
      const bool takes_command =
          command != nullptr && (command->get_name() == "add" || command->get_name() == "edit");
      return error(
          fmt::format("unexpected argument {}", base::quote(word)),
          takes_command ? "put the command behind --: sched add [NAME] -- COMMAND ARG..." : see);
    }
    const std::string name = word.substr(0, word.find('='));
    return error(
        fmt::format("unknown option {}", base::quote(name)),
        base::did_you_mean(
            name, command == nullptr ? std::vector<std::string>{} : option_names(*command), see));
  }
  if (dynamic_cast<const CLI::RequiredError*>(&failure) != nullptr && command != nullptr) {
    for (const CLI::Option* option : command->get_options()) {
      if (option->get_required() && option->count() == 0) {
        return error(fmt::format("no {} is given", option->get_type_name()), see);
      }
    }
  }
  std::string what = failure.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&failure) != nullptr) {
    // "--retries: 1 required N missing"
    const std::size_t colon = what.find(": ");
    if (colon != std::string::npos && what.ends_with(" missing")) {
      return error(fmt::format("{} wants a value", what.substr(0, colon)), see);
    }
    // "--slots: At Most 1 required but received 2"
    constexpr std::string_view k_received = " required but received ";
    if (const std::size_t at = what.find(k_received);
        colon != std::string::npos && at != std::string::npos) {
      return error(fmt::format("{} is given {} times", what.substr(0, colon),
                               what.substr(at + k_received.size())),
                   "give it once");
    }
    const std::size_t end = what.find(" was given a disallowed flag override");
    if (end != std::string::npos) {
      return error(fmt::format("--{} takes no value", what.substr(0, end)), see);
    }
  }
  for (char& c : what) {
    if (c == '\n') {
      c = ' ';
    }
  }
  if (!what.empty() && what[0] >= 'A' && what[0] <= 'Z' && what.size() > 1 &&
      !(what[1] >= 'A' && what[1] <= 'Z')) {
    what[0] = static_cast<char>(what[0] - 'A' + 'a');
  }
  return error(what, see);
}

void check_words(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (!base::is_utf8(word)) {
      throw base::Error(base::ErrorKind::invalid_input,
                        fmt::format("{} is not UTF-8", base::quote(word)),
                        "names, commands and values are kept as UTF-8 text");
    }
  }
}

}  // namespace

std::unique_ptr<CLI::App> make_app(Session& session, const std::vector<const Command*>& commands) {
  auto app = std::make_unique<CLI::App>("", "sched");
  app->set_help_flag();
  app->add_option("--store", session.store_option, "The store's directory")->type_name("DIR");
  for (const Command* command : commands) {
    CLI::App* subcommand = app->add_subcommand(command->name, command->summary);
    subcommand->set_help_flag("-h,--help", "Print help and end");
    subcommand->fallthrough();
    command->offer(*subcommand, session);
    for (CLI::Option* option : subcommand->get_options()) {
      const auto& names = option->get_lnames();
      if (option->get_items_expected_max() == 0 && (names.empty() || !can_say_no(names.front()))) {
        option->disable_flag_override();  // --wait=no would wait.
      }
    }
  }
  return app;
}

void dispatch(int argc, char** argv, Session& session) {
  Words words = split_command(argc, argv);
  std::string name = command_of(words.ours);
  session.command_name = find_command(name) == nullptr ? "" : name;
  check_words(words.ours);
  if (name == "help" && words.ours.size() > 1 && words.ours.front() == name) {
    words.ours.erase(words.ours.begin());
    words.ours.emplace_back("--help");
    name = command_of(words.ours);
  }
  if (name.empty() || name == "help") {
    for (const std::string& word : words.ours) {
      if (word == "--version" || word == "-V") {
        session.print("sched " SCHED_VERSION "\n");
        return;
      }
      if (word != "--help" && word != "-h" && word != "help") {
        throw base::Error(base::ErrorKind::invalid_input,
                          fmt::format("unknown option {}", base::quote(word)),
                          "'sched --help' tells the commands");
      }
    }
    if (words.ours.empty()) {
      session.note(overview(session.width()));
      session.exit_code = base::exit_code(base::ErrorKind::invalid_input);
      return;
    }
    session.print(overview(session.width()));
    return;
  }
  const Command* chosen = find_command(name);
  if (chosen == nullptr) {
    throw base::Error(
        base::ErrorKind::invalid_input, fmt::format("unknown command {}", base::quote(name)),
        base::did_you_mean(name, command_names(), "'sched --help' tells the commands"));
  }
  session.command_name = name;
  const bool takes_command = name == "add" || name == "edit";
  if (words.command && !takes_command) {
    // Elsewhere `--` only ends the options.
    words.ours.push_back("--");
    words.ours.insert(words.ours.end(), words.command->begin(), words.command->end());
    words.command.reset();
  }
  session.command = std::move(words.command);
  // CLI11 takes its words from the back.
  const std::vector<std::string> reversed(words.ours.rbegin(), words.ours.rend());
  try {
    session.meant = words.ours;
    make_app(session, {chosen})->parse(std::vector(reversed));
    return;
  } catch (const CLI::ParseError&) {
    session.meant.reset();  // To explain, all must be offered. Nothing was done yet.
  }
  const auto app = make_app(session, {chosen});
  const CLI::App* subcommand = app->get_subcommand(name);
  try {
    app->parse(std::vector(reversed));
  } catch (const CLI::CallForHelp&) {
    session.print(help_page(*subcommand, session.width()));
  } catch (const CLI::ParseError& failure) {
    throw explain(failure, *app, subcommand);
  }
}

}  // namespace sched::cli
