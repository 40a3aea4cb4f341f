#include "store/backup.hpp"

#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace sched;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> names(const fs::path& directory) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(directory)) {
    found.push_back(entry.path().filename());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

TEST_CASE("a backup is named by store and moment, and opens with what the store had") {
  test::Scene scene;
  scene.once("kept");
  const auto made = store::back_up(scene.store, scene.directory / "backups", scene.now(), 0);
  CHECK(made.tasks == 1);
  CHECK(made.runs == 1);
  CHECK(made.bytes == fs::file_size(made.file));
  CHECK(names(scene.directory / "backups") ==
        std::vector<std::string>{made.file.filename().string()});
  store::Database db(made.file.string(), store::Database::Mode::read);
  CHECK(store::Query(db, "SELECT 1 FROM tasks WHERE name = 'kept'").step());
}

TEST_CASE("two backups of one moment both stay") {
  test::Scene scene;
  const auto first = store::back_up(scene.store, scene.directory / "b", scene.now(), 0);
  const auto second = store::back_up(scene.store, scene.directory / "b", scene.now(), 0);
  CHECK(first.file < second.file);
  CHECK(names(scene.directory / "b").size() == 2);
}

TEST_CASE("the one just made stays, though the clock was set back, and counts") {
  test::Scene scene;
  const auto directory = scene.directory / "b";
  const auto hour = std::chrono::hours(1);
  const auto newest = store::back_up(scene.store, directory, scene.now() + hour, 0);
  const auto oldest = store::back_up(scene.store, directory, scene.now() - hour, 0);
  const auto last = store::back_up(scene.store, directory, scene.now(), 2);
  CHECK(last.removed == std::vector<fs::path>{oldest.file});
  CHECK(fs::exists(newest.file));
  CHECK(fs::exists(last.file));
  const auto alone = store::back_up(scene.store, directory, scene.now() - 2 * hour, 1);
  CHECK(names(directory) == std::vector<std::string>{alone.file.filename().string()});
}

TEST_CASE("what a killed backup left is cleared away by the next") {
  test::Scene scene;
  const auto directory = scene.directory / "b";
  const auto first = store::back_up(scene.store, directory, scene.now(), 0);
  const std::string prefix = first.file.filename().string().substr(0, 15);
  std::ofstream(directory / ("." + prefix + "part")) << std::string(10'000, 'x');
  store::back_up(scene.store, directory, scene.now(), 1);
  CHECK(names(directory).size() == 1);
}
