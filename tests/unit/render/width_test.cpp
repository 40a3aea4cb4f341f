#include "render/width.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;

TEST_CASE("text is as wide as a terminal shows it") {
  struct Row {
    const char* text;
    int expected;
  };
  for (const Row& row : {Row{"", 0}, Row{"abc", 3}, Row{"Grüße", 5}, Row{"東京", 4}, Row{"한글", 4},
                         Row{"e\xcc\x81", 1}, Row{"👋", 2}, Row{"ｆｕｌｌ", 8}, Row{"…", 1}}) {
    CAPTURE(row.text);
    CHECK(render::columns(row.text) == row.expected);
  }
}

TEST_CASE("what is too wide ends in an ellipsis") {
  struct Row {
    const char* text;
    int width;
    const char* expected;
  };
  for (const Row& row : {Row{"abc", 3, "abc"}, Row{"abcd", 3, "ab…"}, Row{"abcd", 1, "…"},
                         Row{"", 1, ""}, Row{"東京都", 5, "東京…"}, Row{"東京都", 4, "東…"},
                         Row{"ab cd", 4, "ab…"}, Row{"東京", 4, "東京"}}) {
    CAPTURE(row.text);
    CAPTURE(row.width);
    CHECK(render::fitted(row.text, row.width) == row.expected);
    CHECK(render::columns(render::fitted(row.text, row.width)) <= row.width);
  }
}

TEST_CASE("text is wrapped at blanks, and where there are none at the edge") {
  using Lines = std::vector<std::string>;
  CHECK(render::wrapped("", 10) == Lines{""});
  CHECK(render::wrapped("one two three", 8) == Lines{"one two", "three"});
  CHECK(render::wrapped("one two", 7) == Lines{"one two"});
  CHECK(render::wrapped("abcdefgh", 3) == Lines{"abc", "def", "gh"});
  CHECK(render::wrapped("東京都", 1) == Lines{"東", "京", "都"});
}
