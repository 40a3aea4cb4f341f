#include "exchange/at_spool.hpp"

#include <doctest/doctest.h>

using namespace sched;
using exchange::Note;

namespace {

// 2026-03-29 00:30 UTC is minute 0x01c3573e.
constexpr const char* k_name = "a0001401c3573e";

constexpr const char* k_job =
    "#!/bin/sh\n# atrun uid=1000 gid=100\n# mail ann 1\numask 22\n"
    "LANG=de_DE.UTF-8; export LANG\nTEXT=two\\ words\\;\\ \\\"q\\\"\"\n\"next; export TEXT\n"
    "PWD=/home/ann; export PWD\n"
    "cd /home/ann/my\\ files || {\n\t echo 'Execution directory inaccessible' >&2\n\t exit 1\n}\n"
    "A=1; export A\nmake all\n";

bool has_note(const exchange::AtJob& job, Note::Kind kind, const std::string& what) {
  for (const Note& note : job.notes) {
    if (note.kind == kind && note.what.find(what) != std::string::npos) {
      return true;
    }
  }
  return false;
}

}  // namespace

TEST_CASE("the name of a job of at says its queue, number and minute") {
  const auto name = exchange::parse_at_name(k_name).value();
  CHECK(name.queue == 'a');
  CHECK(name.number == 20);
  CHECK(time::to_ms(name.at) == 1774744200000);
  CHECK_FALSE(name.is_running);
  CHECK(exchange::parse_at_name("=0001401c3573e").value().is_running);
  CHECK(exchange::parse_at_name("Z0001401c3573e").value().queue == 'Z');
  for (const char* wrong :
       {"", ".SEQ", ".lockfile", "a0001401c3573", "a0001401c3573e0", "10001401c3573e",
        "ag001401c3573e", "a-001401c3573e", "spool", "a00014ffffffff", "a00014334943501c3573e"}) {
    CAPTURE(wrong);
    CHECK_FALSE(exchange::parse_at_name(wrong).ok());
  }
}

TEST_CASE("what at wrote before the script is taken off it") {
  const auto job = exchange::parse_at_job(k_name, k_job).value();
  CHECK(job.uid == 1000);
  CHECK(job.gid == 100);
  CHECK(job.mail_to == "ann");
  CHECK(job.mails_always);
  CHECK(job.umask == 022);
  const bool same_environment =
      job.environment ==
      std::vector<exchange::Variable>{{"LANG", "de_DE.UTF-8"}, {"TEXT", "two words; \"q\"\nnext"}};
  CHECK(same_environment);
  CHECK(job.directory == "/home/ann/my files");
  CHECK(job.script == "A=1; export A\nmake all\n");
  CHECK(has_note(job, Note::Kind::changed, "-m"));
}

TEST_CASE("a head that at does not write stays in the script") {
  struct Row {
    const char* text;
    const char* script;
  };
  for (const Row& row :
       {Row{"#!/bin/sh\numask 22\nA=$B; export A\ncd /x\n", "A=$B; export A\ncd /x\n"},
        Row{"cd /x || {\n exit 1\n}\nmake\n", "cd /x || {\n exit 1\n}\nmake\n"},
        Row{"A=1; export B\n", "A=1; export B\n"}, Row{"A=`id`; export A\n", "A=`id`; export A\n"},
        Row{"umask 999\n", "umask 999\n"}, Row{"A=b", "A=b"}, Row{"A", "A"}, Row{"", ""}}) {
    CAPTURE(std::string(row.text));
    const auto job = exchange::parse_at_job(k_name, row.text).value();
    CHECK(job.script == row.script);
    CHECK(has_note(job, Note::Kind::changed, "its head is not as at writes it"));
  }
}

TEST_CASE("a job of at that can't be kept as it is says so") {
  const auto running = exchange::parse_at_job("=0001401c3573e", k_job).value();
  CHECK(has_note(running, Note::Kind::refused, "begun"));
  const auto batch = exchange::parse_at_job("b0001401c3573e", k_job).value();
  CHECK(has_note(batch, Note::Kind::changed, "load"));
  CHECK_FALSE(exchange::parse_at_job(k_name, "\xFF").ok());
  CHECK_FALSE(exchange::parse_at_job("x", k_job).ok());
}
