#include "cli/bulk.hpp"

#include "support/manual_clock.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <sstream>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;

namespace {

const security::Environment k_environment = {
    {"HOME", "/home/ann"}, {"PATH", "/bin"}, {"COLOUR", "red"}, {"BYTES", "\xFF"}};

cli::DraftContext context() {
  return {test::ManualClock().now(), "/", &k_environment};
}

/// The line with a command, when it says none.
std::string with_command(const std::string& line) {
  const bool has_one =
      line.find("command") != std::string::npos || line.find("shell") != std::string::npos;
  return has_one ? line : "{\"command\":[\"x\"]," + line.substr(1);
}

cli::TaskDraft read(const std::string& line) {
  return cli::read_bulk_line(line, context());
}

}  // namespace

TEST_CASE("each kind of value is taken where it makes sense") {
  struct Row {
    const char* line;
    std::function<bool(const cli::TaskDraft&)> holds;
  };
  using Draft = const cli::TaskDraft&;
  for (const Row& row : std::vector<Row>{
           {R"({"name":"a","command":["make","-j2",""]})",
            [](Draft d) {
              return d.task.name == "a" && !d.task.command.shell &&
                     d.task.command.argv == std::vector<std::string>{"make", "-j2", ""};
            }},
           {R"({"shell":"echo $A"})",
            [](Draft d) {
              return d.task.command == model::Command{{"echo $A"}, true};
            }},
           {R"({"name":7})", [](Draft d) { return d.task.name == "7"; }},
           {R"({"retries":3})", [](Draft d) { return d.task.retry.retries == 3; }},
           {R"({"retries":"3"})", [](Draft d) { return d.task.retry.retries == 3; }},
           {R"({"priority":-5})", [](Draft d) { return d.task.priority == -5; }},
           {R"({"manual":true})", [](Draft d) { return d.manual; }},
           {R"({"manual":false})", [](Draft d) { return !d.manual; }},
           {R"({"split-output":"true"})", [](Draft d) { return d.task.split_output; }},
           {R"({"timeout":"1h30m"})", [](Draft d) { return d.task.timeout == 90min; }},
           {R"({"tag":"x"})", [](Draft d) { return d.tags == std::vector<std::string>{"x"}; }},
           {R"({"tag":["x","y,z","x"]})",
            [](Draft d) {
              return d.tags == std::vector<std::string>{"x", "y", "z"};
            }},
           {R"({"after":["a","b:failure"]})",
            [](Draft d) {
              return d.after == std::vector<std::string>{"a", "b:failure"};
            }},
           {R"({"after":[]})", [](Draft d) { return !d.after.has_value(); }},
           {R"({"env":{"A":"1","N":2,"B":true}})",
            [](Draft d) {
              return d.set_environment == std::vector<std::pair<std::string, std::string>>{
                                              {"A", "1"}, {"N", "2"}, {"B", "true"}};
            }},
           {R"({"env":["A=1=2","COLOUR"]})",
            [](Draft d) {
              return d.set_environment.front().second == "1=2" &&
                     d.capture.names == std::vector<std::string>{"COLOUR"};
            }},
           {R"({"limit":{"cpu":"60s","open-files":64}})",
            [](Draft d) { return d.task.limits.cpu_s == 60U && d.task.limits.open_files == 64U; }},
           {R"({"limit":"memory=1G,core=0"})",
            [](Draft d) {
              return d.task.limits.memory_bytes == 1ULL << 30U && d.task.limits.core_bytes == 0U;
            }},
           {R"({"name":"a\u00e4"})", [](Draft d) { return d.task.name == "aä"; }},
       }) {
    CAPTURE(std::string(row.line));
    CHECK(row.holds(read(with_command(row.line))));
  }
}

