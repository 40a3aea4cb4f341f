#include "base/text.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

using namespace sched;

TEST_CASE("split gives the pieces between separators, empty ones included") {
  using Words = std::vector<std::string>;
  CHECK(base::split("a,b,,c", ',') == Words{"a", "b", "", "c"});
  CHECK(base::split("", ',') == Words{""});
  CHECK(base::split(",", ',') == Words{"", ""});
}

TEST_CASE("trim takes white space from both ends and leaves the middle") {
  CHECK(base::trim(" \t a b \r\n") == "a b");
  CHECK(base::trim("   ").empty());
}

TEST_CASE("quote shows text without what could steer a terminal") {
  struct Row {
    std::string text;
    const char* shown;
  };
  for (const Row& row :
       {Row{"plain", "'plain'"}, Row{"", "''"}, Row{"a\nb", "'a\\x0ab'"},
        Row{"\x1b[31m", "'\\x1b[31m'"}, Row{"\x7f", "'\\x7f'"}, Row{"\xc2\x9b", "'\\xc2\\x9b'"},
        Row{"über", "'über'"}, Row{"\xff\xfe", "'\\xff\\xfe'"}, Row{"\xe2\x82", "'\\xe2\\x82'"}}) {
    CAPTURE(row.text);
    CHECK(base::quote(row.text) == row.shown);
  }
}

TEST_CASE("quote cuts what is long and says how long it is") {
  const std::string shown = base::quote(std::string(5000, 'x'));
  CHECK(shown.size() < 150);
  CHECK(shown.find("(5000 bytes)") != std::string::npos);
}

TEST_CASE("shell_quote gives one word of a shell") {
  struct Row {
    const char* text;
    const char* shown;
  };
  for (const Row& row : {Row{"a/b.txt", "a/b.txt"}, Row{"", "''"}, Row{"a b", "'a b'"},
                         Row{"it's", "'it'\\''s'"}, Row{"$HOME", "'$HOME'"}, Row{"~", "'~'"}}) {
    CAPTURE(row.text);
    CHECK(base::shell_quote(row.text) == row.shown);
  }
}

TEST_CASE("the nearest word is one that a person may have meant, or none") {
  const std::vector<std::string> words = {"pause", "resume", "remove", "list"};
  CHECK(base::nearest("puase", words) == "pause");
  CHECK(base::nearest("lst", words) == "list");
  CHECK(base::nearest("resum", words) == "resume");
  CHECK_FALSE(base::nearest("graph", words).has_value());
  CHECK_FALSE(base::nearest("", words).has_value());
  CHECK_FALSE(base::nearest(std::string(1000, 'a'), words).has_value());
  CHECK(base::did_you_mean("lst", words) == "did you mean 'list'?");
  CHECK(base::did_you_mean("graph", words, "see help") == "see help");
}

TEST_CASE("UTF-8 is told from what only looks like it") {
  for (const char* good : {"", "plain", "über", "€", "😀"}) {
    CAPTURE(good);
    CHECK(base::is_utf8(good));
  }
  struct Row {
    const char* what;
    std::string text;
  };
  for (const Row& row : {Row{"lone continuation", "\x80"}, Row{"overlong slash", "\xc0\xaf"},
                         Row{"overlong in three", "\xe0\x80\xaf"}, Row{"surrogate", "\xed\xa0\x80"},
                         Row{"beyond the last", "\xf4\x90\x80\x80"}, Row{"cut off", "\xe2\x82"},
                         Row{"latin-1", "\xfc"}}) {
    CAPTURE(row.what);
    CHECK_FALSE(base::is_utf8(row.text));
  }
}

TEST_CASE("parse_int takes a whole number and nothing round it") {
  CHECK(base::parse_int("42") == 42);
  CHECK(base::parse_int("-7") == -7);
  CHECK(base::parse_int("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  for (const char* text :
       {"", "-", "+1", " 1", "1 ", "1.5", "0x10", "9223372036854775808", "1e3"}) {
    CAPTURE(text);
    CHECK_FALSE(base::parse_int(text).has_value());
  }
}

TEST_CASE("a glob matches the whole text") {
  struct Row {
    const char* pattern;
    const char* text;
    bool matches;
  };
  for (const Row& row :
       {Row{"backup-*", "backup-db", true}, Row{"backup-?", "backup-db", false}, Row{"*", "", true},
        Row{"db", "backup-db", false}, Row{"[ab]*", "beta", true}, Row{"*/x", "a/b/x", true}}) {
    CAPTURE(row.pattern);
    CAPTURE(row.text);
    CHECK(base::glob_matches(row.pattern, row.text) == row.matches);
  }
}

TEST_CASE("join puts the separator between words only") {
  CHECK(base::join({"a", "b", "c"}, ", ") == "a, b, c");
  CHECK(base::join({"a"}, ", ") == "a");
  CHECK(base::join({}, ", ").empty());
}
