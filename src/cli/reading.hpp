#pragma once

#include "cli/options.hpp"
#include "cli/session.hpp"
#include "render/column.hpp"
#include "render/run_columns.hpp"
#include "render/task_columns.hpp"
#include "store/listing.hpp"

#include <string>
#include <vector>

namespace sched::cli {

// What the reading commands share.

/// How this session shows things.
render::View view_of(const Session& session);

void print_json(Session& session, const base::Json& json);

render::RunLine line_of(store::RunRow row);
render::TaskLine line_of(store::TaskRow row);
std::vector<render::RunLine> lines_of(std::vector<store::RunRow> rows);
std::vector<render::TaskLine> lines_of(std::vector<store::TaskRow> rows);

/// The filters of `list` and `runs` as they are typed.
struct FilterOptions {
  std::vector<std::string> states;
  std::vector<std::string> outcomes;
  std::vector<std::string> tags;
  std::vector<std::string> queues;
  std::string limit;
};

void offer_filters(CLI::App& command, FilterOptions& options);

/// For eyes the first fifty, unless --limit says otherwise; for programs all. Throws invalid_input.
store::ListFilter filter_of(const FilterOptions& options, Session& session);

/// Says below a list that it was cut, and how to see the rest.
void note_cut(Session& session, bool cut, int limit);

}  // namespace sched::cli
