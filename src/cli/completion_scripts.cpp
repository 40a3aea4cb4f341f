#include "base/text.hpp"
#include "cli/completion_words.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

using CompletionKind = Completion::Kind;

/// In single quotes for any of the three shells.
std::string quoted(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    safe += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return "'" + safe + "'";
}

std::string bash_reply(const std::string& type) {
  const Completion completion = completion_of(type);
  switch (completion.kind) {
    case CompletionKind::words:
      return fmt::format("_sched_words {}", base::join(completion.words, " "));
    case CompletionKind::live:
      return fmt::format("_sched_live {}", completion.words.front());
    case CompletionKind::files:
      return "_sched_paths -f";
    case CompletionKind::directories:
      return "_sched_paths -d";
    case CompletionKind::nothing:
      break;
  }
  return ":";
}

constexpr const char* k_bash_head = R"sh(# bash completion for sched
_sched_words() { mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur"); }
_sched_live() {
  local words
  words=$("${COMP_WORDS[0]}" "${store[@]}" complete "$1" 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  # A word is cut at colons; names may have them.
  type __ltrim_colon_completions >/dev/null 2>&1 && __ltrim_colon_completions "$cur"
}
_sched_paths() {
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
  compopt -o filenames 2>/dev/null
}
_sched() {
  local cur prev command='' i
  local -a store=()
  COMPREPLY=()
  cur=${COMP_WORDS[COMP_CWORD]}
  prev=${COMP_WORDS[COMP_CWORD-1]}
  if type _get_comp_words_by_ref >/dev/null 2>&1; then
    _get_comp_words_by_ref -n : cur prev
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --store) ((i++)); store=(--store "${COMP_WORDS[i]}") ;;
      --) [[ $command == add || $command == edit ]] && { _sched_paths -f; return; } ;;
      -*) ;;
      *) [[ -z $command ]] && command=${COMP_WORDS[i]} ;;
    esac
  done
  [[ $prev == --store ]] && { _sched_paths -d; return; }
  case $command in
)sh";

}  // namespace

std::string bash_script(const std::vector<CommandWords>& commands) {
  std::string script = k_bash_head;
  std::vector<std::string> names;
  for (const CommandWords& command : commands) {
    names.push_back(command.name);
    std::vector<std::string> flags = {"--help", "--store"};
    std::string values;
    std::string argument = ":";
    for (const OptionText& option : command.options) {
      flags.insert(flags.end(), option.flags.begin(), option.flags.end());
      if (option.flags.empty()) {
        argument = bash_reply(option.type);
      } else if (!option.type.empty()) {
        values += fmt::format("        {}) {}; return ;;\n", base::join(option.flags, "|"),
                              bash_reply(option.type));
      }
    }
    script += fmt::format("    {})\n", command.name);
    if (!values.empty()) {
      script += "      case $prev in\n" + values + "      esac\n";
    }
    script += fmt::format("      if [[ $cur == -* ]]; then _sched_words {}; else {}; fi ;;\n",
                          base::join(flags, " "), argument);
  }
  script += fmt::format("    '')\n      _sched_words {} --help --version --store ;;\n",
                        base::join(names, " "));
  return script + "  esac\n}\ncomplete -F _sched sched\n";
}

namespace {

std::string zsh_action(const std::string& type) {
  const Completion completion = completion_of(type);
  switch (completion.kind) {
    case CompletionKind::words:
      return fmt::format("({})", base::join(completion.words, " "));
    case CompletionKind::live:
      return fmt::format("{{_sched_live {}}}", completion.words.front());
    case CompletionKind::files:
      return "_files";
    case CompletionKind::directories:
      return "_files -/";
    case CompletionKind::nothing:
      break;
  }
  return " ";
}

/// Brackets and colons mean something to _arguments.
std::string zsh_escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') {
      safe += '\\';
    }
    safe += c;
  }
  return safe;
}

