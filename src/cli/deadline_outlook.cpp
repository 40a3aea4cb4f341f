#include "cli/deadline_outlook.hpp"

#include "cli/obstacles.hpp"
#include "rules/estimate.hpp"
#include "rules/rank.hpp"
#include "time/timestamp.hpp"
#include "worker/guards.hpp"
#include "worker/line.hpp"
#include "worker/queue_line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

constexpr int k_runs_asked_back = 5;
constexpr int k_most_ahead = 1000;

/// Not before `moment`; without one nobody can say when.
void wait_for_room(rules::ForecastFacts& facts, std::optional<time::Instant> moment,
                   const char* room) {
  facts.is_free = facts.is_free && moment;
  if (moment && (!facts.room_at || *facts.room_at < *moment)) {
    facts.room_at = moment;
    facts.room = room;
  }
}

OutlookLine outlook_line(bool hard, const std::string& prefix, const rules::ForecastFacts& facts,
                         time::Instant deadline, time::Instant now) {
  return {hard, deadline, rules::meets(facts, deadline, now),
          fmt::format("{}its {} is {}: {}", prefix, hard ? "hard deadline" : "deadline",
                      time::to_local(deadline), rules::forecast(facts, deadline, now))};
}

}  // namespace

std::optional<time::Duration> DeadlineOutlook::usual(model::TaskId task) {
  const auto [place, is_new] = lengths_.try_emplace(task);
  if (is_new) {
    place->second =
        rules::estimate(session_.store().attempts().durations(task, k_runs_asked_back), 1, 1);
  }
  return place->second;
}

DeadlineOutlook::Crowd DeadlineOutlook::running_of(const model::Queue& queue) {
  Crowd crowd;
  store::Store& store = session_.store();
  const time::Instant now = session_.now();
  const int worker_slots = std::max(workforce(session_).slots, 1);
  const bool queue_binds = queue.slots > 0 && queue.slots < worker_slots;
  crowd.slots = queue_binds ? queue.slots : worker_slots;
  for (const store::RunningRun& other : store.runs().running()) {
    if (queue_binds && store.tasks().task(other.task).queue != queue.id) {
      continue;
    }
    const auto length = usual(other.task);
    const auto started = store.runs().run(other.claim.run).started_at;
    crowd.unknown += length ? 0 : 1;
    crowd.busy.push_back(std::max(time::Duration::zero(), length.value_or(time::Duration::zero()) -
                                                              (now - started.value_or(now))));
  }
  return crowd;
}

DeadlineOutlook::Crowd& DeadlineOutlook::crowd_of(const model::Queue& queue) {
  const auto [found, is_new] = crowds_.try_emplace(queue.id);
  Crowd& crowd = found->second;
  if (!is_new) {
    return crowd;
  }
  crowd = running_of(queue);
  store::Store& store = session_.store();
  const time::Instant now = session_.now();
  for (const store::RunRow& row : worker::line_of(store, queue, k_most_ahead, now)) {
    const model::Run& run = row.run;
    crowd.line.push_back(
        {rules::rank(queue, {run.not_before, run.priority, usual(run.task), run.deadlines.first()}),
         run.id, run.task});
  }
  for (const store::Comer& comer : store.runs().due(now, k_most_ahead)) {
    if (comer.queue == queue.id) {
      crowd.coming.push_back({rules::rank(queue, {comer.not_before, comer.priority,
                                                  usual(comer.task), comer.deadline}),
                              comer.id, comer.task});
    }
  }
  return crowd;
}

