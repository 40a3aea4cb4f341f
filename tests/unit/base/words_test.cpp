#include "base/words.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using Words = std::vector<std::string>;

TEST_CASE("words are parted as a shell does, and nothing is expanded") {
  struct Row {
    const char* text;
    Words expected;
  };
  for (const Row& row : std::vector<Row>{{"trickle -d 100", {"trickle", "-d", "100"}},
                                         {"  a \t b\n", {"a", "b"}},
                                         {"", {}},
                                         {"   ", {}},
                                         {"''", {""}},
                                         {"a'b c'd", {"ab cd"}},
                                         {"\"a b\" c", {"a b", "c"}},
                                         {R"("a\"b" 'c\d')", {"a\"b", "c\\d"}},
                                         {R"(a\ b \$x)", {"a b", "$x"}},
                                         {R"("\$x\\" "a\b")", {"$x\\", "a\\b"}},
                                         {"'$HOME;*'", {"$HOME;*"}},
                                         {"x=1,y:2/@%+-", {"x=1,y:2/@%+-"}}}) {
    CAPTURE(row.text);
    const auto words = base::split_words(row.text);
    REQUIRE(words.ok());
    CHECK(*words == row.expected);
    CHECK(base::split_words(base::join_words(*words)).value() == row.expected);
  }
}

TEST_CASE("what a shell would act on is refused unless it is quoted") {
  for (const char* text : {"a; b", "a | b", "$HOME", "`id`", "a > b", "*.c", "a && b", "(a)", "~/x",
                           "\"$HOME\"", "\"`id`\"", "'a", "\"a", "a\\"}) {
    CAPTURE(text);
    const auto words = base::split_words(text);
    REQUIRE_FALSE(words.ok());
    CHECK_FALSE(words.error().hint().empty());
  }
  CHECK_FALSE(base::split_words(std::string("a\0b", 3)).ok());
  CHECK_FALSE(base::split_words(std::string("'a\0b'", 5)).ok());
  CHECK_FALSE(base::split_words(std::string("a\\\0b", 4)).ok());
}
