#include "worker/misplaced.hpp"

#include "support/scene.hpp"
#include "worker/advance.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace sched;

TEST_CASE("a run that stands where it can't is found, and refreshing puts it right") {
  struct Row {
    const char* spoil;
    const char* what;
  };
  for (const Row& row :
       {Row{"UPDATE runs SET edges_open = 0 WHERE id = 2", "counts 1 edges, 0 open"},
        Row{"UPDATE runs SET due_at_ms = 5 WHERE id = 2", "is to be queued, though"},
        Row{"UPDATE runs SET state = 'queued', due_at_ms = NULL WHERE id = 2", "is queued, though"},
        Row{"UPDATE runs SET due_at_ms = NULL, state = 'waiting' WHERE id = 1",
            "nothing stands in its way"}}) {
    CAPTURE(row.spoil);
    test::Scene scene;
    scene.once("a");
    scene.once("b", {"a"});
    CHECK(worker::find_misplaced(scene.store).empty());
    scene.store.db().execute(row.spoil);
    const auto found = worker::find_misplaced(scene.store);
    REQUIRE(found.size() == 1);
    CHECK(found[0].what.find(row.what) != std::string::npos);
    store::Transaction change(scene.store.db());
    worker::refresh(scene.store, found[0].run, scene.now());
    change.commit();
    CHECK(worker::find_misplaced(scene.store).empty());
  }
}