TEST_CASE("a bad line is refused with what is wrong and the way out") {
  struct Row {
    std::string line;
    const char* message;
    const char* hint;
  };
  for (const Row& row : std::vector<Row>{
           {"", "no JSON: ", "one object a line"},
           {"{", "no JSON: ", "one object a line"},
           {R"({"name":"a"} x)", "no JSON: ", "one object a line"},
           {"\x7F{}",
            "no JSON: parse error at line 1, column 1: syntax error while parsing value - "
            "invalid literal",
            ""},
           {"{\"name\" 5}",
            "no JSON: parse error at line 1, column 9: syntax error while parsing object "
            "separator - unexpected number literal",
            ""},
           {R"({"retries":1e999})", "no JSON: number overflow parsing '1e999'", ""},
           {"[]", "no JSON object", "one object a line"},
           {"null", "no JSON object", "one object a line"},
           {"7", "no JSON object", "one object a line"},
           {"{\"name\":\"\xFF\"}", "the line is not UTF-8", ""},
           {R"({"retrie":3})", "unknown key 'retrie'", "did you mean 'retries'?"},
           {R"({"comand":["x"]})", "unknown key 'comand'", "did you mean 'command'?"},
           {R"({"nmae":"x"})", "unknown key 'nmae'", "did you mean 'name'?"},
           {R"({"zzz":"x"})", "unknown key 'zzz'", "keys are the long options of sched add"},
           {R"({"--retries":3})", "unknown key '--retries'", ""},
           {R"({"command":"make all"})", "'command' must be an array of texts", "\"shell\""},
           {R"({"command":["sleep",5]})", "'command' must be an array of texts", "quotes"},
           {"{}", "no command is given", "'command'"},
           {R"({"name":"a"})", "no command is given", "'shell'"},
           {R"({"command":[]})", "the command is empty", "first word"},
           {R"({"command":["x"],"shell":"y"})", "'command' and 'shell' exclude each other", ""},
           {R"({"name":null})", "'name': a value of another kind is wanted, not null", "quotes"},
           {R"({"name":["a"]})", "'name': a value of another kind is wanted, not array", "quotes"},
           {R"({"retries":3.5})", "'retries': a value of another kind is wanted, not number",
            "whole numbers"},
           {R"({"retries":{"a":1}})", "'retries': a value of another kind is wanted, not object",
            "quotes"},
           {R"({"retries":[1,2]})", "'retries' takes one value, not a list", ""},
           {R"({"tag":["x",["y"]]})", "'tag': a value of another kind is wanted, not array", ""},
           {R"({"env":{"A":null}})", "'env': a value of another kind is wanted, not null", ""},
           {R"({"retries":-1})", "--retries '-1': not a whole number from 0 to 1000", ""},
           {R"({"manual":"perhaps"})", "--manual 'perhaps': neither true nor false", ""},
           {R"({"limit":{"disk":1}})", "--limit 'disk=1': ", ""},
           {std::string(cli::k_longest_line + 1, ' '), "the line has 2097153 bytes", "stdin"},
           {std::string(100'000, '['), "no JSON: ", "one object a line"},
       }) {
    CAPTURE(row.line.substr(0, 60));
    try {
      read(row.line);
      FAIL_CHECK("it was taken");
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::invalid_input);
      CAPTURE(error.message());
      CAPTURE(error.hint());
      CHECK(error.message().starts_with(row.message));
      CHECK(error.hint().find(row.hint) != std::string::npos);
    }
  }
}

TEST_CASE("a list says of each line where it stood, and reads on after a bad one") {
  std::istringstream input("{\"shell\":\"a\"}\n\n  \n{\"nam\":1}\r\n{\"shell\":\"b\"}\r\nx");
  const cli::BulkLines lines(input);
  REQUIRE(lines.size() == 4);
  CHECK(lines.text(2) == "{\"shell\":\"b\"}\r");
  const cli::DraftContext here = context();
  std::vector<cli::DraftError> errors;
  const auto drafts = cli::BulkReader(here, 027).read_all(lines, errors);
  REQUIRE(drafts.size() == 2);
  REQUIRE(errors.size() == 2);
  CHECK(lines.number(errors[0].index) == 4);
  CHECK(lines.number(errors[1].index) == 6);
  const auto& surroundings = drafts[1].task.surroundings;
  CHECK(surroundings.directory == "/");
  CHECK(surroundings.umask == 027);
  CHECK(surroundings.environment == security::Environment{{"HOME", "/home/ann"}, {"PATH", "/bin"}});
}

TEST_CASE("what is set wins over what is captured, and bytes that are no text are refused") {
  std::istringstream input(
      "{\"shell\":\"x\",\"env\":[\"HOME=/else\",\"COLOUR\"]}\n{\"shell\":\"x\",\"env\":\"BYTES\"}\n"
      "{\"shell\":\"x\",\"env\":\"UNSET\"}\n{\"shell\":\"x\"}\n");
  const cli::DraftContext here = context();
  std::vector<cli::DraftError> errors;
  const auto drafts = cli::BulkReader(here, 022).read_all(cli::BulkLines(input), errors);
  REQUIRE(drafts.size() == 2);
  CHECK(drafts[0].task.surroundings.environment ==
        security::Environment{{"COLOUR", "red"}, {"HOME", "/else"}, {"PATH", "/bin"}});
  CHECK(drafts[1].task.surroundings.environment ==
        security::Environment{{"HOME", "/home/ann"}, {"PATH", "/bin"}});
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].error.message() == "the value of BYTES is not UTF-8");
  CHECK(errors[1].error.message().find("UNSET") != std::string::npos);
}
