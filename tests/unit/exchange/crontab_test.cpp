#include "exchange/crontab.hpp"

#include "support/table.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

using namespace sched;
using exchange::CrontabFormat;
using exchange::Note;

namespace {

std::string text(const std::string& json) {
  return json.empty() ? "" : nlohmann::json::parse(json).get<std::string>();
}

std::string content(const std::string& file) {
  std::ifstream stream(std::string(SCHED_FIXTURES) + "/conformance/crontabs/" + file);
  REQUIRE(stream.good());
  return {std::istreambuf_iterator<char>(stream), {}};
}

CrontabFormat format(const std::string& word) {
  return word == "system" ? CrontabFormat::system : CrontabFormat::user;
}

template <typename Entries>
auto find_line(const Entries& entries, int line) {
  return std::find_if(entries.begin(), entries.end(),
                      [&](const auto& entry) { return entry.line == line; });
}

/// The reason why the line is refused; "" when it is not.
std::string refusal(const exchange::Crontab& crontab, int line) {
  for (const Note& note : crontab.notes) {
    if (note.line == line && note.kind == Note::Kind::refused) {
      return note.what;
    }
  }
  return {};
}

std::string all_notes(const exchange::Crontab& crontab) {
  std::string all;
  for (const Note& note : crontab.notes) {
    all += note.what + "\n";
  }
  return all;
}

std::map<std::string, std::string> as_map(const std::vector<exchange::Variable>& variables) {
  std::map<std::string, std::string> map;
  for (const auto& variable : variables) {
    map[variable.name] = variable.value;
  }
  return map;
}

exchange::Crontab user(const std::string& lines) {
  return exchange::parse_crontab(lines, CrontabFormat::user);
}

}  // namespace

TEST_CASE("whole crontabs are read as cron reads them") {
  const test::Table table("conformance/crontabs.tsv");
  REQUIRE(table.rows().size() >= 120);
  for (const auto& row : table.rows()) {
    CAPTURE(row["file"]);
    CAPTURE(row["line"]);
    const auto crontab = exchange::parse_crontab(content(row["file"]), format(row["format"]));
    const int line = std::stoi(row["line"]);
    const auto job = find_line(crontab.jobs, line);
    const auto assignment = find_line(crontab.assignments, line);
    CHECK((job != crontab.jobs.end()) == (row["kind"] == "job"));
    CHECK((assignment != crontab.assignments.end()) == (row["kind"] == "env"));
    if (row["kind"] == "error") {
      CHECK_FALSE(refusal(crontab, line).empty());
    } else if (row["kind"] == "env") {
      const nlohmann::json expected = nlohmann::json::parse(row["env_json"]);
      REQUIRE(expected.contains(assignment->variable.name));
      CHECK(expected[assignment->variable.name] == assignment->variable.value);
    } else {
      CHECK(refusal(crontab, line).empty());
      CHECK(job->schedule == row["schedule"]);
      CHECK(job->user == row["user"]);
      CHECK(job->command == text(row["command_json"]));
      CHECK(job->input == text(row["stdin_json"]));
      CHECK(nlohmann::json(as_map(job->environment)) == nlohmann::json::parse(row["env_json"]));
      CHECK(job->quiet == (row["note"] == "no-log flag"));
      CHECK(job->mail_on_failure_only == (row["note"] == "mail only on failure"));
    }
  }
}

TEST_CASE("every line of a crontab is accounted for") {
  const test::Table table("conformance/crontab_files.tsv");
  REQUIRE(table.rows().size() >= 12);
  for (const auto& row : table.rows()) {
    CAPTURE(row["file"]);
    const auto crontab = exchange::parse_crontab(content(row["file"]), format(row["format"]));
    CHECK(crontab.jobs.size() == std::stoul(row["jobs"]));
    CHECK(crontab.assignments.size() == std::stoul(row["env_lines"]));
    const auto errors =
        std::count_if(crontab.notes.begin(), crontab.notes.end(), [&](const Note& note) {
          return note.kind == Note::Kind::refused &&
                 find_line(crontab.assignments, note.line) == crontab.assignments.end();
        });
    CHECK(errors == std::stol(row["error_lines"]));
  }
}

