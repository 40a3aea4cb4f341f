#include "cli/keep.hpp"

#include "cli/change_task.hpp"
#include "cli/trigger.hpp"
#include "support/scene.hpp"
#include "worker/advance.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using cli::IfExists;
using cli::Kept;

namespace {

const security::Environment k_environment = {{"PATH", "/bin"}};

cli::TaskDraft draft(const std::string& name, const std::vector<std::string>& after = {},
                     const std::string& key = {}) {
  cli::TaskDraft made;
  made.task.name = name;
  made.task.key = key;
  made.task.command.argv = {"true"};
  made.task.surroundings.directory = "/";
  if (!after.empty()) {
    made.after = after;
  }
  return made;
}

struct Desk : test::Scene {
  std::vector<Kept> keep(std::vector<cli::TaskDraft> drafts, IfExists how = IfExists::usual) {
    std::vector<cli::DraftError> errors;
    store::Transaction change(store.db());
    auto kept = cli::keep_tasks(store, drafts, how, now(), errors);
    for (const auto& error : errors) {
      messages.push_back(std::to_string(error.index) + ": " + error.error.message());
      CHECK(error.error.kind() != base::ErrorKind::store);
    }
    if (errors.empty()) {
      change.commit();
    }
    return kept;
  }
  /// The only complaint about these drafts; nothing was kept.
  std::string refusal(std::vector<cli::TaskDraft> drafts, IfExists how = IfExists::usual) {
    const auto before = store.listing().task_count();
    messages.clear();
    keep(std::move(drafts), how);
    CHECK(store.listing().task_count() == before);
    REQUIRE(messages.size() == 1);
    return messages.front();
  }
  std::vector<std::string> change(const std::string& name, const cli::TaskChange& wanted) {
    const cli::DraftContext context{now(), "/", &k_environment};
    std::vector<std::string> warnings;
    store::Transaction work(store.db());
    auto changed = cli::change_task(store, context, task(name).id, wanted, warnings);
    work.commit();
    return changed;
  }
  void end(const std::string& name, model::Outcome outcome = model::Outcome::succeeded) {
    const model::RunId id = store.runs().newest_of(task(name).id)->id;
    REQUIRE(store.runs().finish_unstarted(id, outcome, "told by the test", now()));
    worker::advance(store, {id}, now());
  }
  std::vector<std::string> messages;
};

}  // namespace

TEST_CASE("tasks of a list may name each other in any order") {
  Desk desk;
  const auto kept = desk.keep({draft("c", {"b"}), draft("b", {"a"}), draft("a")});
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].label == "c");
  CHECK(desk.bound(desk.run("c").id) == std::vector<model::RunId>{desk.run("b").id});
  CHECK(desk.bound(desk.run("b").id) == std::vector<model::RunId>{desk.run("a").id});
  CHECK(desk.is_ready("a"));
}

TEST_CASE("a bad list is refused as a whole, with the place of what is wrong") {
  Desk desk;
  desk.keep({draft("there")});
  struct Row {
    const char* what;
    std::vector<cli::TaskDraft> drafts;
    const char* message;
  };
  for (const Row& row : std::vector<Row>{
           {"twice", {draft("a"), draft("a")}, "1: the name 'a' stands twice in this list"},
           {"taken", {draft("a"), draft("there")}, "1: there is a task 'there' already"},
           {"after what is refused",
            {draft("there", {"a"}), draft("a"), draft("b", {"there"})},
            "0: there is a task 'there' already"},
           {"unknown", {draft("a"), draft("b", {"aa"})}, "1: --after 'aa': there is no task 'aa'"},
           {"itself", {draft("a", {"a"})}, "0: --after 'a': a task can't come after itself"},
           {"number", {draft("17")}, "0: "},
           {"cycle",
            {draft("a", {"c"}), draft("b", {"a"}), draft("c", {"b"})},
            "0: dependencies form a cycle: a after c after b after a"},
           {"join",
            {[] {
              auto made = draft("a");
              made.task.join = model::parse_join("2").value();
              return made;
            }()},
            "0: --join 2: there are only 0 dependencies"},
       }) {
    CAPTURE(std::string(row.what));
    CHECK(desk.refusal(row.drafts).starts_with(row.message));
  }
}

