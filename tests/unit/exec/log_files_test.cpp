#include "exec/log_files.hpp"

#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

using namespace sched;
namespace fs = std::filesystem;

TEST_CASE("the files of logs tell whose they are, and what does not is foreign") {
  const test::TempDir logs;
  fs::create_directory(logs / "0");
  fs::create_directory(logs / "12");
  for (const char* name : {"0/7.1.out", "0/7.10.err", "0/7.1.out.t3", "12/12001.2.out"}) {
    logs.write(name, "abc");
  }
  for (const char* name : {"0/12001.2.out", "0/7.1.txt", "0/7.0.out", "0/07.1.out", "0/7.1.out.x",
                           "7.1.out", "0/note"}) {
    logs.write(name, "");
  }
  std::vector<fs::path> foreign;
  const auto files = exec::list_log_files(logs.path(), &foreign);
  REQUIRE(files.size() == 4);
  CHECK(files[0].path == logs / "0/7.1.out");
  CHECK(files[1].path == logs / "0/7.1.out.t3");
  CHECK(files[1].bytes == 3);
  CHECK(files[2].attempt == 10);
  CHECK(files[3].run == model::RunId(12001));
  CHECK(foreign.size() == 7);
  CHECK(exec::list_log_files(logs / "none").empty());
}
