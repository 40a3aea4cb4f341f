#include "exchange/unit_exec.hpp"

#include "base/text.hpp"
#include "exchange/unit_command.hpp"

#include <doctest/doctest.h>

using namespace sched;
using exchange::ExecCommand;

namespace {

const exchange::Specifiers& specifiers() {
  static const exchange::Specifiers known = exchange::specifiers_of("a@b.service");
  return known;
}

std::string shown(std::string_view text) {
  const auto commands = exchange::split_exec(text, specifiers());
  if (!commands) {
    return "refused: " + commands.error().message();
  }
  std::string all;
  for (const ExecCommand& command : *commands) {
    all += (command.ignore_failure ? "-" : "") + command.privileges + (command.expands ? "" : ":") +
           (command.own_name ? "@" + command.path + "@" : "") + base::join(command.argv, "|") + ";";
  }
  return all;
}

/// The arguments joined by '|', or the shell's text behind "sh: ".
std::string plain(std::string_view text) {
  const auto command = exchange::to_plain_command(exchange::split_exec(text, specifiers()).value());
  if (!command) {
    return "refused: " + command.error().message();
  }
  return command->argv.empty() ? "sh: " + command->shell : base::join(command->argv, "|");
}

}  // namespace

TEST_CASE("command lines of a unit are taken apart as systemd does") {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row :
       {Row{"/bin/echo a \"b c\"", "/bin/echo|a|b c;"}, Row{"-/bin/false", "-/bin/false;"},
        Row{"@/bin/sh name -c x", "@/bin/sh@name|-c|x;"}, Row{"+!/bin/a", "+!/bin/a;"},
        Row{"!!/bin/a", "!!/bin/a;"}, Row{":/bin/a $b", ":/bin/a|$b;"},
        Row{"-:@/bin/a b", "-:@/bin/a@b;"}, Row{"--/bin/a", "--/bin/a;"},
        Row{"/bin/a ; /bin/b c", "/bin/a;/bin/b|c;"}, Row{"/bin/a \\; b", "/bin/a|;|b;"},
        Row{"/bin/a \";\" b;", "/bin/a|;|b;;"}, Row{"; /bin/a ;", "/bin/a;"},
        Row{"/bin/a %i %% %n", "/bin/a|b|%|a@b.service;"}, Row{"'/bin/a b' c", "/bin/a b|c;"},
        Row{"/bin/sh -c 'a \\'b\\' \\\\$1'", "/bin/sh|-c|a 'b' \\$1;"}, Row{"", ""},
        Row{"echo a", "echo|a;"}}) {
    CAPTURE(row.text);
    CHECK(shown(row.text) == row.expected);
  }
  for (const char* text : {"/bin/a 'b", "-", "/bin/", "/bin/a %h", "@/bin/a"}) {
    CAPTURE(text);
    CHECK(shown(text).starts_with("refused: "));
  }
}

TEST_CASE("variables of a command line go to a shell, and only they") {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row :
       {Row{"/bin/a b", "/bin/a|b"}, Row{"/bin/a $$b a$b $$", "/bin/a|$b|a$b|$"},
        Row{"/bin/a ${B}/c $D", "sh: set -f; /bin/a \"${B}\"/c $D"},
        Row{"/bin/a 'x y${B}'", "sh: /bin/a 'x y'\"${B}\""}, Row{":/bin/a ${B}", "/bin/a|${B}"},
        Row{"/bin/a ${B:-c} ${D", "/bin/a|${B:-c}|${D"},
        Row{"-/bin/a ; /bin/b", "sh: { /bin/a || true; } && /bin/b"},
        Row{"if ; /a=b", "sh: 'if' && '/a=b'"}, Row{"@/bin/a b c", "/bin/a|c"}}) {
    CAPTURE(row.text);
    CHECK(plain(row.text) == row.expected);
  }
  for (const char* text : {"/bin/a $", "/bin/a $B/c", "/bin/a ${1}"}) {
    CAPTURE(text);
    CHECK(plain(text).starts_with("refused: "));
  }
}

TEST_CASE("arguments that are written for systemd come back the same") {
  using Arguments = std::vector<std::string>;
  for (const Arguments& argv :
       {Arguments{"/bin/a"}, Arguments{"/bin/a b", "c d", ""},
        Arguments{"/bin/a", "$B", "${B}", "$$", "$", "%n", "%", ";", "'", "\"", "\\", "\n", "\\;"},
        Arguments{"/a/$b", "x"}, Arguments{"/a/${b}%i"}, Arguments{"echo", "- @", "#", "a;b", " "},
        Arguments{"/bin/sh", "-c", "a \"b\" 'c' $(date +%F) \\\n"}}) {
    const auto text = exchange::write_exec(argv);
    REQUIRE(text.has_value());
    CAPTURE(*text);
    CHECK(plain(*text) == base::join(argv, "|"));
  }
  for (const Arguments& argv : {Arguments{}, Arguments{""}, Arguments{"a/b"}, Arguments{"/a/"},
                                Arguments{"-a"}, Arguments{";"}, Arguments{"/a\nb"}}) {
    CHECK_FALSE(exchange::write_exec(argv).has_value());
  }
}
