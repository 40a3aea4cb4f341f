#include "cli/guards.hpp"
#include "cli/obstacles.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "render/status_page.hpp"

namespace sched::cli {
namespace {

constexpr int k_rows = 100;  ///< More than a screen; what programs get at most.

render::StatusPage gather(Session& session) {
  store::Store& store = session.store();
  store::Listing& listing = store.listing();
  const store::Snapshot moment(store.db());
  render::StatusPage page;
  page.workers = lines_of(store, workforce(session).workers);
  const store::RunCounts counts = listing.counts();
  page.counts = {
      listing.task_count(), counts.waiting,   counts.queued, counts.running,
      counts.held,          counts.succeeded, counts.failed, store.dead_letters().count(),
      counts.other};
  page.running = lines_of(listing.in_state(model::RunState::running, k_rows));
  page.queued = lines_of(listing.in_state(model::RunState::queued, k_rows));
  page.held = lines_of(listing.in_state(model::RunState::held, k_rows));
  page.due = lines_of(listing.due_next(k_rows));
  for (const store::BlockerRow& row : listing.blockers(k_rows)) {
    page.blockers.push_back({line_of(row.blocker), row.waiting, row.example});
  }
  for (const store::ComingRow& row : listing.coming(k_rows)) {
    page.coming.push_back({row.task, row.label, row.next_at});
  }
  for (const model::Guard& guard : store.guards().active()) {
    auto line = line_of(guard, session.now());
    if (line->next_token_at || (guard.breaker && line->state != render::k_closed)) {
      page.guards.push_back(std::move(*line));
    }
  }
  store::ListFilter dead;
  dead.dead = true;
  dead.limit = k_rows;
  page.dead = lines_of(listing.runs(dead).rows);
  return page;
}

int status(Session& session) {
  const render::StatusPage page = gather(session);
  if (session.json) {
    print_json(session, render::to_json(render::status_columns(), page));
    return 0;
  }
  session.print(render::to_text(page, view_of(session)));
  return 0;
}

}  // namespace

void offer_status(CLI::App& command, Session& session) {
  offer_json(command, session);
  when_chosen(command, [&session] { session.exit_code = status(session); });
}

}  // namespace sched::cli
