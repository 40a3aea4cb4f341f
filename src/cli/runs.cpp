#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "cli/select.hpp"

#include <memory>

namespace sched::cli {
namespace {

struct RunsOptions {
  std::vector<std::string> tasks;
  FilterOptions filter;
};

int runs(Session& session, const RunsOptions& options) {
  store::ListFilter filter = filter_of(options.filter, session);
  for (const std::string& word : options.tasks) {
    filter.tasks.push_back(select_task(session.store(), word));
  }
  auto page = session.store().listing().runs(filter);
  const auto lines = lines_of(std::move(page.rows));
  if (session.json) {
    print_json(session, render::to_json_array(render::run_columns(), lines));
    return 0;
  }
  if (lines.empty()) {
    session.note("no such runs; a task gets one by its trigger, or by 'sched start TASK'");
    return 0;
  }
  session.print(render::to_table(render::run_columns(), lines, view_of(session)));
  note_cut(session, page.more, filter.limit);
  return 0;
}

}  // namespace

void offer_runs(CLI::App& command, Session& session) {
  auto options = std::make_shared<RunsOptions>();
  offer_targets(command, options->tasks, "TASK", "Only runs of these tasks");
  offer_filters(command, options->filter);
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = runs(session, *options); });
}

}  // namespace sched::cli