TEST_CASE("what an editor did to a crontab is mended and said") {
  struct Row {
    const char* text;
    const char* said;
  };
  for (const Row& row : {Row{"0 5 * * * a\r\n1 5 * * * b\r\n", "CR LF"},
                         Row{"0 5 * * * a\n1 5 * * * b", "at the end"},
                         Row{"\xEF\xBB\xBF"
                             "0 5 * * * a\n1 5 * * * b\n",
                             "byte order mark"}}) {
    CAPTURE(row.said);
    const auto crontab = user(row.text);
    REQUIRE(crontab.jobs.size() == 2);
    CHECK(crontab.jobs[0].command == "a");
    CHECK(crontab.jobs[1].command == "b");
    CHECK(all_notes(crontab).find(row.said) != std::string::npos);
  }
}

TEST_CASE("a job knows what the lines above it have set") {
  const auto crontab = user(
      "CRON_TZ=Europe/Berlin\nRANDOM_DELAY=30\nMAILTO=\nSHELL=/bin/bash\nUSER=x\nTZ=UTC\n"
      "@daily a\nCRON_TZ=\nRANDOM_DELAY=x\nMAILTO=m\n-5 * * * * -nq b\n");
  REQUIRE(crontab.jobs.size() == 2);
  const auto& first = crontab.jobs[0];
  CHECK(first.zone() == "Europe/Berlin");
  CHECK(first.random_delay_minutes() == 30);
  CHECK(first.mail_to() == "");
  CHECK(first.shell() == "/bin/bash");
  CHECK_FALSE(first.home().has_value());
  const auto& second = crontab.jobs[1];
  CHECK_FALSE(second.zone().has_value());
  CHECK(second.random_delay_minutes() == 0);
  CHECK(second.mail_to() == "m");
  CHECK(second.quiet);
  CHECK(second.mail_on_failure_only);
  CHECK(second.command == "b");
}

TEST_CASE("a line that can't be taken says what was probably meant") {
  struct Row {
    const char* line;
    const char* reason;
  };
  for (const Row& row :
       {Row{"export A=b", "NAME=VALUE alone"}, Row{"A=\"b", "closing quote"},
        Row{"just some words", "neither assignment nor schedule"},
        Row{"0 0 * *", "ends before the day of week"}, Row{"0 0 * * *", "no command"},
        Row{"* * * * * * six", "five fields here"}, Row{"H 4 * * * jenkins", "'H'"},
        Row{"@dayly x", "@daily"}, Row{"60 * * * * x", "0-59"}, Row{"1 2 3 4 5 -x y", "'-x'"},
        Row{"1 2 3 4 5 a\xFF", "UTF-8"}, Row{"- 1 2 3 4 a", "touches the schedule"},
        Row{"1 2 3 4 5\r a", "control character"}}) {
    CAPTURE(row.line);
    const auto crontab = user(std::string(row.line) + "\n");
    CHECK(crontab.jobs.empty());
    CAPTURE(refusal(crontab, 1));
    CHECK(refusal(crontab, 1).find(row.reason) != std::string::npos);
  }
  const auto system = exchange::parse_crontab("1 2 3 4 5 [ -x /a ]\n", CrontabFormat::system);
  CHECK(refusal(system, 1).find("no user name") != std::string::npos);
}

TEST_CASE("jobs below a zone that is not known are refused, not moved to another zone") {
  const auto crontab = user("CRON_TZ=Europe/Berlyn\n0 5 * * * a\nCRON_TZ=UTC\n0 5 * * * b\n");
  REQUIRE(crontab.jobs.size() == 1);
  CHECK(crontab.jobs[0].command == "b");
  CHECK(refusal(crontab, 1).find("Europe/Berlin") != std::string::npos);
  CHECK(refusal(crontab, 2).find("line 1") != std::string::npos);
}

TEST_CASE("what cron would hand to the shell unseen is said") {
  struct Row {
    const char* line;
    const char* said;
  };
  for (const Row& row :
       {Row{"0 5 * * * a # note", "'# note' is part of the command"},
        Row{"0 5 * * * a \\", "no continuation"}, Row{"0 5 * * * %x", "command is empty"},
        Row{"START_HOURS_RANGE=3-22", "anacron"}, Row{"MAILFROM=a", "mails"},
        Row{"LOGNAME=x", "account"}}) {
    CAPTURE(row.line);
    CHECK(all_notes(user(std::string(row.line) + "\n")).find(row.said) != std::string::npos);
  }
  CHECK(all_notes(user("0 5 * * * echo '# no' \\# a#b\n")).find("part of") == std::string::npos);
}
