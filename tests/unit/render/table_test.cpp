#include "render/table.hpp"

#include "base/text.hpp"
#include "render/details.hpp"
#include "render/width.hpp"

#include <doctest/doctest.h>

using namespace sched;
using render::Cell;
using render::Fit;

namespace {

render::Table example() {
  render::Table table;
  table.headings = {
      {"ID", Fit::number}, {"NAME", Fit::flexible}, {"STATE"}, {"WHY", Fit::flexible}};
  table.rows = {{{"7"}, {"backup"}, {"failed"}, {"exit 3"}},
                {{"12"}, {"a-very-long-name-of-a-task"}, {"running"}, {""}},
                {{"130"}, {"x\x1b[2J"}, {"waiting"}, {"a reason that goes on and on and on"}}};
  return table;
}

}  // namespace

TEST_CASE("a table is as wide as it needs to be") {
  CHECK(render::to_text(example(), 80, render::Style(false)) ==
        " ID  NAME                        STATE    WHY\n"
        "  7  backup                      failed   exit 3\n"
        " 12  a-very-long-name-of-a-task  running\n"
        "130  x\\x1b[2J                    waiting  a reason that goes on and on and on\n");
}

TEST_CASE("a column that may go is left out where no row has anything in it") {
  render::Table table;
  table.headings = {{"ID"}, {"TASK", Fit::flexible, true}, {"WHY"}};
  table.rows = {{{"1"}, {""}, {""}}, {{"2"}, {""}, {""}}};
  CHECK(render::to_text(table, 80, render::Style(false)) == "ID  WHY\n1\n2\n");
  table.rows[1][1].text = "b";
  CHECK(render::to_text(table, 80, render::Style(false)) == "ID  TASK  WHY\n1\n2   b\n");
}

TEST_CASE("where there is too little room the widest flexible columns give it") {
  for (const int width : {79, 60, 50, 40}) {
    CAPTURE(width);
    const std::string text = render::to_text(example(), width, render::Style(false));
    for (const std::string& line : base::split(text, '\n')) {
      CHECK(render::columns(line) <= width);
      CHECK_FALSE(line.ends_with(' '));
    }
    CHECK(text.find("waiting") != std::string::npos);
  }
  // No column is cut below what still says something.
  CHECK(render::to_text(example(), 10, render::Style(false)).find("a-very-lo…") !=
        std::string::npos);
}

TEST_CASE("an empty number takes its column and no more") {
  render::Table table;
  table.headings = {{"A"}, {"TRY", Fit::number}, {"B"}};
  table.rows = {{{"x"}, {""}, {"y"}}, {{"x"}, {"1"}, {"y"}}};
  CHECK(render::to_text(table, 80, render::Style(false)) == "A  TRY  B\nx       y\nx    1  y\n");
}

TEST_CASE("colours stand round the text and change no width") {
  render::Table table;
  table.headings = {{""}, {""}};
  table.rows = {{{"bad", render::Tone::bad}, {"x"}}, {{"plain"}, {"y"}}};
  CHECK(render::to_text(table, 80, render::Style(true)) == "\x1b[31mbad\x1b[0m    x\nplain  y\n");
}

TEST_CASE("details stand in two columns, and empty ones are left out") {
  const std::vector<render::Detail> details = {
      {"Task", {"backup"}},
      {"Key", {""}},
      {"Command", {"tar --create --file out.tar one two three"}}};
  CHECK(render::to_text(details, 36, render::Style(false)) ==
        "Task     backup\n"
        "Command  tar --create --file out.tar\n"
        "         one two three\n");
}
