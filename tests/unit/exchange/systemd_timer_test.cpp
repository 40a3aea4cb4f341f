#include "exchange/systemd_timer.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace sched::exchange;
using namespace std::chrono_literals;

namespace {

SystemdTimer read(const std::string& text) {
  return read_timer("a.timer", {{"a.timer", text}});
}

std::string notes(const SystemdTimer& timer, Note::Kind kind) {
  std::string all;
  for (const Note& note : timer.notes) {
    all += note.kind == kind ? std::to_string(note.line) + ": " + note.what + "\n" : "";
  }
  return all;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a timer says when, and which service") {
  const auto timer = read_timer(
      "backup@db.timer",
      {{"backup@.timer",
        "[Unit]\nDescription=Nightly\n[Timer]\nOnCalendar=Mon..Fri 03:00\nOnCalendar=daily\n"
        "OnBootSec=15min\nOnUnitActiveSec=1d\nPersistent=yes\nRandomizedDelaySec=90\n"
        "FixedRandomDelay=true\nAccuracySec=1h\nUnit=other@%i.service\n"
        "[Install]\nWantedBy=timers.target\n"}});
  CHECK(notes(timer, Note::Kind::refused).empty());
  CHECK(notes(timer, Note::Kind::changed).empty());
  REQUIRE(timer.triggers.size() == 4);
  CHECK(timer.triggers[0].calendar == "Mon..Fri 03:00");
  CHECK(timer.triggers[0].line == 4);
  CHECK(timer.triggers[2].kind == TimerTrigger::Kind::boot);
  CHECK(timer.triggers[2].span == 15min);
  CHECK(timer.triggers[3].kind == TimerTrigger::Kind::unit_active);
  CHECK(timer.triggers[3].span == 24h);
  CHECK(timer.persistent);
  CHECK(timer.fixed_random_delay);
  CHECK(timer.is_enabled);
  CHECK(timer.randomized_delay == 90s);
  CHECK(timer.accuracy == 1h);
  CHECK(timer.unit == "other@db.service");
  CHECK(timer.description == "Nightly");
  CHECK(read("[Timer]\nOnBootSec=1\n").unit == "a.service");
}

TEST_CASE("a drop-in resets every kind of trigger, as systemd does") {
  const auto timer =
      read_timer("a.timer", {{"a.timer", "[Timer]\nOnCalendar=daily\nOnBootSec=5\n"},
                             {"b.conf", "[Timer]\nOnCalendar=\nOnCalendar=weekly\n"}});
  REQUIRE(timer.triggers.size() == 1);
  CHECK(timer.triggers[0].calendar == "weekly");
  CHECK(timer.triggers[0].source == "b.conf");
}

TEST_CASE("what a timer can't keep is said by line") {
  struct Row {
    const char* line;
    Note::Kind kind;
    const char* said;
  };
  for (const Row& row :
       {Row{"OnCalendar=nonsense", Note::Kind::refused, "3: OnCalendar=: "},
        Row{"OnBootSec=soon", Note::Kind::refused, "3: OnBootSec=: "},
        Row{"OnBootSec=infinity", Note::Kind::refused, "never comes"},
        Row{"Persistent=maybe", Note::Kind::refused, "neither yes nor no"},
        Row{"Unit=a.target", Note::Kind::refused, "is no service"},
        Row{"OnClockChange=true", Note::Kind::refused, "3: OnClockChange=: "},
        Row{"WakeSystem=true", Note::Kind::ignored, "3: a machine that sleeps"},
        Row{"AccuracySec=1us", Note::Kind::ignored, "3: starts are not put off"},
        Row{"RandomizedDelaySec=5m", Note::Kind::changed, "the same each time"},
        Row{"[Unit]\nConditionACPower=true", Note::Kind::ignored, "4: ConditionACPower='true'"},
        Row{"Nonsense=1", Note::Kind::ignored, "3: Nonsense= is not kept"}}) {
    CAPTURE(std::string(row.line));
    const auto timer = read("[Timer]\nOnCalendar=daily\n" + std::string(row.line) + "\n");
    CAPTURE(notes(timer, row.kind));
    CHECK(contains(notes(timer, row.kind), row.said));
  }
  CHECK(contains(notes(read("[Timer]\n"), Note::Kind::refused), "nothing says when"));
}

TEST_CASE("systemd's words for yes and no are known in any case") {
  CHECK(read_boolean("Yes") == true);
  CHECK(read_boolean("OFF") == false);
  CHECK_FALSE(read_boolean("2").has_value());
}
