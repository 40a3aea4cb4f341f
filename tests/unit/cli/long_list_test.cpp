// Lists of more tasks than go into one statement.
#include "cli/keep.hpp"
#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using cli::Kept;

namespace {

cli::TaskDraft one_of_many(const std::string& name, const std::string& key) {
  cli::TaskDraft made;
  made.task.name = name;
  made.task.key = key;
  made.task.command.argv = {"true"};
  made.task.surroundings.directory = "/";
  return made;
}

std::vector<Kept> keep(test::Scene& scene, std::vector<cli::TaskDraft> drafts) {
  std::vector<cli::DraftError> errors;
  store::Transaction change(scene.store.db());
  auto kept = cli::keep_tasks(scene.store, drafts, cli::IfExists::usual, scene.now(), errors);
  REQUIRE(errors.empty());
  change.commit();
  return kept;
}

}  // namespace

TEST_CASE("tasks of a long list are written many at once, and each is as if it were alone") {
  test::Scene scene;
  keep(scene, {one_of_many("old", "k0")});
  std::vector<cli::TaskDraft> drafts;
  for (int i = 0; i < 125; ++i) {
    const std::string number = std::to_string(i);
    auto made = one_of_many("t" + number, i % 5 == 0 ? "k" + std::to_string(i % 25) : "");
    if (i % 9 == 8) {
      made.after = {"t1"};
    }
    made.task.command.argv = {"echo", number};
    made.task.priority = i;
    if (i % 4 == 0) {
      made.tags = {"tag" + number};
    }
    if (i % 3 == 1) {
      made.at_given = true;
      made.task.at = scene.now() + std::chrono::hours(i);
    }
    drafts.push_back(std::move(made));
  }
  const auto kept = keep(scene, drafts);
  REQUIRE(kept.size() == drafts.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CAPTURE(i);
    if (i % 25 == 0 || (i % 5 == 0 && i >= 25)) {  // The key is that of one before.
      CHECK(kept[i].how == Kept::How::existed);
      CHECK(kept[i].label == (i % 25 == 0 ? "old" : "t" + std::to_string(i % 25)));
      CHECK(kept[i].id == scene.task(kept[i].label).id);
      continue;
    }
    CHECK(kept[i].how == Kept::How::added);
    const model::Task task = scene.store.tasks().task(kept[i].id);
    CHECK(kept[i].label == task.name);
    CHECK(task.command.argv == drafts[i].task.command.argv);
    CHECK(task.priority == static_cast<int>(i));
    CHECK(task.tags == drafts[i].tags.value_or(std::vector<std::string>{}));
    CHECK(task.key == drafts[i].task.key);
    const model::Run run = scene.run(task.name);
    CHECK(kept[i].run == run.id);
    CHECK(run.priority == task.priority);
    if (i % 9 == 8) {
      CHECK(scene.state(task.name) == "waiting");
      CHECK(scene.bound(run.id) == std::vector<model::RunId>{scene.run("t1").id});
    } else if (i % 3 == 1) {
      CHECK(run.due_at == drafts[i].task.at);
    } else {
      CHECK(run.state == model::RunState::queued);
    }
  }
  CHECK(scene.store.listing().counts().queued + scene.store.listing().counts().waiting ==
        1 + 125 - 21);
}
