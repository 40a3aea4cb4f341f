#include "render/safe_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace sched;
using namespace std::string_literals;

TEST_CASE("no text reaches a terminal as anything but text") {
  struct Row {
    std::string text;
    std::string expected;
  };
  for (const Row& row :
       {Row{"", ""}, Row{"backup", "backup"}, Row{"Grüße, 東京 👋", "Grüße, 東京 👋"},
        Row{"\x1b[31mred", "\\x1b[31mred"}, Row{"a\nb\tc\rd", "a\\nb\\tc\\rd"},
        Row{"nul\0here"s, "nul\\x00here"}, Row{"del\x7f", "del\\x7f"},
        Row{"c1 \xc2\x9b"
            "31m",
            "c1 \\x9b31m"},
        Row{"raw c1 \x9b", "raw c1 \\x9b"}, Row{"\xff\xfe", "\\xff\\xfe"},
        Row{"overlong \xc0\xaf", "overlong \\xc0\\xaf"},
        Row{"surrogate \xed\xa0\x80", "surrogate \\xed\\xa0\\x80"},
        Row{"cut \xe6\x9d", "cut \\xe6\\x9d"}, Row{"bidi \xe2\x80\xae!", "bidi \\u202e!"},
        Row{"isolate \xe2\x81\xa6!", "isolate \\u2066!"},
        Row{"zero\xe2\x80\x8bwidth", "zero\\u200bwidth"},
        Row{"tag \xf3\xa0\x80\x81", "tag \\ue0001"}}) {
    CAPTURE(row.expected);
    CHECK(render::safe(row.text) == row.expected);
  }
}

TEST_CASE("JSON for a terminal says the same without a control byte") {
  CHECK(render::safe_json("{\"a\": \"\xc2\x9b\x7f\xe2\x80\xae\xf3\xa0\x80\x81ü東\\u001b\"}\n") ==
        "{\"a\": \"\\u009b\\u007f\\u202e\\udb40\\udc01ü東\\u001b\"}\n");
}

TEST_CASE("output for a terminal keeps its lines and tabs") {
  render::SafeOutput output;
  CHECK(output.pass("a\tb\n\x1b[2Jc\r\nd\re\n") == "a\tb\n\\x1b[2Jc\nd\\re\n");
  CHECK(output.finish().empty());
}

TEST_CASE("output that is cut anywhere comes out the same") {
  const std::string text = "東京\r\n\x1b[1mGrüße\xff\r\xe2\x80\xae 👋\r\n";
  render::SafeOutput whole;
  const std::string expected = whole.pass(text) + whole.finish();
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    CAPTURE(cut);
    render::SafeOutput output;
    const std::string head = output.pass(std::string_view(text).substr(0, cut));
    const std::string tail = output.pass(std::string_view(text).substr(cut));
    CHECK(head + tail + output.finish() == expected);
  }
}

TEST_CASE("what is left unfinished at the end is shown as bytes") {
  render::SafeOutput output;
  CHECK(output.pass("a\xe6\x9d") == "a");
  CHECK(output.finish() == "\\xe6\\x9d");
}
