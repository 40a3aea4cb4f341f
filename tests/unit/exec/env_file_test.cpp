#include "exec/env_file.hpp"

#include "exec/spawn.hpp"

#include <doctest/doctest.h>

using namespace sched;
using Texts = std::vector<std::string>;

TEST_CASE("an environment file gives its assignments") {
  struct Row {
    const char* text;
    Texts entries;
  };
  for (const Row& row :
       {Row{"", {}}, Row{"\n\n# note\n; note\n  # A=1\n", {}}, Row{"A=1", {"A=1"}},
        Row{"A=1\nB=2\n", {"A=1", "B=2"}}, Row{"export A=1\r\n", {"A=1"}},
        Row{" A = x y \n", {"A=x y"}}, Row{"A=", {"A="}}, Row{"A='x # y'", {"A=x # y"}},
        Row{"A=\"x \\\" \\\\ \\n\"", {"A=x \" \\ \\n"}},
        Row{"A='two\nlines'\nB=1", {"A=two\nlines", "B=1"}}, Row{"A=a=b", {"A=a=b"}},
        Row{"A=$B `c`", {"A=$B `c`"}}}) {
    CAPTURE(row.text);
    const auto entries = exec::parse_env_file(row.text);
    REQUIRE(entries.ok());
    CHECK(*entries == row.entries);
  }
}

TEST_CASE("a line that is no assignment is named by its number") {
  struct Row {
    const char* text;
    const char* line;
  };
  for (const Row& row :
       {Row{"A=1\nwhat\n", "line 2"}, Row{"=1", "line 1"}, Row{"1A=1", "line 1"},
        Row{"A B=1", "line 1"}, Row{"\nA='x", "line 2"}, Row{"A='x' y", "line 1"}}) {
    CAPTURE(row.text);
    const auto entries = exec::parse_env_file(row.text);
    REQUIRE_FALSE(entries.ok());
    CHECK(entries.error().message().find(row.line) == 0);
  }
  CHECK_FALSE(exec::parse_env_file(std::string_view("A=\0", 3)).ok());
}

TEST_CASE("later entries win over earlier ones of the same name only") {
  CHECK(exec::merge_environment({"A=1", "AB=2"}, {"A=3", "C=4"}) == Texts{"A=3", "AB=2", "C=4"});
  CHECK(exec::environment_value({"AB=2", "A=x"}, "A") == "x");
  CHECK(exec::environment_value({"AB=2"}, "A").empty());
}

TEST_CASE("a program without a slash is looked for in every directory of PATH") {
  CHECK(exec::program_candidates("/a/b", "/x") == Texts{"/a/b"});
  CHECK(exec::program_candidates("./b", "/x") == Texts{"./b"});
  CHECK(exec::program_candidates("b", "/x::/y") == Texts{"/x/b", "./b", "/y/b"});
  CHECK(exec::program_candidates("b", "") == Texts{"/usr/local/bin/b", "/usr/bin/b", "/bin/b"});
}
