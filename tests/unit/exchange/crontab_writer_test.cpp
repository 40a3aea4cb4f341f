#include "exchange/crontab_writer.hpp"

#include <doctest/doctest.h>

using namespace sched::exchange;

namespace {

CrontabJob job(std::string schedule, std::string command, std::vector<Variable> environment = {}) {
  CrontabJob made;
  made.schedule = std::move(schedule);
  made.command = std::move(command);
  made.environment = std::move(environment);
  return made;
}

std::string shown(const CrontabJob& job) {
  std::string text = job.comment + "|" + job.schedule + "|" + job.user + "|" + job.command + "|" +
                     job.input + (job.quiet ? "|q" : "") + (job.mail_on_failure_only ? "|n" : "");
  for (const Variable& variable : job.environment) {
    text += "|" + variable.name + "=" + variable.value;
  }
  return text;
}

}  // namespace

TEST_CASE("jobs that are written as a crontab come back the same") {
  CrontabJob first = job("*/5 1-3 * jan mon-fri", "date +%F", {{"A", " x\"y "}, {"MAILTO", ""}});
  first.comment = "name: first";
  CrontabJob second = job("@daily", "cat", {{"A", "2"}, {"MAILTO", ""}, {"PATH", "/bin:/usr/bin"}});
  second.input = "100%\n\nb\\\n";
  second.quiet = true;
  CrontabJob third = job("0 5 * * *", " trailing  ", second.environment);
  third.command = "a \\\\ b  ";
  third.mail_on_failure_only = true;
  for (const auto format : {CrontabFormat::user, CrontabFormat::system}) {
    std::vector<CrontabJob> jobs = {first, second, third};
    for (CrontabJob& one : jobs) {
      one.user = format == CrontabFormat::system ? "www-data" : "";
    }
    const Written written = to_crontab(jobs, format);
    CAPTURE(written.text);
    CHECK(written.notes.empty());
    const Crontab read = parse_crontab(written.text, format);
    REQUIRE(read.jobs.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(shown(read.jobs[i]) == shown(jobs[i]));
    }
  }
}

TEST_CASE("what was set for one job is taken back for the next, where a crontab can") {
  const Written written =
      to_crontab({job("@daily", "a", {{"CRON_TZ", "Asia/Tokyo"}, {"RANDOM_DELAY", "9"}}),
                  job("@daily", "b", {{"B", "1"}}), job("@daily", "c")},
                 CrontabFormat::user);
  const Crontab read = parse_crontab(written.text, CrontabFormat::user);
  REQUIRE(read.jobs.size() == 3);
  CHECK(read.jobs[0].zone() == "Asia/Tokyo");
  CHECK_FALSE(read.jobs[1].zone().has_value());
  CHECK(read.jobs[1].random_delay_minutes() == 0);
  REQUIRE(written.notes.size() == 1);
  CHECK(written.notes[0].kind == Note::Kind::changed);
  CHECK(written.notes[0].line == read.jobs[2].line);
  CHECK(written.notes[0].what.starts_with("B, set for a job above"));
}

TEST_CASE("what no crontab can say is left out with its reason") {
  CrontabJob input = job("@daily", "cat");
  input.input = "no line break";
  CrontabJob nobody = job("@daily", "a");
  struct Row {
    CrontabJob job;
    const char* reason;
  };
  for (const Row& row :
       {Row{job("61 * * * *", "a"), "minute"}, Row{job("@daily", "a\nb"), "no line"},
        Row{job("@daily", "*a"), "no line"}, Row{job("@daily", " a"), "no line"},
        Row{job("@daily", "-n a"), "no line"}, Row{job("@daily", "a\\%"), "no line"},
        Row{job("@daily", ""), "no line"}, Row{job("@daily", "a", {{"A B", "1"}}), "no name"},
        Row{job("@daily", "a", {{"A", "1\n2"}}), "no line can hold"},
        Row{job("@daily", "a", {{"CRON_TZ", "No/Where"}}), "No/Where"}, Row{input, "no line"}}) {
    CAPTURE(row.job.command);
    const Written written = to_crontab({row.job, job("@daily", "b")}, CrontabFormat::user);
    REQUIRE(written.notes.size() == 1);
    CHECK(written.notes[0].kind == Note::Kind::refused);
    CHECK(written.notes[0].what.find(row.reason) != std::string::npos);
    const Crontab read = parse_crontab(written.text, CrontabFormat::user);
    REQUIRE(read.jobs.size() == 1);
    CHECK(shown(read.jobs[0]) == shown(job("@daily", "b")));
  }
  CHECK(to_crontab({nobody}, CrontabFormat::system).notes.size() == 1);
}
