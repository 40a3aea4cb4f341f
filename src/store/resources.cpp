#include "store/resources.hpp"

namespace sched::store {
namespace {

model::Resource read_resource(Query& query) {
  return {query.text(0), query.integer(1), query.instant(2)};
}

}  // namespace

void Resources::add(const model::Resource& resource) {
  Query(db_,
        "INSERT INTO resources (name, capacity, created_at_ms) VALUES (:name, :capacity, :created)")
      .bind(":name", resource.name)
      .bind(":capacity", resource.capacity)
      .bind(":created", resource.created_at)
      .run();
}

void Resources::set_capacity(const std::string& name, std::int64_t capacity) {
  Query(db_, "UPDATE resources SET capacity = :capacity WHERE name = :name")
      .bind(":capacity", capacity)
      .bind(":name", name)
      .run();
}

void Resources::remove(const std::string& name) {
  Query(db_, "DELETE FROM resources WHERE name = :name").bind(":name", name).run();
}

std::vector<model::Resource> Resources::all() {
  Query query(db_, "SELECT name, capacity, created_at_ms FROM resources ORDER BY name");
  std::vector<model::Resource> found;
  while (query.step()) {
    found.push_back(read_resource(query));
  }
  return found;
}

std::optional<model::Resource> Resources::find(const std::string& name) {
  Query query(db_, "SELECT name, capacity, created_at_ms FROM resources WHERE name = :name");
  return query.bind(":name", name).step() ? std::optional(read_resource(query)) : std::nullopt;
}

std::optional<model::TaskId> Resources::needed_by(const std::string& name) {
  Query query(db_, "SELECT id, needs FROM tasks WHERE needs IS NOT NULL ORDER BY id");
  while (query.step()) {
    const model::Needs needs = model::read_needs(query.text(1));
    for (int choice = 0; choice < needs.choices(); ++choice) {
      const auto& amounts = needs.amounts_of(choice);
      if (std::any_of(amounts.begin(), amounts.end(),
                      [&](const model::Need& need) { return need.resource == name; })) {
        return model::TaskId(query.integer(0));
      }
    }
  }
  return std::nullopt;
}

}  // namespace sched::store