TEST_CASE("a key that is there answers with its task, as it is told to") {
  Desk desk;
  const auto first = desk.keep({draft("a", {}, "k")}).front();
  const auto again = desk.keep({draft("b", {}, "k")}).front();
  CHECK(again.how == Kept::How::existed);
  CHECK(again.id == first.id);
  CHECK(again.label == "a");
  CHECK(desk.runs("a").size() == 1);
  CHECK(desk.refusal({draft("b", {}, "k")}, IfExists::error) == "0: the key 'k' is a's already");
  CHECK(desk.keep({draft("a")}, IfExists::skip).front().id == first.id);
  const auto replaced = desk.keep({draft("b", {}, "k")}, IfExists::replace).front();
  CHECK(replaced.how == Kept::How::replaced);
  CHECK(replaced.id == first.id);
  CHECK(desk.task("b").key == "k");
  CHECK(desk.runs("b").size() == 1);
}

TEST_CASE("a key and a name of two tasks can't be made one") {
  Desk desk;
  desk.keep({draft("a", {}, "k"), draft("b")});
  CHECK(desk.refusal({draft("b", {}, "k")}, IfExists::replace) == "0: there is a task 'b' already");
  CHECK(desk.task("a").key == "k");
}

TEST_CASE("a cycle by way of a task that is replaced is found") {
  Desk desk;
  desk.keep({draft("old"), draft("below", {"old"})});
  CHECK(desk.refusal({draft("old", {"new"}), draft("new", {"old"})}, IfExists::replace)
            .find("cycle") != std::string::npos);
  CHECK(desk.refusal({draft("old", {"new"}), draft("new", {"below"})}, IfExists::replace)
            .find("cycle") != std::string::npos);
  CHECK(desk.refusal({draft("new", {"below"}), draft("old", {"new"})}, IfExists::replace)
            .find("cycle") != std::string::npos);
}

TEST_CASE("a replaced task comes after the new ones of its list") {
  Desk desk;
  desk.keep({draft("old")});
  desk.keep({draft("old", {"new"}), draft("new")}, IfExists::replace);
  CHECK(desk.bound(desk.run("old").id) == std::vector<model::RunId>{desk.run("new").id});
  CHECK_FALSE(desk.is_ready("old"));
}

TEST_CASE("two tasks that are replaced may change places") {
  Desk desk;
  desk.keep({draft("x", {"y"}), draft("y")}, IfExists::replace);
  desk.keep({draft("y", {"x"}), draft("x")}, IfExists::replace);
  CHECK(desk.store.tasks().upstream_of(desk.task("x").id).empty());
  CHECK(desk.bound(desk.run("y").id) == std::vector<model::RunId>{desk.run("x").id});
}

TEST_CASE("what comes after a replaced task of the list means its run") {
  Desk desk;
  desk.keep({draft("old")});
  desk.keep({draft("new", {"old"}), draft("old")}, IfExists::replace);
  CHECK(desk.bound(desk.run("new").id) == std::vector<model::RunId>{desk.run("old").id});
}

TEST_CASE("what makes a task fire") {
  struct Row {
    bool manual;
    bool at;
    bool edges;
    model::TriggerKind kind;
    bool has_moment;
  };
  for (const Row& row : {Row{false, false, false, model::TriggerKind::once, true},
                         Row{false, true, false, model::TriggerKind::once, true},
                         Row{false, true, true, model::TriggerKind::once, true},
                         Row{false, false, true, model::TriggerKind::upstream, false},
                         Row{true, false, false, model::TriggerKind::manual, false},
                         Row{true, false, true, model::TriggerKind::manual, false}}) {
    cli::TaskDraft made = draft("x");
    made.manual = row.manual;
    made.at_given = row.at;
    if (row.at) {
      made.task.at = time::from_ms(5);
    }
    cli::settle_trigger(made, row.edges, time::from_ms(7));
    CHECK(made.task.trigger == row.kind);
    CHECK(made.task.at ==
          (row.has_moment ? std::optional(time::from_ms(row.at ? 5 : 7)) : std::nullopt));
  }
  cli::TaskDraft both = draft("x");
  both.manual = both.at_given = true;
  CHECK_THROWS_AS(cli::settle_trigger(both, false, time::from_ms(7)), base::Error);
}

