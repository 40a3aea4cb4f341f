#include "worker/guards.hpp"

#include "model/outcome.hpp"
#include "rules/breaker.hpp"
#include "time/timestamp.hpp"
#include "worker/line.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::worker {
namespace {

bool stands_before(const model::Guard& guard, const model::Lane& lane, int choice) {
  switch (guard.scope) {
    case model::GuardScope::queue:
      return guard.queue == lane.queue;
    case model::GuardScope::resource:
      return std::ranges::any_of(lane.needs.amounts_of(choice), [&](const model::Need& need) {
        return need.resource == guard.name;
      });
    case model::GuardScope::tag:
    case model::GuardScope::task:
      return false;  // Its runs stand in lanes that name it.
  }
  return false;
}

Notice turn_notice(const model::Guard& guard, rules::BreakerTurn turn, model::Claim claim) {
  Notice notice;
  notice.run = claim.run;
  notice.attempt = claim.attempt;
  notice.task = "the breaker of " + model::label(guard);
  notice.kind = Notice::Kind::breaker_closed;
  notice.reason = "the probe succeeded";
  if (turn == rules::BreakerTurn::opened) {
    const auto until = rules::open_until(guard);
    notice.kind = Notice::Kind::breaker_opened;
    notice.reason = fmt::format("{}; the next may start at {}", guard.record.why,
                                until ? time::to_local(*until) : "no time");
  }
  return notice;
}

}  // namespace

GuardBook::GuardBook(store::Store& store, time::Instant now) : now_(now) {
  if (store.guards().any()) {
    for (model::Guard& guard : store.guards().active()) {
      const model::GuardId id = guard.id;
      guards_.emplace(id, std::move(guard));
    }
  }
}

std::vector<model::GuardId> GuardBook::of(const model::Lane& lane, int choice) const {
  std::vector<model::GuardId> found;
  if (guards_.empty()) {
    return found;
  }
  for (const auto& [id, guard] : guards_) {
    if (stands_before(guard, lane, choice)) {
      found.push_back(id);
    }
  }
  for (const model::GuardId id : store::read_guard_key(lane.guards)) {
    if (guards_.contains(id)) {  // It may be gone, or closed, since those that run were claimed.
      found.push_back(id);
    }
  }
  return found;
}

rules::Allowances GuardBook::allowances() const {
  rules::Allowances allowances;
  for (const auto& [id, guard] : guards_) {
    if (const auto left = rules::allowance(guard, now_)) {
      allowances.set(id, *left);
    }
  }
  return allowances;
}

std::optional<time::Instant> GuardBook::opens_at(const std::vector<model::GuardId>& guards) const {
  std::optional<time::Instant> last;
  for (const model::GuardId id : guards) {
    const model::Guard& guard = guards_.at(id);
    if (rules::allowance(guard, now_).value_or(1) > 0) {
      continue;
    }
    const auto moment = rules::opens_at(guard, now_);
    if (!moment) {
      return std::nullopt;
    }
    last = last ? std::max(*last, *moment) : *moment;
  }
  return last;
}

void GuardBook::note_start(const std::vector<model::GuardId>& guards, const model::Claim& claim) {
  for (const model::GuardId id : guards) {
    rules::note_start(guards_.at(id), claim, now_);
    changed_.push_back(id);
  }
}

void GuardBook::write(store::Store& store) const {
  for (const auto& [id, guard] : guards_) {
    if (std::find(changed_.begin(), changed_.end(), id) != changed_.end()) {
      store.guards().set_standing(guard);
    }
  }
}

std::optional<time::Instant> next_opening(store::Store& store, time::Instant now) {
  const GuardBook book(store, now);
  const rules::Allowances allowances = book.allowances();
  std::optional<time::Instant> soonest;
  if (book.guards().empty() || !store.runs().any_queued()) {
    return soonest;
  }
  rules::Chooser chooser = bare_chooser(store, now);
  for (const model::Lane& lane : store.lanes().all()) {
    std::optional<time::Instant> moment;
    for (int choice = 0; choice < lane.needs.choices(); ++choice) {
      const auto guards = book.of(lane, choice);
      const auto opening = allowances.permit(guards) ? std::nullopt : book.opens_at(guards);
      moment = moment && opening ? std::min(*moment, *opening) : moment ? moment : opening;
    }
    if (!moment || !chooser.could_start(lane)) {
      continue;
    }
    if ((!soonest || *moment < *soonest) && !store.runs().queued(lane.id, 1).empty()) {
      soonest = moment;
    }
  }
  return soonest;
}

std::vector<model::Guard> Breakers::guards_of(const model::Run& run, const model::Task& task) {
  std::vector<model::Guard> found;
  if (task.breaker) {
    if (auto guard = store_.guards().of_task(task.id)) {
      found.push_back(std::move(*guard));
    }
  }
  const auto load = store_.lanes().of_run(run.id);
  if (!load) {
    return found;
  }
  const GuardBook book(store_, now_);
  for (const model::GuardId id : book.of(load->lane, load->choice)) {
    if (const model::Guard& guard = book.guards().at(id);
        guard.scope != model::GuardScope::task && guard.breaker) {
      found.push_back(guard);
    }
  }
  return found;
}

void Breakers::count(const model::Run& run, const model::Task& task,
                     const model::Settlement& settlement, std::vector<Notice>& notices) {
  if (!any_) {
    any_ = store_.guards().any();
  }
  const model::Outcome outcome = settlement.attempt_outcome;
  const bool failed = model::is_failure(outcome);
  if (!*any_ || !settlement.counts || (!failed && outcome != model::Outcome::succeeded)) {
    return;
  }
  const std::string what = fmt::format("{}, {}", model::label(run.id), settlement.attempt_reason);
  for (model::Guard& guard : guards_of(run, task)) {
    const auto turn = rules::count_end(guard, settlement.claim, failed, what, now_);
    store_.guards().set_standing(guard);
    if (turn == rules::BreakerTurn::none) {
      continue;
    }
    if (guard.scope == model::GuardScope::task) {
      line_up_behind(store_, guard);
    }
    notices.push_back(turn_notice(guard, turn, settlement.claim));
  }
}

void line_up_behind(store::Store& store, const model::Guard& guard) {
  switch (guard.scope) {
    case model::GuardScope::task:
      line_up_anew(store, guard.task);
      break;
    case model::GuardScope::tag:
      for (const model::TaskId task : store.guards().tasks_with(guard.name)) {
        line_up_anew(store, task);
      }
      break;
    case model::GuardScope::queue:
    case model::GuardScope::resource:
      break;  // It follows from the lanes in which they stand.
  }
}

bool any_ahead_of_clock(store::Store& store, time::Instant now) {
  const GuardBook book(store, now);
  return std::any_of(book.guards().begin(), book.guards().end(), [now](const auto& entry) {
    return rules::is_ahead_of_clock(entry.second, now);
  });
}

void set_guards_back(store::Store& store, time::Instant now) {
  const GuardBook book(store, now);
  for (auto [id, guard] : book.guards()) {
    if (rules::is_ahead_of_clock(guard, now)) {
      rules::set_back(guard, now);
      store.guards().set_standing(guard);
    }
  }
}

}  // namespace sched::worker
