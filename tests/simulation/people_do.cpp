// What people do, each with the code of the command that does it.
#include "simulation/people.hpp"
#include "simulation/world.hpp"
#include "worker/by_hand.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::simulation {
namespace {

using Kind = Operation::Kind;

}  // namespace

std::string World::by_hand(const std::function<std::string()>& act) {
  MemoryFiles::instance().failed = false;
  try {
    return act();
  } catch (const base::Error& error) {
    const bool faulty = MemoryFiles::instance().failed || site_.is_locked();
    commit_in_doubt_ = commit_in_doubt_ || MemoryFiles::instance().failed;
    if (error.kind() == base::ErrorKind::store && !faulty) {
      throw Broken("a command fails without a fault: " + error.message());
    }
    return tells_ ? "refused: " + error.message() : "";
  }
}

std::string World::add(std::uint32_t seed) {
  constexpr std::size_t k_most = 24;
  if (tasks_.size() >= k_most) {
    return "";
  }
  std::vector<std::string> others;
  for (const model::TaskId id : tasks_) {
    others.push_back(people().tasks().label(id));
  }
  const std::string name = fmt::format("t{}", names_++);
  const Fields fields = draw_task(seed, others);
  for (const auto& [field, value] : fields) {
    if (field == "queue" && value != "narrow") {
      open_queue(people(), value, clock_.now());
    } else if (field == "tag" && (value == "slow" || value == "frail")) {
      guard_tag(people(), value, clock_.now());
    }
  }
  const model::TaskId id = add_task(people(), name, fields, clock_.now());
  tasks_.push_back(id);
  promises_.acknowledged(id);
  promises_.follow(id);
  return tells_ ? fmt::format("add {} {}", name, to_string(fields)) : "";
}

std::string World::change(const Operation& operation) {
  const model::TaskId id = tasks_[operation.a % tasks_.size()];
  std::vector<std::string> others;
  for (const model::TaskId other : tasks_) {
    if (other != id) {
      others.push_back(people().tasks().label(other));
    }
  }
  if (others.empty()) {
    return "";
  }
  const Fields fields = draw_change(operation.b, others);
  licence_.new_deadlines = fields.front().first == "deadline";
  const model::Task before = people().tasks().task(id);
  try {
    change_task(people(), id, fields, clock_.now());
  } catch (const base::Error&) {
    promises_.follow_no_more(id);  // The new schedule may come to light later.
    throw;
  }
  if (people().tasks().task(id).schedule != before.schedule) {
    promises_.follow(id);
  }
  return tells_ ? fmt::format("edit {} {}", model::label(before), to_string(fields)) : "";
}

std::string World::handle(const Operation& operation) {
  const model::TaskId id = tasks_[operation.a % tasks_.size()];
  std::vector<std::string> others;
  for (const model::TaskId other : tasks_) {
    if (other != id) {
      others.push_back(people().tasks().label(other));
    }
  }
  if (others.empty()) {
    return "";
  }
  const Fields fields = draw_handlers(operation.b, others);
  change_task(people(), id, fields, clock_.now());
  return tells_ ? fmt::format("edit {} {}", people().tasks().label(id), to_string(fields)) : "";
}

std::string World::remove(model::TaskId id) {
  const auto unfinished = people().runs().unfinished_of(id);
  const bool runs = std::any_of(unfinished.begin(), unfinished.end(), [&](model::RunId run) {
    return people().runs().run(run).state == model::RunState::running;
  });
  if (runs || !people().tasks().downstream_of(id).empty() ||
      !people().handlers().handled_by(id).empty()) {
    return "";
  }
  const std::string name = people().tasks().label(id);
  store::Transaction change(people().db());
  people().tasks().remove(id);
  licence_.removed.insert(id);
  promises_.removed(id);  // Though this commit may fail, for it may come to light later.
  change.commit();
  std::erase(tasks_, id);
  return tells_ ? "rm " + name : "";
}

std::string World::move_run(const Operation& operation) {
  std::vector<model::RunId> chosen;
  for (const auto& [id, run] : promises_.runs()) {
    if ((run.state == model::RunState::finished) == (operation.kind == Kind::retry)) {
      chosen.push_back(id);
    }
  }
  if (chosen.empty()) {
    return "";
  }
  const model::RunId id = chosen[operation.a % chosen.size()];
  const std::string name =
      fmt::format("run-{} of {}", id.value, people().tasks().label(promises_.runs().at(id).task));
  store::Transaction change(people().db());
  std::string said;
  switch (operation.kind) {
    case Kind::cancel:
      worker::cancel_run(people(), id, clock_.now());
      said = "cancel " + name;
      break;
    case Kind::hold:
      people().runs().hold(id);
      said = "hold " + name;
      break;
    case Kind::release:
      worker::release_run(people(), id, clock_.now());
      said = "release " + name;
      break;
    default: {
      if (people().runs().run(id).outcome == model::Outcome::succeeded) {
        return "";
      }
      const auto below = worker::retry_run(people(), id, operation.b % 2 == 1, clock_.now());
      if (people().runs().run(id).state == model::RunState::finished) {
        return "";  // It would only be skipped again: refused.
      }
      licence_.reopened.insert(below.begin(), below.end());
      licence_.reopened.insert(id);
      said = "retry " + name + (operation.b % 2 == 1 ? " --downstream" : "");
    }
  }
  change.commit();
  return said;
}

std::string World::people_do(const Operation& operation) {
  licence_.by_person = true;
  if (operation.kind == Kind::add) {
    return by_hand([&] { return add(operation.a); });
  }
  if (tasks_.empty()) {
    return "";
  }
  const model::TaskId id = tasks_[operation.a % tasks_.size()];
  switch (operation.kind) {
    case Kind::change:
      return by_hand([&] { return change(operation); });
    case Kind::handle:
      return by_hand([&] { return handle(operation); });
    case Kind::remove:
      return by_hand([&] { return remove(id); });
    case Kind::start:
      return by_hand([&] {
        store::Transaction change(people().db());
        worker::start_task(people(), people().tasks().task(id), clock_.now());
        change.commit();
        return tells_ ? "start " + people().tasks().label(id) : "";
      });
    case Kind::suspend:
    case Kind::resume:
      return by_hand([&] {
        store::Transaction change(people().db());
        worker::set_paused(people(), id, operation.kind == Kind::suspend, clock_.now());
        change.commit();
        return tells_ ? (operation.kind == Kind::suspend ? "pause " : "resume ") +
                            people().tasks().label(id)
                      : "";
      });
    default:
      return by_hand([&] { return move_run(operation); });
  }
}

}  // namespace sched::simulation
