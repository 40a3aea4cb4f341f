#include "exchange/unit_file.hpp"

#include <doctest/doctest.h>

using namespace sched::exchange;

namespace {

std::string shown(const UnitFile& unit) {
  std::string text;
  for (const UnitEntry& entry : unit.entries) {
    text += std::to_string(entry.line) + ":" + entry.section + "." + entry.key + "=" + entry.value +
            ";";
  }
  return text;
}

}  // namespace

TEST_CASE("sections, comments and continued lines of a unit are read") {
  struct Row {
    const char* text;
    const char* expected;
  };
  for (const Row& row :
       {Row{"[A]\nx=1\n", "2:A.x=1;"}, Row{"[A]\n x = a = b \n[B]\ny=", "2:A.x=a = b;4:B.y=;"},
        Row{"[A]\n#x=1\n ;y=2\nz=3 # 4\n", "4:A.z=3 # 4;"},
        Row{"[A]\nx=a \\\n  b \\\n# said\n; so\n  c\ny=d\n", "2:A.x=a  b  c;7:A.y=d;"},
        Row{"[A]\nx=a\\\\\ny=b\n", "2:A.x=a\\\\;3:A.y=b;"}, Row{"[A]\r\nx=1\r\n", "2:A.x=1;"},
        Row{"[A]\nx=a \\", "2:A.x=a;"}, Row{"[A]\nx=a \\\n# end\n", "2:A.x=a;"}}) {
    CAPTURE(row.text);
    CHECK(shown(parse_unit_file({{"a", row.text}})) == row.expected);
  }
}

TEST_CASE("what systemd passes over in a unit is said") {
  const auto unit = parse_unit_file({{"a.timer", "x=1\n[A\n[A]\nword\n=v\ny=\xFF\nz=1\n"}});
  CHECK(shown(unit) == "7:A.z=1;");
  REQUIRE(unit.notes.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) {
    CHECK(unit.notes[i].kind == Note::Kind::ignored);
    CHECK(unit.notes[i].source == "a.timer");
  }
  CHECK(unit.notes[4].line == 6);
}

TEST_CASE("a later text wins, and an empty assignment resets a list") {
  const auto unit = parse_unit_file(
      {{"a", "[A]\nlist=1\nlist=2\none=1\ntwo=1\n"}, {"b", "[A]\nlist=\nlist=3\none=2\ntwo=\n"}});
  const auto list = unit.list("A", "list");
  REQUIRE(list.size() == 1);
  CHECK(list[0]->value == "3");
  CHECK(list[0]->source == "b");
  REQUIRE(unit.find("A", "one") != nullptr);
  CHECK(unit.find("A", "one")->value == "2");
  CHECK(unit.find("A", "two") == nullptr);
  CHECK(unit.find("B", "one") == nullptr);
}
