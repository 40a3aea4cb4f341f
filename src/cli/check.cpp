#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "cli/select.hpp"
#include "exchange/holidays.hpp"
#include "os/file.hpp"
#include "render/finding_columns.hpp"
#include "rules/check_schedule.hpp"

#include <algorithm>
#include <memory>

namespace sched::cli {
namespace {

/// So many runs say how long the next will take.
constexpr int k_history = 50;

struct CheckOptions {
  std::vector<std::string> tasks;
};

rules::DayFile compare(const model::DaySelection& selection) {
  constexpr std::size_t k_cap = std::size_t{64} << 20U;
  if (selection.file.empty()) {
    return rules::DayFile::same;
  }
  const auto text = os::read_file(selection.file, k_cap);
  const auto set =
      text ? exchange::parse_holidays(*text) : base::Result<exchange::DaySet>(text.error());
  if (!set) {
    return rules::DayFile::gone;
  }
  return set->days == selection.days ? rules::DayFile::same : rules::DayFile::changed;
}

std::vector<rules::ScheduleFacts> facts_of(store::Store& store,
                                           const std::vector<model::TaskId>& tasks) {
  std::vector<rules::ScheduleFacts> facts;
  for (const model::TaskId id : tasks) {
    const model::Task task = store.tasks().task(id);
    if (task.schedule) {
      facts.push_back({model::label(task), *task.schedule, task.runs_left,
                       store.attempts().durations(id, k_history), compare(task.schedule->except),
                       compare(task.schedule->only)});
    }
  }
  return facts;
}

int check(Session& session, const CheckOptions& options) {
  store::Store& store = session.store();
  const auto facts = facts_of(store, select_timed_tasks(store, options.tasks));
  std::vector<render::FindingLine> lines;
  for (rules::Finding& finding :
       rules::check_schedules(facts, session.now(), time::system_zone())) {
    lines.push_back({std::move(finding.task), std::move(finding.kind), std::move(finding.what),
                     std::move(finding.remedy)});
  }
  if (session.json) {
    print_json(session, render::to_json_array(render::finding_columns(), lines));
  } else if (lines.empty()) {
    session.note("nothing looks wrong");
  } else {
    session.print(render::to_text(lines, view_of(session)));
  }
  return lines.empty() ? 0 : 1;
}

}  // namespace

void offer_check(CLI::App& command, Session& session) {
  auto options = std::make_shared<CheckOptions>();
  offer_option(command, "task", options->tasks, "TASK",
               "Name, id, or 'last' (default: all with a schedule)");
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = check(session, *options); });
}

}  // namespace sched::cli