std::string zsh_spec(const OptionText& option) {
  if (option.flags.empty()) {
    return quoted(fmt::format("{}:{}:{}", option.repeatable ? "*" : "1", zsh_escaped(option.type),
                              zsh_action(option.type)));
  }
  const std::string value = option.type.empty() ? std::string()
                                                : fmt::format(":{}:{}", zsh_escaped(option.type),
                                                              zsh_action(option.type));
  const std::string star = option.repeatable ? "*" : "";
  std::vector<std::string> specs;
  for (const std::string& flag : option.flags) {
    specs.push_back(quoted(fmt::format("{}{}[{}]{}", star, flag, zsh_escaped(option.help), value)));
  }
  return base::join(specs, " ");
}

}  // namespace

std::string zsh_script(const std::vector<CommandWords>& commands) {
  std::string script = R"sh(#compdef sched
_sched_live() {
  local -a found store
  local named=${opt_args[--store]:-$_sched_store}
  [[ -n $named ]] && store=(--store $named)
  found=(${(f)"$(command ${_sched_program:-sched} $store complete $1 2>/dev/null)"})
  compadd -a found
}
_sched() {
  local curcontext=$curcontext state line _sched_program=$words[1] _sched_store=
  typeset -A opt_args
  local -a commands
  commands=(
)sh";
  for (const CommandWords& command : commands) {
    script += fmt::format("    {}\n", quoted(command.name + ":" + zsh_escaped(command.summary)));
  }
  script += R"sh(  )
  _arguments -C '--store[The store'\''s directory]:DIR:_files -/' '--help[Print help]' \
    '--version[Print the version]' '1:command:->command' '*::argument:->argument'
  # What stood before the command is forgotten by the _arguments of the command.
  _sched_store=$opt_args[--store]
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
)sh";
  for (const CommandWords& command : commands) {
    std::vector<std::string> specs = {"'--help[Print help]'",
                                      quoted("--store[The store]:DIR:_files -/")};
    for (const OptionText& option : command.options) {
      specs.push_back(zsh_spec(option));
    }
    script += fmt::format("        {}) _arguments {} ;;\n", command.name,
                          base::join(specs, " \\\n          "));
  }
  return script +
         "      esac ;;\n  esac\n}\nif [[ $funcstack[1] == _sched ]]; then _sched \"$@\"; "
         "else compdef _sched sched; fi\n";
}

namespace {

std::string fish_values(const std::string& type) {
  const Completion completion = completion_of(type);
  switch (completion.kind) {
    case CompletionKind::words:
      return fmt::format(" -x -a {}", quoted(base::join(completion.words, " ")));
    case CompletionKind::live:
      return fmt::format(" -x -a '(__sched_live {})'", completion.words.front());
    case CompletionKind::files:
      return " -r -F";
    case CompletionKind::directories:
      return " -x -a '(__fish_complete_directories)'";
    case CompletionKind::nothing:
      break;
  }
  return " -x";
}

}  // namespace

std::string fish_script(const std::vector<CommandWords>& commands) {
  std::string script = R"sh(# fish completion for sched
function __sched_live
    set -l words (commandline -opc)
    set -l store
    for i in (seq (count $words))
        if test $words[$i] = --store; and test (count $words) -gt $i
            set store --store $words[(math $i + 1)]
        end
    end
    $words[1] $store complete $argv[1] 2>/dev/null
end
complete -c sched -f
complete -c sched -l store -x -a '(__fish_complete_directories)' -d 'The store'
complete -c sched -n __fish_use_subcommand -l version -d 'Print the version'
complete -c sched -s h -l help -d 'Print help'
)sh";
  for (const CommandWords& command : commands) {
    script += fmt::format("complete -c sched -n __fish_use_subcommand -a {} -d {}\n", command.name,
                          quoted(command.summary));
    const std::string head =
        fmt::format("complete -c sched -n '__fish_seen_subcommand_from {}'", command.name);
    for (const OptionText& option : command.options) {
      std::string line = head;
      for (const std::string& flag : option.flags) {
        line += flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1);
      }
      if (option.flags.empty() && completion_of(option.type).kind == CompletionKind::nothing) {
        continue;
      }
      if (!option.type.empty()) {
        const std::string values = fish_values(option.type);
        line += option.flags.empty() && values.starts_with(" -x ") ? values.substr(3) : values;
      }
      script += line + (option.flags.empty() ? "" : " -d " + quoted(option.help)) + "\n";
    }
  }
  return script;
}

}  // namespace sched::cli
