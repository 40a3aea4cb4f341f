#include "exec/limit_evidence.hpp"

#include <doctest/doctest.h>

#include <csignal>

using namespace sched;
using Cause = model::Ending::Cause;
using Kind = model::Ending::Kind;

TEST_CASE("the limit that ended a command is told by signal, usage or its last words") {
  model::Limits all;
  all.cpu_s = 2;
  all.memory_bytes = 100 << 20;
  all.file_size_bytes = 1000;
  all.open_files = 10;
  all.processes = 10;
  struct Row {
    const char* name;
    Kind kind;
    int code;
    std::int64_t cpu_us;
    std::int64_t rss_bytes;
    const char* output;
    Cause expected;
  };
  for (const Row& row : {
           Row{"a good end", Kind::exited, 0, 9'000'000, 100 << 20, "out of memory", Cause::none},
           Row{"a plain failure", Kind::exited, 1, 0, 0, "no such file", Cause::none},
           Row{"XCPU", Kind::signalled, SIGXCPU, 0, 0, "", Cause::cpu_limit},
           Row{"XCPU told by a shell", Kind::exited, 128 + SIGXCPU, 0, 0, "", Cause::cpu_limit},
           Row{"KILL after the limit", Kind::signalled, SIGKILL, 2'100'000, 0, "",
               Cause::cpu_limit},
           Row{"KILL before it", Kind::signalled, SIGKILL, 1'900'000, 0, "", Cause::none},
           Row{"XFSZ", Kind::signalled, SIGXFSZ, 0, 0, "", Cause::file_size_limit},
           Row{"EFBIG", Kind::exited, 1, 0, 0, "write: File too large", Cause::file_size_limit},
           Row{"SEGV near the limit", Kind::signalled, SIGSEGV, 0, 90 << 20, "",
               Cause::memory_limit},
           Row{"SEGV far from it", Kind::signalled, SIGSEGV, 0, 10 << 20, "", Cause::none},
           Row{"python", Kind::exited, 1, 0, 0, "\nMemoryError\n", Cause::memory_limit},
           Row{"c++", Kind::signalled, SIGABRT, 0, 0, "what():  std::bad_alloc",
               Cause::memory_limit},
           Row{"dd", Kind::exited, 1, 0, 0, "dd: memory exhausted by input", Cause::memory_limit},
           Row{"EMFILE", Kind::exited, 1, 0, 0, "Too many open files", Cause::open_files_limit},
           Row{"fork", Kind::exited, 2, 0, 0, "sh: 1: Cannot fork", Cause::processes_limit},
           Row{"never executed", Kind::not_executed, 12, 0, 0, "out of memory", Cause::none},
       }) {
    CAPTURE(row.name);
    model::Ending ending;
    ending.kind = row.kind;
    ending.code = row.code;
    ending.usage.user_us = row.cpu_us;
    ending.usage.max_rss_bytes = row.rss_bytes;
    CHECK(exec::limit_cause(all, ending, row.output) == row.expected);
    CHECK(exec::limit_cause({}, ending, row.output) == Cause::none);
  }
}