void DeadlineOutlook::add_others(const model::Task& task, const model::Run& run,
                                 rules::ForecastFacts& facts) {
  const model::Queue queue = session_.store().queues().queue(task.queue);
  const bool is_alone =
      run.state == model::RunState::queued && !run.deadlines.first() && !queue.policy.fair;
  const Crowd running = is_alone ? running_of(queue) : Crowd();
  const Crowd& crowd = is_alone ? running : crowd_of(queue);
  facts.slots = crowd.slots;
  facts.busy = crowd.busy;
  facts.unknown = crowd.unknown;
  const std::int64_t own =
      rules::rank(queue, {run.not_before, run.priority, facts.usual, run.deadlines.first()});
  const auto count = [&](const Place& place) {
    const auto length = usual(place.task);
    facts.unknown += length ? 0 : 1;
    facts.ahead.push_back(length.value_or(time::Duration::zero()));
  };
  if (is_alone) {
    // Those before it alone: the whole line of a queue may be a million.
    for (const model::TaskId other : session_.store().listing().tasks_ahead(run, k_most_ahead)) {
      count({0, {}, other});
    }
    return;
  }
  const auto is_before = [&](const Place& place) {
    return place.rank < own || (place.rank == own && (run.id.value == 0 || place.run < run.id));
  };
  const auto is_own = [&](const Place& place) { return place.run == run.id; };
  const auto stands = std::find_if(crowd.line.begin(), crowd.line.end(), is_own);
  const bool comes = std::any_of(crowd.coming.begin(), crowd.coming.end(), is_own);
  // One that is queued and seen nowhere stands behind all that was looked at.
  const bool in_line =
      stands != crowd.line.end() || (run.state == model::RunState::queued && !comes);
  for (auto place = crowd.line.begin(); place != stands; ++place) {
    if (in_line || is_before(*place)) {
      count(*place);
    }
  }
  for (const Place& place : crowd.coming) {
    if (!is_own(place) && is_before(place)) {
      count(place);
    }
  }
}

/// What keeps it beside those that go first: what it needs, its rates and breakers.
void DeadlineOutlook::add_room(const model::Task& task, rules::ForecastFacts& facts) {
  store::Store& store = session_.store();
  const worker::GuardBook book(store, session_.now());
  const model::Lane lane{{}, task.queue, task.needs, "", store.guards().key_of(task.id)};
  const auto guards = book.of(lane, 0);
  if (!book.allowances().permit(guards)) {
    wait_for_room(facts, book.opens_at(guards), "a rate or breaker lets it start");
  }
  if (!worker::shortages_of(store, task.needs, session_.now()).empty()) {
    rules::Chooser chooser = worker::chooser_of(store, book, session_.now());
    wait_for_room(facts, chooser.start_of(task.needs), "what it needs is free");
  }
}

std::optional<rules::ForecastFacts> DeadlineOutlook::facts(const model::Task& task,
                                                           const model::Run& run) {
  const bool is_asked = run.deadlines.first() || run.state == model::RunState::queued;
  if (!is_asked || run.state == model::RunState::finished) {
    return std::nullopt;
  }
  rules::ForecastFacts facts;
  facts.task = model::label(task);
  facts.usual = usual(task.id);
  if (run.state == model::RunState::running) {
    facts.since = run.started_at.value_or(session_.now());
    return facts;
  }
  const time::Instant now = session_.now();
  facts.since = std::max(now, run.not_before);
  facts.is_free = run.state == model::RunState::queued || run.due_at;
  if (facts.since == now) {
    add_others(task, run, facts);  // Who is there later nobody knows.
    // Without a deadline only explain asks, which knows of that already.
    if (run.deadlines.first()) {
      add_room(task, facts);
    }
  }
  return facts;
}

std::vector<OutlookLine> DeadlineOutlook::of(model::TaskId id) {
  store::Store& store = session_.store();
  const model::Task task = store.tasks().task(id);
  const auto newest = store.runs().newest_of(id);
  const bool is_over = newest && newest->state == model::RunState::finished;
  if (task.deadlines.empty() || (is_over && task.trigger == model::TriggerKind::once)) {
    return {};
  }
  const time::Instant now = session_.now();
  model::Run run;
  std::string prefix;
  if (newest && !is_over) {
    run = *newest;
  } else {
    prefix = task.next_at ? "" : "if it started now: ";
    run.task = id;
    run.priority = task.priority;
    run.not_before = task.next_at.value_or(now);
    run.due_at = run.not_before;
    run.deadlines = model::deadlines_of(task.deadlines, run.not_before);
  }
  std::vector<OutlookLine> lines;
  const auto known = facts(task, run);
  if (known && run.deadlines.soft) {
    lines.push_back(outlook_line(false, prefix, *known, *run.deadlines.soft, now));
  }
  if (known && run.deadlines.hard) {
    lines.push_back(outlook_line(true, prefix, *known, *run.deadlines.hard, now));
  }
  return lines;
}

}  // namespace sched::cli
