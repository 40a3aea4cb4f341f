#include "store/integrity.hpp"

#include <fmt/format.h>

namespace sched::store {

std::vector<std::string> damage_of(Database& db, int limit) {
  std::vector<std::string> found;
  const Snapshot moment(db);
  Query check(db, "SELECT integrity_check FROM pragma_integrity_check(:limit)");
  check.bind(":limit", limit);
  while (check.step()) {
    if (check.text(0) != "ok") {
      found.push_back(check.text(0));
    }
  }
  Query keys(db, "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check");
  while (static_cast<int>(found.size()) < limit && keys.step()) {
    found.push_back(fmt::format("row {} of {} points to a row of {} that is not there",
                                keys.integer(1), keys.text(0), keys.text(2)));
  }
  return found;
}

}  // namespace sched::store
