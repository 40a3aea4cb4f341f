#include "exchange/systemd_service.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

using namespace sched::exchange;
using namespace std::chrono_literals;

namespace {

SystemdService read(const std::string& text) {
  return read_service("a.service", {{"a.service", "[Service]\n" + text}});
}

std::string notes(const SystemdService& service, Note::Kind kind) {
  std::string all;
  for (const Note& note : service.notes) {
    all += note.kind == kind ? std::to_string(note.line) + ": " + note.what + "\n" : "";
  }
  return all;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a service tells what is run, where, as whom and with what") {
  const auto service = read(
      "Type=oneshot\nExecStart=/bin/a \"b c\"\nEnvironment=A=1 \"B=two words\"\n"
      "Environment=A=3\nEnvironmentFile=-/etc/default/a\nWorkingDirectory=/var\nUser=www\n"
      "Group=adm\nNice=10\nIOSchedulingClass=3\nIOSchedulingPriority=7\nUMask=027\n"
      "TimeoutStartSec=10min\nStandardInput=data\nStandardInputText=a\\tb%%\n");
  CHECK(notes(service, Note::Kind::refused).empty());
  CHECK(notes(service, Note::Kind::ignored) ==
        "11: the class of input and output is not made idle\n"
        "12: the priority of input and output is not made 7\n");
  const auto command = service.command().value();
  CHECK(command.argv == std::vector<std::string>{"/bin/a", "b c"});
  const bool same_environment =
      service.environment == std::vector<Variable>{{"A", "3"}, {"B", "two words"}};
  CHECK(same_environment);
  REQUIRE(service.environment_files.size() == 1);
  CHECK(service.environment_files[0].path == "/etc/default/a");
  CHECK(service.environment_files[0].may_be_missing);
  CHECK(service.working_directory == "/var");
  CHECK(service.user == "www");
  CHECK(service.group == "adm");
  CHECK(service.nice == 10);
  CHECK(service.io_class == "idle");
  CHECK(service.io_priority == 7);
  CHECK(service.umask == 027);
  const bool same_timeout = service.timeout == Span(10min);
  CHECK(same_timeout);
  CHECK(service.input == "a\tb%\n");
}

TEST_CASE("several commands run one after the other in a shell") {
  const auto service = read(
      "Type=oneshot\nExecStartPre=-/bin/p\nExecStart=/bin/a\nExecStart=/bin/b 'x y'\n"
      "ExecStartPost=/bin/q ${A}\n");
  CHECK(service.command().value().shell ==
        "{ /bin/p || true; } && /bin/a && /bin/b 'x y' && /bin/q \"${A}\"");
  CHECK(contains(notes(service, Note::Kind::changed), "runs as /bin/sh -c"));
  CHECK(notes(service, Note::Kind::refused).empty());
}

TEST_CASE("a timeout ends a service only where systemd's would") {
  CHECK_FALSE(read("ExecStart=/bin/a\nTimeoutStartSec=5\n").timeout.has_value());
  CHECK_FALSE(read("Type=oneshot\nExecStart=/bin/a\nTimeoutSec=infinity\n").timeout.has_value());
  const bool ends = read("ExecStart=/bin/a\nRuntimeMaxSec=5\n").timeout == Span(5s);
  CHECK(ends);
}

TEST_CASE("what a service can't keep is said by line") {
  struct Row {
    const char* line;
    Note::Kind kind;
    const char* said;
  };
  for (const Row& row :
       {Row{"ProtectSystem=strict", Note::Kind::ignored,
            "3: ProtectSystem=: the task runs without"},
        Row{"MemoryMax=1G", Note::Kind::taken, "3: MemoryMax=1G"},
        Row{"MemoryMax=50%", Note::Kind::ignored,
            "3: MemoryMax=: the task runs without this limit"},
        Row{"CPUQuota=20%", Note::Kind::changed,
            "3: CPUQuota=20%: runs fail where their worker may make no cgroup"},
        Row{"CPUQuota=2", Note::Kind::ignored, "3: CPUQuota=: the task runs without this limit"},
        Row{"IOReadBandwidthMax=/dev/sda 5M", Note::Kind::changed,
            "3: IOReadBandwidthMax=/dev/sda 5000000: holds for every disk, and runs fail where"},
        Row{"IOWriteBandwidthMax=/ 1", Note::Kind::ignored,
            "3: IOWriteBandwidthMax=: the task runs without this limit"},
        Row{"IOWriteBandwidthMax=5M", Note::Kind::ignored,
            "3: IOWriteBandwidthMax=: the task runs without this limit"},
        Row{"IOReadIOPSMax=/dev/sda 100", Note::Kind::ignored,
            "3: IOReadIOPSMax=: the task runs without this limit"},
        Row{"KillMode=process", Note::Kind::ignored, "3: KillMode= is not kept"},
        Row{"SuccessExitStatus=75", Note::Kind::ignored, "count as failures"},
        Row{"ExecStop=/bin/b", Note::Kind::ignored, "this command is not run"},
        Row{"StandardInputData=YQ==", Note::Kind::refused, "only StandardInputText="},
        Row{"ExecStart=/bin/b", Note::Kind::refused, "oneshot only"},
        Row{"ExecStart=/bin/b 'c", Note::Kind::refused, "3: ExecStart=: "},
        Row{"ExecCondition=/bin/b", Note::Kind::refused, "3: ExecCondition=: "},
        Row{"Type=often", Note::Kind::refused, "no type of service"},
        Row{"Type=forking", Note::Kind::changed, "first process"},
        Row{"Environment=1A=b", Note::Kind::refused, "no assignment"},
        Row{"EnvironmentFile=a", Note::Kind::refused, "no absolute path"},
        Row{"EnvironmentFile=/etc/*.env", Note::Kind::refused, "is a pattern"},
        Row{"WorkingDirectory=a", Note::Kind::refused, "nor ~"},
        Row{"Nice=99", Note::Kind::refused, "-20 to 19"},
        Row{"UMask=9", Note::Kind::refused, "octal"},
        Row{"User=%u", Note::Kind::refused, "has no value"},
        Row{"StandardInput=tty", Note::Kind::refused, "can't be kept"}}) {
    CAPTURE(row.line);
    const auto service = read("ExecStart=/bin/a\n" + std::string(row.line) + "\n");
    CAPTURE(notes(service, row.kind));
    CHECK(contains(notes(service, row.kind), row.said));
  }
  CHECK(contains(notes(read("Nice=1\n"), Note::Kind::refused), "no ExecStart="));
}

TEST_CASE("a bound for disks is kept when it is the same for all that are named") {
  struct Row {
    const char* lines;
    std::uint64_t reading;
    std::uint64_t writing;
    int ignored;
  };
  for (const Row& row :
       {Row{"IOReadBandwidthMax=/dev/sda 2K\n", 2000, 0, 0},
        Row{"IOReadBandwidthMax=/dev/sda 20M\nIOWriteBandwidthMax=/a b 10000\n", 20'000'000, 10'000,
            0},
        Row{"IOReadBandwidthMax=/a 1M\nIOReadBandwidthMax=/b 1000K\n", 1'000'000, 0, 0},
        Row{"IOReadBandwidthMax=/a 1M\nIOReadBandwidthMax=/b 2M\n", 0, 0, 2},
        Row{"IOReadBandwidthMax=/a 1M\nIOReadBandwidthMax=/a 2M\n", 2'000'000, 0, 0},
        Row{"IOReadBandwidthMax=/a 1M\nIOReadBandwidthMax=/a infinity\n", 0, 0, 0},
        Row{"IOReadBandwidthMax=/a 1M\nIOWriteBandwidthMax=/a 1M\nIOReadBandwidthMax=\n", 0,
            1'000'000, 0}}) {
    CAPTURE(row.lines);
    const auto service = read("ExecStart=/bin/a\n" + std::string(row.lines));
    CHECK(notes(service, Note::Kind::refused).empty());
    CHECK(service.io_read == row.reading);
    CHECK(service.io_write == row.writing);
    const std::string ignored = notes(service, Note::Kind::ignored);
    CHECK(std::count(ignored.begin(), ignored.end(), '\n') == row.ignored);
  }
}

TEST_CASE("what is to run at the ends of a service is known by name, and an empty one resets it") {
  const auto service = read_service(
      "backup.service", {{"a",
                          "[Unit]\nOnFailure=gone.service\nOnFailure=\n"
                          "OnFailure=alert@%n.service  page.service rescue.target\n"
                          "OnSuccess=report.service\n[Service]\nExecStart=/bin/true\n"}});
  std::vector<std::string> links;
  for (const UnitLink& link : service.links) {
    links.push_back(to_string(link));
  }
  CHECK(links == std::vector<std::string>{"OnFailure=alert@backup.service.service",
                                          "OnFailure=page.service", "OnSuccess=report.service"});
  CHECK(std::count_if(service.notes.begin(), service.notes.end(), [](const Note& note) {
          return note.kind == Note::Kind::ignored && note.line == 4;
        }) == 1);
}

TEST_CASE("conditions are kept apart, and an empty one resets them") {
  const auto service =
      read_service("a.service", {{"a.service",
                                  "[Unit]\nConditionACPower=true\nConditionPathExists=\n"
                                  "ConditionPathExists=!/run/x\n[Service]\nExecStart=/bin/a\n"}});
  REQUIRE(service.conditions.size() == 1);
  CHECK(service.conditions[0].key == "ConditionPathExists");
  CHECK(service.conditions[0].value == "!/run/x");
  CHECK(service.conditions[0].line == 4);
}
