#include "store/bindings.hpp"

#include "model/task.hpp"

#include <fmt/format.h>

#include <map>

namespace sched::store {

void Bindings::bind(model::RunId run, std::int64_t dependency, model::RunId upstream) {
  Query(db_,
        "INSERT INTO bindings (upstream_run_id, run_id, dependency_id, condition)"
        " SELECT :upstream, :run, id, nullif(condition, 'success') FROM dependencies"
        " WHERE id = :dependency ON CONFLICT DO NOTHING")
      .bind(":upstream", upstream.value)
      .bind(":run", run.value)
      .bind(":dependency", dependency)
      .run();
}

void Bindings::move(model::RunId from, model::RunId to) {
  Query(db_, "UPDATE bindings SET upstream_run_id = :to WHERE upstream_run_id = :from")
      .bind(":to", to.value)
      .bind(":from", from.value)
      .run();
}

void Bindings::move(model::RunId from, model::RunId to, model::TaskId upstream) {
  Query(db_,
        "UPDATE bindings SET upstream_run_id = :to WHERE upstream_run_id = :from"
        " AND dependency_id IN (SELECT id FROM dependencies WHERE upstream_id = :upstream)")
      .bind(":to", to.value)
      .bind(":from", from.value)
      .bind(":upstream", upstream.value)
      .run();
}

std::vector<BoundEdge> Bindings::edges_of(model::RunId run) {
  Query query(
      db_,
      "SELECT d.id, d.task_id, d.upstream_id, d.condition, t.name, u.id, u.state, u.outcome,"
      " u.exit_code, u.task_id FROM runs AS r JOIN dependencies AS d ON d.task_id = r.task_id"
      " JOIN tasks AS t ON t.id = d.upstream_id"
      " LEFT JOIN bindings AS b ON b.run_id = r.id AND b.dependency_id = d.id"
      " LEFT JOIN runs AS u ON u.id = b.upstream_run_id"
      " WHERE r.id = :run ORDER BY d.id");
  query.bind(":run", run.value);
  std::vector<BoundEdge> edges;
  while (query.step()) {
    BoundEdge edge;
    edge.dependency = {query.integer(0), model::TaskId(query.integer(1)),
                       model::TaskId(query.integer(2)),
                       model::parse_condition(query.text(3)).value()};
    edge.upstream_name = model::label(edge.dependency.upstream, query.text(4));
    if (!query.is_null(5)) {
      edge.upstream_run = model::RunId(query.integer(5));
      edge.upstream_task = model::TaskId(query.integer(9));
      edge.state = model::parse_run_state(query.text(6));
      edge.outcome = model::parse_outcome(query.text(7));
      if (const auto code = query.find_integer(8)) {
        edge.exit_code = static_cast<int>(*code);
      }
    }
    edges.push_back(std::move(edge));
  }
  return edges;
}

std::vector<Dependent> Bindings::dependents_of(model::RunId upstream) {
  Query query(db_,
              "SELECT r.id, r.task_id, d.condition, r.state FROM bindings AS b"
              " JOIN runs AS r ON r.id = b.run_id JOIN dependencies AS d ON d.id = b.dependency_id"
              " WHERE b.upstream_run_id = :upstream AND r.state <> 'finished' ORDER BY r.id");
  query.bind(":upstream", upstream.value);
  std::vector<Dependent> found;
  while (query.step()) {
    found.push_back({model::RunId(query.integer(0)), model::TaskId(query.integer(1)),
                     model::parse_condition(query.text(2)).value(),
                     model::parse_run_state(query.text(3)).value_or(model::RunState::waiting)});
  }
  return found;
}

std::vector<EdgesBelow> Bindings::edges_below(model::RunId upstream) {
  // From bindings alone: there may be a million, and what they hang on lies all over the file.
  Query query(db_, "SELECT run_id, condition FROM bindings WHERE upstream_run_id = :upstream");
  query.bind(":upstream", upstream.value);
  std::vector<EdgesBelow> found(1);  // First those of success, which need no text.
  std::map<std::string, std::size_t, std::less<>> others;
  while (query.step()) {
    const model::RunId run(query.integer(0));
    if (query.is_null(1)) {
      found.front().runs.push_back(run);
      continue;
    }
    const auto [place, is_new] = others.try_emplace(query.text(1), found.size());
    if (is_new) {
      found.push_back({model::parse_condition(place->first).value(), {}});
    }
    found[place->second].runs.push_back(run);
  }
  return found;
}

std::vector<model::RunId> Bindings::below(model::RunId upstream) {
  Query query(db_,
              "SELECT DISTINCT run_id FROM bindings WHERE upstream_run_id = :upstream"
              " ORDER BY run_id");
  query.bind(":upstream", upstream.value);
  std::vector<model::RunId> found;
  while (query.step()) {
    found.emplace_back(query.integer(0));
  }
  return found;
}

std::optional<model::RunId> Bindings::oldest_collecting(
    model::TaskId task, const std::vector<std::int64_t>& dependencies) {
  // Through runs_task; the unfinished runs of one task are few.
  Query query(
      db_,
      "SELECT r.id FROM runs AS r WHERE r.task_id = :task AND r.state IN ('waiting', 'held')"
      " AND NOT EXISTS (SELECT 1 FROM bindings AS b WHERE b.run_id = r.id"
      " AND b.dependency_id IN (SELECT value FROM json_each(:dependencies)))"
      " ORDER BY r.id LIMIT 1");
  query.bind(":task", task.value)
      .bind(":dependencies", fmt::format("[{}]", fmt::join(dependencies, ",")));
  return query.step() ? std::optional(model::RunId(query.integer(0))) : std::nullopt;
}

}  // namespace sched::store
