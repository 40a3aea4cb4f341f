#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

using namespace sched;
namespace fs = std::filesystem;

TEST_CASE("a store that is moved away or replaced while it is open takes no change") {
  test::Scene scene;
  scene.once("before");
  const fs::path file = scene.store.places().database();
  const fs::path away = file.string() + ".away";
  const auto refusal_of_a_change = [&] {
    try {
      store::Transaction change(scene.store.db());
    } catch (const base::Error& error) {
      CHECK(error.kind() == base::ErrorKind::store);
      return error.message();
    }
    return std::string();
  };
  CHECK(refusal_of_a_change().empty());
  fs::rename(file, away);
  CHECK(refusal_of_a_change().find("removed") != std::string::npos);
  std::ofstream(file) << "another";
  CHECK(refusal_of_a_change().find("replaced") != std::string::npos);
  CHECK_THROWS_AS(scene.store.db().check(), base::Error);
  fs::rename(away, file);
  CHECK(refusal_of_a_change().empty());
  scene.once("after");
  CHECK(scene.state("after") == "ready");
}
