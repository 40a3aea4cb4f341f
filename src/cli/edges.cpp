#include "base/text.hpp"
#include "cli/keep.hpp"
#include "cli/select.hpp"
#include "rules/dag.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

std::string named_way(store::Store& store, const std::vector<model::TaskId>& way) {
  std::vector<std::string> names;
  for (const model::TaskId step : way) {
    names.push_back(store.tasks().label(step));
  }
  return base::join(names, " after ");
}

}  // namespace

model::TaskId select_upstream(store::Store& store, const std::string& text,
                              const model::AfterReference& reference) {
  const std::string where = fmt::format("--after {}", base::quote(text));
  const std::size_t colon = reference.task.rfind(':');
  try {
    return select_task(store, reference.task);
  } catch (const base::Error& error) {
    if (colon == std::string::npos ||
        !store.tasks().find_by_name(reference.task.substr(0, colon))) {
      throw error.within(where);
    }
  }
  throw model::parse_condition(reference.task.substr(colon + 1)).error().within(where);
}

void replace_edges(store::Store& store, model::TaskId task, const std::vector<std::string>& after) {
  const rules::Neighbours upstream = [&](model::TaskId here) {
    std::vector<model::TaskId> found;
    for (const model::Dependency& edge : store.tasks().upstream_of(here)) {
      found.push_back(edge.upstream);
    }
    return found;
  };
  // Edges that stay keep their row, and with it the runs that they are bound to.
  std::vector<std::int64_t> gone;
  for (const model::Dependency& edge : store.tasks().upstream_of(task)) {
    gone.push_back(edge.id);
  }
  for (const std::string& text : after) {
    const model::AfterReference reference = model::parse_after(text).value();
    model::Dependency edge;
    edge.task = task;
    edge.upstream = select_upstream(store, text, reference);
    if (edge.upstream == task) {
      throw base::Error(
          base::ErrorKind::invalid_input,
          fmt::format("--after {}: a task can't come after itself", base::quote(text)));
    }
    edge.condition = reference.condition;
    const auto way = rules::find_way(edge.upstream, task, upstream);
    if (!way.empty()) {
      throw base::Error(
          base::ErrorKind::invalid_input,
          fmt::format("--after {} would close a cycle: {} after {}", base::quote(text),
                      store.tasks().label(task), named_way(store, way)),
          "a task can't come after itself");
    }
    std::erase(gone, store.tasks().add_dependency(edge));
  }
  for (const std::int64_t edge : gone) {
    store.tasks().remove_dependency(edge);
  }
}

}  // namespace sched::cli
