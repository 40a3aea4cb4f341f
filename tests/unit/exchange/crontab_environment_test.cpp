#include "exchange/crontab_environment.hpp"

#include "exchange/crontab.hpp"
#include "support/table.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace sched;
using exchange::Note;

namespace {

std::string text(const std::string& json) {
  return nlohmann::json::parse(json).get<std::string>();
}

bool refuses(const exchange::Crontab& crontab, int line) {
  return std::any_of(crontab.notes.begin(), crontab.notes.end(), [&](const Note& note) {
    return note.line == line && note.kind == Note::Kind::refused;
  });
}

}  // namespace

TEST_CASE("assignments are read as cron reads them") {
  const test::Table table("conformance/crontab_env.tsv");
  REQUIRE(table.rows().size() >= 40);
  for (const auto& row : table.rows()) {
    CAPTURE(row["id"]);
    const std::string line = text(row["line_json"]);
    CAPTURE(line);
    const auto variable = exchange::read_assignment(line);
    REQUIRE(variable.has_value() == (row["cronie"] == "env"));
    const auto crontab = exchange::parse_crontab(line + "\n", exchange::CrontabFormat::user);
    CHECK(refuses(crontab, 1) == (row["recommended"] == "error"));
    CHECK(crontab.jobs.empty());
    if (variable) {
      CHECK(variable->name == text(row["name_json"]));
      CHECK(variable->value == text(row["value_json"]));
      const bool is_portable = exchange::is_portable_name(variable->name);
      CHECK(is_portable == (row["recommended"] == "env"));
      const auto written = exchange::write_assignment(*variable);
      if (is_portable) {
        REQUIRE(written.has_value());
        const bool comes_back = exchange::read_assignment(*written) == variable;
        CHECK(comes_back);
      }
    }
  }
}

TEST_CASE("an assignment keeps what a writer has to quote") {
  struct Row {
    const char* value;
    const char* line;
  };
  for (const Row& row :
       {Row{"", "A=\"\""}, Row{" a", "A=\" a\""}, Row{"a b", "A=a b"}, Row{"'a'", "A=\"'a'\""},
        Row{"\"a\"", "A='\"a\"'"}, Row{"a'\"", "A=a'\""}, Row{"\t", "A=\"\t\""}}) {
    CAPTURE(row.value);
    CHECK(exchange::write_assignment({"A", row.value}) == row.line);
  }
  for (const char* value : {"a\nb", " '\"", "'a' \"", "a\r", "\"' "}) {
    CAPTURE(value);
    CHECK_FALSE(exchange::write_assignment({"A", value}).has_value());
  }
}

TEST_CASE("a name is refused where no shell could read the variable") {
  for (const char* name : {"A", "_", "a1", "PATH"}) {
    CHECK(exchange::is_portable_name(name));
  }
  for (const char* name : {"", "1A", "A-B", "A B", "\xC3\xA4"}) {
    CAPTURE(name);
    CHECK_FALSE(exchange::is_portable_name(name));
  }
}
