#include "support/scene.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace sched;

namespace {

std::vector<std::string> words(store::Database& db, const std::string& sql) {
  SQLite::Statement query(db.raw(), sql);
  std::vector<std::string> found;
  while (query.executeStep()) {
    found.push_back(query.getColumn(0).getText());
  }
  return found;
}

}  // namespace

// A row that others refer to is looked for among all of them when it goes. Queues are few, and
// those of the first queue many: that index would cost each task for a command that hardly ever
// comes.
TEST_CASE("what refers to another row is found by an index") {
  test::Scene scene;
  const auto without =
      words(scene.store.db(),
            "SELECT t.name || '.' || f.\"from\" FROM sqlite_schema AS t,"
            " pragma_foreign_key_list(t.name) AS f WHERE t.type = 'table' AND NOT EXISTS"
            " (SELECT 1 FROM pragma_table_info(t.name) AS c WHERE c.name = f.\"from\" AND c.pk = 1)"
            " AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) AS i,"
            "  pragma_index_info(i.name) AS c WHERE i.partial = 0 AND c.seqno = 0"
            "  AND c.name = f.\"from\") ORDER BY 1");
  CHECK(without == std::vector<std::string>{"tasks.queue_id"});
}
