#include "exchange/unit_words.hpp"

#include "base/text.hpp"
#include "exchange/unit_specifiers.hpp"

#include <doctest/doctest.h>

using namespace sched;

namespace {

std::string words(std::string_view text) {
  const auto split = exchange::split_unit_words(text);
  return split ? base::join(*split, "|") : "refused: " + split.error().message();
}

}  // namespace

TEST_CASE("words of a unit are parted, quoted and escaped as systemd does") {
  struct Row {
    const char* text;
    const char* words;
  };
  for (const Row& row :
       {Row{"a b\tc  d ", "a|b|c|d"}, Row{"\"a b\" 'c d'", "a b|c d"}, Row{"a\"b c\"d", "ab cd"},
        Row{"\"\" ''", "|"}, Row{"a\\sb \\x41 \\101 \\u00e4 \\\\", "a b|A|A|\xC3\xA4|\\"},
        Row{"'it\\'s'", "it's"}, Row{"\"a'b\"", "a'b"}, Row{"a\\.b \\q", "a\\.b|\\q"},
        Row{"\\x00 \\x4 \\400", "\\x00|\\x4|\\400"}, Row{"a\\nb", "a\nb"}, Row{"", ""}}) {
    CAPTURE(row.text);
    CHECK(words(row.text) == row.words);
  }
  CHECK(words("a \"b c").starts_with("refused: "));
  CHECK(words("a 'b c\"").starts_with("refused: "));
}

TEST_CASE("any value comes back from the word that is written for it") {
  for (const char* value : {"", "a", "a b", "it's", "\"", "\\", "a\\nb", "a\nb\t", "\x01",
                            "\xC3\xA4", "$A ${B} %%", "#", ";", "\\x41", " "}) {
    CAPTURE(value);
    CHECK(words(exchange::quote_unit_word(value)) == value);
    CHECK(exchange::unescape_unit_text(exchange::escape_unit_text(value)).value() == value);
  }
}

TEST_CASE("specifiers stand for what the unit's name says") {
  const auto specifiers = exchange::specifiers_of("backup-db@var-lib-x\\x2dy.service");
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row : {Row{"%n", "backup-db@var-lib-x\\x2dy.service"}, Row{"%p", "backup-db"},
                         Row{"%i", "var-lib-x\\x2dy"}, Row{"%I", "var/lib/x-y"}, Row{"%j", "db"},
                         Row{"%f", "/var/lib/x-y"}, Row{"100%% %t/x", "100% /run/x"}, Row{"%", "%"},
                         Row{"%_", "%_"}, Row{"%%n", "%n"}}) {
    CAPTURE(row.text);
    CHECK(exchange::expand_specifiers(row.text, specifiers).value() == row.expected);
    const auto escaped = exchange::escape_specifiers(row.text);
    CHECK(exchange::expand_specifiers(escaped, specifiers).value() == row.text);
  }
  CHECK_FALSE(exchange::expand_specifiers("%h", specifiers).ok());
}
