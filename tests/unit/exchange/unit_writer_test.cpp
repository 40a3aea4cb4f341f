#include "exchange/unit_writer.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace sched::exchange;
using namespace std::chrono_literals;

namespace {

SystemdService read_back(const Written& written) {
  return read_service("a.service", {{"a.service", written.text}});
}

bool is_refused(const std::vector<Note>& notes) {
  for (const Note& note : notes) {
    if (note.kind == Note::Kind::refused) {
      return true;
    }
  }
  return false;
}

ServiceDraft draft(std::vector<std::string> argv) {
  ServiceDraft service;
  service.command.argv = std::move(argv);
  return service;
}

}  // namespace

TEST_CASE("what runs at the ends of a service comes back the same") {
  ServiceDraft service = draft({"true"});
  service.on_failure = {"a\\x2fb.service", "alert.service"};
  service.on_success = {"100%n.service"};
  const Written written = to_service_unit(service);
  CAPTURE(written.text);
  CHECK(written.notes.empty());
  const SystemdService read = read_back(written);
  REQUIRE(read.links.size() == 3);
  CHECK(to_string(read.links[0]) == "OnFailure=a\\x2fb.service");
  CHECK(to_string(read.links[1]) == "OnFailure=alert.service");
  CHECK(to_string(read.links[2]) == "OnSuccess=100%n.service");
}

TEST_CASE("a timer that is written comes back the same") {
  SystemdTimer timer;
  timer.unit = "back up%i.service";
  timer.description = "100% of it";
  timer.triggers = {{TimerTrigger::Kind::calendar, "Mon..Fri 03:00 Europe/Berlin", {}, 0, {}},
                    {TimerTrigger::Kind::boot, {}, 15min, 0, {}},
                    {TimerTrigger::Kind::unit_active, {}, 1500ms, 0, {}}};
  timer.persistent = true;
  timer.randomized_delay = 90s;
  timer.fixed_random_delay = true;
  timer.accuracy = 1us;
  const Written written = to_timer_unit(timer);
  CAPTURE(written.text);
  CHECK(written.notes.empty());
  const SystemdTimer read = read_timer("a.timer", {{"a.timer", written.text}});
  CHECK_FALSE(is_refused(read.notes));
  CHECK(read.unit == timer.unit);
  CHECK(read.description == timer.description);
  REQUIRE(read.triggers.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(read.triggers[i].kind == timer.triggers[i].kind);
    CHECK(read.triggers[i].calendar == timer.triggers[i].calendar);
    const bool same_span = read.triggers[i].span == timer.triggers[i].span;
    CHECK(same_span);
  }
  CHECK(read.persistent);
  CHECK(read.fixed_random_delay);
  CHECK(read.is_enabled);
  const bool same_spans =
      read.randomized_delay == timer.randomized_delay && read.accuracy == timer.accuracy;
  CHECK(same_spans);
}

TEST_CASE("a service that is written comes back the same") {
  ServiceDraft service = draft({"/bin/printf", "%s\\n", "$HOME", "${A}", "it's \"so\"", "", ";"});
  service.description = "100% \\";
  service.environment = {{"A", "50% \"x\" $B\n\\"}, {"B", ""}};
  service.environment_files = {{"/etc/a b", false}, {"/etc/100%", true}};
  service.working_directory = "/srv/my files/100%";
  service.user = "www-data";
  service.group = "adm";
  service.nice = -5;
  service.io_class = "idle";
  service.io_priority = 3;
  service.umask = 077;
  service.timeout = 90s;
  service.input = " 100%\n\tb\\n \n";
  const Written written = to_service_unit(service);
  CAPTURE(written.text);
  CHECK(written.notes.empty());
  const SystemdService read = read_back(written);
  CHECK_FALSE(is_refused(read.notes));
  CHECK(read.description == "100%");
  CHECK(read.command().value().argv == service.command.argv);
  const bool same_environment = read.environment == service.environment;
  CHECK(same_environment);
  const bool same_files = read.environment_files == service.environment_files;
  CHECK(same_files);
  CHECK(read.working_directory == service.working_directory);
  CHECK(read.user == service.user);
  CHECK(read.group == service.group);
  CHECK(read.nice == service.nice);
  CHECK(read.io_class == service.io_class);
  CHECK(read.io_priority == service.io_priority);
  CHECK(read.umask == service.umask);
  const bool same_timeout = read.timeout == service.timeout;
  CHECK(same_timeout);
  CHECK(read.input == service.input);
}

TEST_CASE("a shell's text is handed to it unchanged") {
  ServiceDraft service;
  service.command.shell = "for i in 1 2; do echo \"$i ${A}\" '%' \\; done # $$\n";
  const auto command = read_back(to_service_unit(service)).command().value();
  CHECK(command.argv == std::vector<std::string>{"/bin/sh", "-c", service.command.shell});
}

TEST_CASE("what no unit can say is left out with its reason") {
  ServiceDraft environment = draft({"/bin/a"});
  environment.environment = {{"1A", "b"}};
  ServiceDraft file = draft({"/bin/a"});
  file.environment_files = {{"/etc/*.env", false}};
  ServiceDraft directory = draft({"/bin/a"});
  directory.working_directory = "/a\nb";
  ServiceDraft relative = draft({"/bin/a"});
  relative.working_directory = "a";
  ServiceDraft input = draft({"/bin/a"});
  input.input = "\n";
  for (const ServiceDraft& service :
       {draft({"a/b"}), draft({"/a\nb"}), environment, file, directory, relative, input}) {
    const Written written = to_service_unit(service);
    CAPTURE(written.text);
    REQUIRE(written.notes.size() == 1);
    CHECK(written.notes[0].kind == Note::Kind::refused);
    CHECK(written.text.find("# left out: ") != std::string::npos);
  }
  SystemdTimer timer;
  timer.unit = "a.service";
  timer.triggers = {{TimerTrigger::Kind::calendar, "nonsense", {}, 0, {}}};
  CHECK(to_timer_unit(timer).notes.size() == 1);
}

TEST_CASE("an input gets the line break that systemd adds") {
  ServiceDraft service = draft({"/bin/cat"});
  service.input = "a";
  const Written written = to_service_unit(service);
  REQUIRE(written.notes.size() == 1);
  CHECK(written.notes[0].kind == Note::Kind::changed);
  CHECK(read_back(written).input == "a\n");
}