TEST_CASE("edges are replaced as a whole, and those that stay keep their runs") {
  Desk desk;
  desk.keep({draft("a"), draft("b"), draft("c", {"a", "b"})});
  desk.end("a");
  CHECK(desk.change("c", {{{"after", {"a"}}}, {}, {}}) == std::vector<std::string>{"after"});
  CHECK(desk.bound(desk.run("c").id) == std::vector<model::RunId>{desk.run("a").id});
  CHECK(desk.is_ready("c"));
  desk.change("c", {{{"after", {"b:failure"}}}, {}, {}});
  CHECK_FALSE(desk.is_ready("c"));
  desk.end("b");
  CHECK(desk.state("c") == "finished: skipped");
}

TEST_CASE("an edge that would close a cycle is refused with all that it goes through") {
  Desk desk;
  desk.keep({draft("a"), draft("b", {"a"}), draft("c", {"b"})});
  try {
    desk.change("a", {{{"after", {"c"}}}, {}, {}});
    FAIL_CHECK("it was taken");
  } catch (const base::Error& error) {
    CHECK(error.message() == "--after 'c' would close a cycle: a after c after b after a");
  }
  CHECK(desk.store.tasks().upstream_of(desk.task("a").id).empty());
}

TEST_CASE("unfinished runs follow a change, finished ones stay as they were") {
  Desk desk;
  desk.keep({draft("a")});
  desk.change("a", {{{"at", {"+2h"}}, {"priority", {"9"}}}, {}, {}});
  CHECK(desk.run("a").due_at == desk.now() + 2h);
  CHECK(desk.run("a").priority == 9);
  desk.change("a", {{}, std::vector<std::string>{"false"}, "b"});
  CHECK(desk.task("b").command.argv == std::vector<std::string>{"false"});
  desk.end("b");
  desk.change("b", {{{"priority", {"1"}}}, {}, {}});
  CHECK(desk.run("b").priority == 9);
}

TEST_CASE("a moment that is given to a task whose runs are over is a run more") {
  Desk desk;
  desk.keep({draft("done")});
  desk.end("done");
  desk.change("done", {{{"at", {"+2h"}}}, {}, {}});
  REQUIRE(desk.runs("done").size() == 2);
  CHECK(desk.runs("done")[1].due_at == desk.now() + 2h);
  desk.manual("by-hand");
  desk.change("by-hand", {{{"at", {"+1h"}}}, {}, {}});
  CHECK(desk.run("by-hand").due_at == desk.now() + 1h);
}

TEST_CASE("a name or key of another task is refused") {
  Desk desk;
  desk.keep({draft("a", {}, "k"), draft("b")});
  CHECK_THROWS_AS(desk.change("b", {{}, {}, "a"}), base::Error);
  CHECK_THROWS_AS(desk.change("b", {{}, {}, "17"}), base::Error);
  CHECK_THROWS_AS(desk.change("b", {{{"key", {"k"}}}, {}, {}}), base::Error);
  CHECK(desk.change("a", {{{"key", {"k"}}}, {}, "a"}).size() == 2);
}

TEST_CASE("what comes after a task learns that it fires again and again") {
  Desk desk;
  desk.keep({draft("a"), draft("b", {"a"}), draft("c", {"b"})});
  CHECK_FALSE(desk.task("c").repeats);
  desk.change("a", {{{"manual", {"true"}}}, {}, {}});
  CHECK(desk.task("a").repeats);
  CHECK(desk.task("c").repeats);
}

TEST_CASE("a task with its own moment does not repeat, whatever it comes after") {
  Desk desk;
  desk.manual("root");
  auto then = draft("then", {"root"});
  then.at_given = true;
  then.task.at = desk.now();
  desk.keep({then, draft("end", {"then"})});
  CHECK_FALSE(desk.task("then").repeats);
  CHECK(desk.bound(desk.run("end").id) == std::vector<model::RunId>{desk.run("then").id});
}
