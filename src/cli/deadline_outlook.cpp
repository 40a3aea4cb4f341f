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
#include <map>

namespace sched::cli {
namespace {

constexpr int k_runs_asked_back = 5;
constexpr int k_most_ahead = 1000;

/// How long tasks take; each is read once.
class Lengths {
 public:
  explicit Lengths(store::Store& store) : store_(store) {}

  std::optional<time::Duration> of(model::TaskId task) {
    const auto [place, is_new] = known_.try_emplace(task.value);
    if (is_new) {
      place->second = rules::estimate(store_.attempts().durations(task, k_runs_asked_back), 1, 1);
    }
    return place->second;
  }

 private:
  store::Store& store_;
  std::map<std::int64_t, std::optional<time::Duration>> known_;
};

std::int64_t rank_of(const model::Queue& queue, const model::Run& run, Lengths& lengths) {
  return rules::rank(queue,
                     {run.not_before, run.priority, lengths.of(run.task), run.deadlines.first()});
}

/// The tasks of the queued runs that go before this one, or will as soon as it is queued too.
std::vector<model::TaskId> tasks_before(store::Store& store, const model::Queue& queue,
                                        const model::Run& run, Lengths& lengths,
                                        time::Instant now) {
  if (run.state == model::RunState::queued) {
    std::vector<model::TaskId> ahead;
    if (!queue.policy.fair) {
      return store.listing().tasks_ahead(run, k_most_ahead);
    }
    for (const store::RunRow& row : worker::line_of(store, queue, k_most_ahead, now)) {
      if (row.run.id == run.id) {
        break;
      }
      ahead.push_back(row.run.task);
    }
    return ahead;
  }
  std::vector<model::TaskId> found;
  const std::int64_t own = rank_of(queue, run, lengths);
  for (const store::RunRow& row : store.listing().line_of(queue.id, k_most_ahead)) {
    if (rank_of(queue, row.run, lengths) <= own) {
      found.push_back(row.run.task);
    }
  }
  return found;
}

void add_others(Session& session, const model::Task& task, const model::Run& run, Lengths& lengths,
                rules::ForecastFacts& facts) {
  store::Store& store = session.store();
  const model::Queue queue = store.queues().queue(task.queue);
  const int worker_slots = std::max(workforce(session).slots, 1);
  const bool queue_binds = queue.slots > 0 && queue.slots < worker_slots;
  facts.slots = queue_binds ? queue.slots : worker_slots;
  for (const store::RunningRun& other : store.runs().running()) {
    if (queue_binds && store.tasks().task(other.task).queue != task.queue) {
      continue;
    }
    const auto usual = lengths.of(other.task);
    const auto started = store.runs().run(other.claim.run).started_at;
    facts.unknown += usual ? 0 : 1;
    facts.busy.push_back(
        std::max(time::Duration::zero(), usual.value_or(time::Duration::zero()) -
                                             (session.now() - started.value_or(session.now()))));
  }
  for (const model::TaskId other : tasks_before(store, queue, run, lengths, session.now())) {
    const auto usual = lengths.of(other);
    facts.unknown += usual ? 0 : 1;
    facts.ahead.push_back(usual.value_or(time::Duration::zero()));
  }
}

/// Not before `moment`; without one nobody can say when.
void wait_for_room(rules::ForecastFacts& facts, std::optional<time::Instant> moment,
                   const char* room) {
  facts.is_free = facts.is_free && moment;
  if (moment && (!facts.room_at || *facts.room_at < *moment)) {
    facts.room_at = moment;
    facts.room = room;
  }
}

/// What keeps it beside those that go first: what it needs, its rates and breakers.
void add_room(Session& session, const model::Task& task, rules::ForecastFacts& facts) {
  store::Store& store = session.store();
  const worker::GuardBook book(store, session.now());
  const model::Lane lane{{}, task.queue, task.needs, "", store.guards().key_of(task.id)};
  const auto guards = book.of(lane, 0);
  if (!book.allowances().permit(guards)) {
    wait_for_room(facts, book.opens_at(guards), "a rate or breaker lets it start");
  }
  if (!worker::shortages_of(store, task.needs, session.now()).empty()) {
    rules::Chooser chooser = worker::chooser_of(store, book, session.now());
    wait_for_room(facts, chooser.start_of(task.needs), "what it needs is free");
  }
}

std::string outlook_line(const char* which, const rules::ForecastFacts& facts,
                         time::Instant deadline, time::Instant now) {
  return fmt::format("its {} is {}: {}", which, time::to_local(deadline),
                     rules::forecast(facts, deadline, now));
}

}  // namespace

std::optional<rules::ForecastFacts> forecast_facts(Session& session, const model::Task& task,
                                                   const model::Run& run) {
  const bool is_asked = run.deadlines.first() || run.state == model::RunState::queued;
  if (!is_asked || run.state == model::RunState::finished) {
    return std::nullopt;
  }
  Lengths lengths(session.store());
  rules::ForecastFacts facts;
  facts.task = model::label(task);
  facts.usual = lengths.of(task.id);
  if (run.state == model::RunState::running) {
    facts.since = run.started_at.value_or(session.now());
    return facts;
  }
  const time::Instant now = session.now();
  facts.since = std::max(now, run.not_before);
  facts.is_free = run.state == model::RunState::queued || run.due_at;
  if (facts.since == now) {
    add_others(session, task, run, lengths, facts);  // Who is there later nobody knows.
    // Without a deadline only explain asks, which knows of that already.
    if (run.deadlines.first()) {
      add_room(session, task, facts);
    }
  }
  return facts;
}

std::vector<std::string> deadline_outlook(Session& session, model::TaskId id) {
  store::Store& store = session.store();
  const model::Task task = store.tasks().task(id);
  const auto newest = store.runs().newest_of(id);
  const bool is_over = newest && newest->state == model::RunState::finished;
  if (task.deadlines.empty() || (is_over && task.trigger == model::TriggerKind::once)) {
    return {};
  }
  model::Run run;
  std::string prefix;
  if (newest && !is_over) {
    run = *newest;
  } else {
    prefix = task.next_at ? "" : "if it started now: ";
    run.task = id;
    run.priority = task.priority;
    run.not_before = task.next_at.value_or(session.now());
    run.due_at = run.not_before;
    run.deadlines = model::deadlines_of(task.deadlines, run.not_before);
  }
  std::vector<std::string> lines;
  const auto facts = forecast_facts(session, task, run);
  if (facts && run.deadlines.soft) {
    lines.push_back(prefix + outlook_line("deadline", *facts, *run.deadlines.soft, session.now()));
  }
  if (facts && run.deadlines.hard) {
    lines.push_back(prefix +
                    outlook_line("hard deadline", *facts, *run.deadlines.hard, session.now()));
  }
  return lines;
}

}  // namespace sched::cli
