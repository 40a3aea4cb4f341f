#include "simulation/machine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sched::simulation {
namespace {

/// The same order of directories that LocalExecutor makes.
std::filesystem::path place(const std::filesystem::path& directory, model::LauncherId id) {
  return directory / std::to_string(id.value);
}

template <typename... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <typename... F>
Overloaded(F...) -> Overloaded<F...>;  // clang 14 does not find it by itself

/// As long as launchers keep what was sent ahead.
constexpr time::Duration k_patience = std::chrono::milliseconds(100);

}  // namespace

std::string text_of(const model::Claim& claim) {
  return fmt::format("attempt {} of run-{} (token {})", claim.attempt, claim.run.value,
                     claim.token);
}

std::size_t Launcher::busy() const {
  return static_cast<std::size_t>(std::count_if(running.begin(), running.end(),
                                                [](const auto& one) { return !one.second.still; }));
}

void Machine::note_sent(const model::Claim& claim) {
  const auto [newest, is_first] = sent.try_emplace({claim.run, claim.attempt}, claim);
  if (!is_first) {
    superseded.push_back(std::exchange(newest->second, claim));
  }
}

void Machine::open(model::LauncherId id, const void* owner) {
  std::filesystem::create_directories(place(directory_, id));
  launchers[id].owner = owner;
}

void Machine::discard(model::LauncherId id) {
  std::filesystem::remove_all(place(directory_, id));
  launchers.erase(id);
}

void Machine::begin(Launcher& launcher, exec::Launch launch) {
  const model::Claim claim = launch.claim;
  if (refuse_starts > 0) {
    --refuse_starts;
    model::Ending ending;
    ending.kind = model::Ending::Kind::not_begun;
    ending.code = EAGAIN;
    launcher.journal[claim] = ending;
    launcher.outbox.push_back({claim, ending});
    return;
  }
  if (!attempts_.emplace(claim.run, claim.attempt).second) {
    throw Broken(fmt::format("{} starts, and has started before", text_of(claim)));
  }
  began[claim];
  launcher.journal[claim] = std::nullopt;
  launcher.running[claim].launch = std::move(launch);
}

void Machine::begin_waiting(Launcher& launcher) {
  while (!launcher.backlog.empty() && launcher.busy() < static_cast<std::size_t>(launcher.width)) {
    exec::Launch launch = std::move(launcher.backlog.front().launch);
    launcher.backlog.pop_front();
    begin(launcher, std::move(launch));
  }
}

void Machine::give_back(Launcher& launcher, const model::Claim& claim, model::Ending::Cause cause) {
  model::Ending ending;
  ending.kind = model::Ending::Kind::not_begun;
  ending.cause = cause;
  launcher.outbox.push_back({claim, ending});
}

void Machine::serve(Launcher& launcher) {
  while (launcher.alive && !launcher.inbox.empty()) {
    Launcher::Order order = std::move(launcher.inbox.front());
    launcher.inbox.pop_front();
    std::visit(
        Overloaded{
            [&](exec::Launch& launch) {
              launcher.backlog.push_back({std::move(launch), clock_.monotonic() + k_patience});
              begin_waiting(launcher);
            },
            [&](Launcher::Room width) { launcher.width = width; },
            [&](const Launcher::Cancel& cancel) {
              const auto found = launcher.running.find(cancel.claim);
              if (found != launcher.running.end() &&
                  found->second.cause == model::Ending::Cause::none) {
                found->second.cause = cancel.cause;
                found->second.still = false;
              }
              const auto waits = [&](const Launcher::Waiting& one) {
                return one.launch.claim == cancel.claim;
              };
              if (std::erase_if(launcher.backlog, waits) > 0) {
                give_back(launcher, cancel.claim, cancel.cause);
              }
            },
            [&](const Launcher::Halt& halt) {
              const auto found = launcher.running.find(halt.claim);
              if (found != launcher.running.end() &&
                  found->second.cause == model::Ending::Cause::none) {
                found->second.still = halt.still;
              }
              const auto waits = [&](const Launcher::Waiting& one) {
                return one.launch.claim == halt.claim;
              };
              if (halt.still && std::erase_if(launcher.backlog, waits) > 0) {
                give_back(launcher, halt.claim, model::Ending::Cause::none);
              }
            },
            [&](const Launcher::Forget& claims) {
              for (const model::Claim& claim : claims) {
                launcher.journal.erase(claim);
              }
            }},
        order);
  }
  begin_waiting(launcher);
  while (!launcher.backlog.empty() && launcher.backlog.front().until <= clock_.monotonic()) {
    give_back(launcher, launcher.backlog.front().launch.claim, model::Ending::Cause::none);
    launcher.backlog.pop_front();
  }
  if (launcher.owner == nullptr && launcher.running.empty() && launcher.backlog.empty()) {
    launcher.alive = false;
  }
}

void Machine::end(model::LauncherId id, const model::Claim& claim, model::Ending ending) {
  Launcher& launcher = launchers.at(id);
  ending.started_at = ending.ended_at = clock_.now();
  launcher.running.erase(claim);
  launcher.journal[claim] = ending;
  launcher.outbox.push_back({claim, ending});
  began.at(claim).ending = ending;
}

void Machine::kill(model::LauncherId id) {
  Launcher& launcher = launchers.at(id);
  launcher.alive = false;
  launcher.inbox.clear();
  launcher.outbox.clear();
  launcher.backlog.clear();
  for (const auto& [claim, running] : launcher.running) {
    began.at(claim).nobody_saw = true;
  }
}

void Machine::bury(Launcher& launcher) {
  launcher.running.clear();
  launcher.backlog.clear();
}

void Machine::let_go(const void* owner, std::size_t heard) {
  for (auto& [id, launcher] : launchers) {
    if (launcher.owner == owner) {
      launcher.owner = nullptr;
      launcher.outbox.clear();
      if (launcher.inbox.size() > heard) {
        launcher.inbox.resize(heard);
      }
    }
  }
}

void Machine::lose_power(bool journals_too, bool directories_too) {
  for (auto& [id, launcher] : launchers) {
    if (launcher.alive) {
      kill(id);
    }
    launcher.owner = nullptr;
    bury(launcher);
    if (journals_too) {
      // An end that was seen and told only to memory: nobody knows of it any more.
      for (const auto& [claim, ending] : launcher.journal) {
        if (const auto known = began.find(claim); known != began.end()) {
          known->second.nobody_saw = true;
        }
      }
      launcher.journal.clear();
    }
  }
  if (directories_too && !launchers.empty()) {
    for (const auto& [claim, ending] : launchers.begin()->second.journal) {
      if (const auto known = began.find(claim); known != began.end()) {
        known->second.nobody_saw = true;
      }
    }
    discard(launchers.begin()->first);
  }
}

std::vector<std::pair<model::LauncherId, model::Claim>> Machine::running() const {
  std::vector<std::pair<model::LauncherId, model::Claim>> found;
  for (const auto& [id, launcher] : launchers) {
    for (const auto& [claim, running] : launcher.running) {
      if (launcher.alive) {
        found.emplace_back(id, claim);
      }
    }
  }
  return found;
}

void Machine::forget_everything() {
  while (!launchers.empty()) {
    discard(launchers.begin()->first);
  }
}

}  // namespace sched::simulation
