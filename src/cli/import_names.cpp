#include "base/text.hpp"
#include "cli/import_plan.hpp"
#include "security/names.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

namespace sched::cli {
namespace {

constexpr std::size_t k_longest_name = 48;

bool is_plain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

/// Words as a shell parts them; the quotes themselves are left out.
std::vector<std::string> shell_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  for (const char c : text) {
    if (quote == 0 ? c == '\'' || c == '"' : c == quote) {
      quote = quote == 0 ? c : '\0';
    } else if (quote != 0 || (c != ' ' && c != '\t' && c != '\n')) {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) {
    words.push_back(word);
  }
  return words;
}

/// Not a job that was commented out, a heading of columns or a whole sentence.
bool is_title(const std::string& comment) {
  constexpr std::size_t k_most_words = 5;
  const std::size_t words = shell_words(comment).size();
  return words > 0 && words <= k_most_words && comment.size() <= k_longest_name &&
         std::isalpha(static_cast<unsigned char>(comment.front())) != 0 &&
         (words == 1 || comment.back() != '.') &&
         comment.find_first_of("*=\\<>") == std::string::npos;
}

std::string base_name(std::string word) {
  word.erase(0, word.find_last_of('/') + 1);
  for (const std::string_view ending : {".sh", ".py", ".pl", ".php", ".rb", ".bash"}) {
    if (word.ends_with(ending) && word.size() > ending.size()) {
      word.resize(word.size() - ending.size());
      break;
    }
  }
  return word;
}

bool is_assignment(const std::string& word) {
  const std::size_t sign = word.find('=');
  return sign != std::string::npos && sign > 0 &&
         !security::check_environment_name(std::string_view(word).substr(0, sign));
}

/// A program that only runs what its arguments name.
bool is_runner(std::string_view name) {
  static const std::set<std::string_view> k_runners = {
      "sudo",    "nice",    "ionice",      "env",     "exec",        "nohup",    "time",
      "timeout", "flock",   "setsid",      "chronic", "sh",          "bash",     "dash",
      "zsh",     "command", "python3",     "python",  "perl",        "php",      "python2",
      "ruby",    "node",    "invoke-rc.d", "service", "systemd-cat", "run-parts"};
  return k_runners.contains(name);
}

bool is_joint(std::string_view word) {
  static const std::set<std::string_view> k_joints = {"&&", "||", ";",    "|",    "{",  "}",    "(",
                                                      "!",  "if", "then", "else", "do", "while"};
  return k_joints.contains(word);
}

/// Whether the word after this option of an interpreter is a script, of which no word is a program.
bool takes_script(const std::string& option) {
  return option == "-c" || option == "-e";
}

/// The program that a command is about: behind assignments, guards such as `test -x … &&`, and
/// programs that only run another.
std::string program_of(const std::string& command) {
  static const std::set<std::string_view> k_guards = {"cd", "test", "[", "[[", "sleep", "."};
  std::string runner;
  bool in_guard = false;
  bool before_script = false;
  bool before_account = false;
  for (const std::string& word : shell_words(command)) {
    if (std::exchange(before_script, false)) {
      if (runner.ends_with("sh")) {
        return program_of(word);
      }
      continue;
    }
    if (std::exchange(before_account, false)) {
      continue;
    }
    if (in_guard ? word == "&&" || word == "||" || word == ";" : is_joint(word)) {
      in_guard = false;
      continue;
    }
    if (in_guard) {
      in_guard = !word.ends_with(';');
      continue;
    }
    const std::string name = base_name(word);
    if (k_guards.contains(word)) {
      in_guard = true;
    } else if (is_runner(name)) {
      runner = name;
    } else if (!runner.empty() && takes_script(word)) {
      before_script = true;
    } else if (!runner.empty() && (word == "-u" || word == "-g")) {
      before_account = true;
    } else if (!is_assignment(word) && !word.empty() && word.front() != '-' &&
               (runner.empty() || std::isdigit(static_cast<unsigned char>(word.front())) == 0) &&
               !(runner == "flock" && word.front() == '/' && word.ends_with(".lock"))) {
      if (std::any_of(name.begin(), name.end(), is_plain)) {
        return name;
      }
    }
  }
  return runner;
}

}  // namespace

std::string legal_name(const std::string& wanted) {
  std::string name;
  for (const char c : wanted) {
    if (is_plain(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  name.erase(0, name.find_first_not_of("-."));
  name.resize(std::min(name.size(), k_longest_name));
  while (!name.empty() && (name.back() == '-' || name.back() == '.')) {
    name.pop_back();
  }
  if (name.empty()) {
    return "job";
  }
  return security::check_task_name(name) ? "job-" + name : name;
}

std::string name_of_job(const std::string& comment, const std::string& command) {
  return is_title(comment) ? comment : program_of(command);
}

}  // namespace sched::cli
