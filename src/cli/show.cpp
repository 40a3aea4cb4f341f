#include "cli/guards.hpp"
#include "cli/obstacles.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "cli/select.hpp"
#include "render/run_page.hpp"
#include "render/task_page.hpp"
#include "rules/explain.hpp"
#include "rules/readiness.hpp"

#include <memory>

namespace sched::cli {
namespace {

constexpr int k_runs_for_eyes = 10;
constexpr int k_runs_for_programs = 50;

struct ShowOptions {
  std::string target;
};

const char* word_of(rules::EdgeVerdict verdict) {
  switch (verdict) {
    case rules::EdgeVerdict::open:
      return "open";
    case rules::EdgeVerdict::satisfied:
      return "satisfied";
    case rules::EdgeVerdict::refused:
      return "refused";
  }
  return "";
}

std::vector<render::RunEdge> edges_of(store::Store& store, model::RunId run) {
  std::vector<render::RunEdge> edges;
  for (const store::BoundEdge& bound : store.bindings().edges_of(run)) {
    const model::Dependency& edge = bound.dependency;
    edges.push_back({{edge.upstream, bound.upstream_name, edge.condition},
                     bound.upstream_run,
                     bound.state,
                     bound.outcome,
                     bound.exit_code,
                     word_of(rules::judge(edge.condition, bound.outcome, bound.exit_code))});
  }
  return edges;
}

render::TaskPage task_page(store::Store& store, model::TaskId id, int most_runs,
                           time::Instant now) {
  render::TaskPage page;
  page.task = store.tasks().task(id);
  page.queue = store.queues().queue(page.task.queue).name;
  page.guard = line_of(store.guards().of_task(id), now);
  for (const model::Dependency& edge : store.tasks().upstream_of(id)) {
    page.upstream.push_back({edge.upstream, store.tasks().label(edge.upstream), edge.condition});
  }
  for (const model::Dependency& edge : store.tasks().downstream_of(id)) {
    page.downstream.push_back({edge.task, store.tasks().label(edge.task), edge.condition});
  }
  for (const model::Handler& handler : store.handlers().of(id)) {
    page.handlers.push_back({handler.kind, store.tasks().label(handler.handler)});
  }
  for (const model::Handler& handled : store.handlers().handled_by(id)) {
    page.handled.push_back({handled.kind, store.tasks().label(handled.task)});
  }
  const std::string label = model::label(page.task);
  for (model::Run& run : store.runs().of_task(id, most_runs + 1)) {
    page.runs.push_back({std::move(run), label});
  }
  if (page.runs.size() > static_cast<std::size_t>(most_runs)) {
    page.runs.pop_back();
    page.more_runs = true;
  }
  return page;
}

render::RunPage run_page(Session& session, model::RunId id) {
  store::Store& store = session.store();
  const model::Run run = store.runs().run(id);
  const model::Task task = store.tasks().task(run.task);
  render::RunPage page;
  page.line = {run, model::label(task)};
  page.command = task.command;
  page.tries = task.retry.retries + 1;
  page.attempts = store.attempts().of_run(id);
  page.edges = edges_of(store, id);
  page.cause = store.handlers().cause_of(id);
  for (const model::RunId follower : store.handlers().runs_for(id)) {
    model::Run each = store.runs().run(follower);
    std::string label = store.tasks().label(each.task);
    page.followers.push_back({std::move(each), std::move(label)});
  }
  if (run.state != model::RunState::running && run.state != model::RunState::finished) {
    page.obstacles = lines_of(rules::explain(explain_facts(session, task, run)));
  }
  return page;
}

int show(Session& session, const ShowOptions& options) {
  store::Store& store = session.store();
  const Target target = select(store, options.target);
  const render::View view = view_of(session);
  if (target.run) {
    const render::RunPage page = run_page(session, *target.run);
    if (session.json) {
      print_json(session, render::to_json(page));
    } else {
      session.print(render::to_text(page, view));
    }
    return 0;
  }
  const auto page = task_page(store, *target.task,
                              session.json ? k_runs_for_programs : k_runs_for_eyes, view.now);
  if (session.json) {
    print_json(session, render::to_json(render::task_page_columns(), page));
    return 0;
  }
  session.print(render::to_text(page, view));
  const bool waits = !page.runs.empty() &&
                     page.runs.front().run.state != model::RunState::running &&
                     page.runs.front().run.state != model::RunState::finished;
  if (waits) {
    const auto facts = explain_facts(session, page.task, page.runs.front().run);
    session.print("\nWhat " + model::label(page.runs.front().run.id) + " waits for:\n" +
                  render::to_text(lines_of(rules::explain(facts)), view));
  }
  return 0;
}

}  // namespace

void offer_show(CLI::App& command, Session& session) {
  auto options = std::make_shared<ShowOptions>();
  required(offer_option(command, "target", options->target, "TARGET",
                        "A task, or a run such as run-17"));
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = show(session, *options); });
}

}  // namespace sched::cli
