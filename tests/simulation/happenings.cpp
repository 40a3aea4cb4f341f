// What operations do to time, to launchers, to the machine, and to the store.
#include "simulation/people.hpp"
#include "simulation/world.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <iterator>
#include <utility>

namespace sched::simulation {
namespace {

using Kind = Operation::Kind;
using model::Ending;
using namespace std::chrono_literals;

constexpr unsigned k_hows = 16;
constexpr time::Duration k_passes[] = {1ms, 500ms, 1s, 1s, 2s, 5s, 20s, 1min, 3min, 20min};
/// A clock that is set back three times so far was wrong: the next firings are found anew.
constexpr time::Duration k_third_of_a_correction = 1h;
constexpr time::Duration k_jumps[] = {-1s, 1s, -1min, 1min, -10min, 10min, -1h, 1h, -24h, 24h};
constexpr time::Duration k_year = std::chrono::hours(24 * 365);

/// How a command ends by itself.
Ending draw_ending(std::uint32_t how, bool has_timeout) {
  Ending ending;
  switch (how % k_hows) {
    case 0:
    case 1:
    case 2:
      ending.code = 1;
      break;
    case 3:
      ending.code = 2;
      break;
    case 4:
      ending.kind = Ending::Kind::signalled;
      ending.code = SIGKILL;
      break;
    case 5:
      if (has_timeout) {
        ending.kind = Ending::Kind::signalled;
        ending.code = SIGTERM;
        ending.cause = Ending::Cause::timeout;
      }
      break;
    case 6:
      ending.kind = Ending::Kind::not_executed;
      ending.step = Ending::Step::exec;
      ending.code = ENOENT;
      break;
    default:
      break;
  }
  return ending;
}

}  // namespace

std::string World::pass_time(const Operation& operation) {
  if (operation.kind == Kind::pass) {
    const time::Duration time = k_passes[operation.a % std::size(k_passes)];
    clock_.pass(time);
    return tells_ ? time::to_string(time) + " go by" : "";
  }
  constexpr unsigned k_years_are_rare = 50;
  time::Duration jump = k_jumps[operation.a % std::size(k_jumps)];
  if (operation.b % k_years_are_rare == 0) {
    jump = operation.a % 2 == 0 ? k_year : -k_year;
  }
  clock_.jump(jump);
  if (jump <= -k_third_of_a_correction) {
    promises_.follow_none();  // Moments that have been come again, and what fired then does not.
  }
  return tells_ ? fmt::format("the clock is set {} by {}", jump.count() < 0 ? "back" : "forward",
                              time::to_string(jump.count() < 0 ? -jump : jump))
                : "";
}

std::string World::end_attempt(std::uint32_t which, std::uint32_t how) {
  const auto running = machine_.running();
  if (running.empty()) {
    return "";
  }
  const auto& [id, claim] = running[which % running.size()];
  const Launcher::Running& attempt = machine_.launchers.at(id).running.at(claim);
  constexpr unsigned k_killed_are_rare = 8;
  if (attempt.still && attempt.cause == Ending::Cause::none && how % k_killed_are_rare != 1) {
    return "";  // What stands still does not end by itself.
  }
  Ending ending = draw_ending(how, attempt.launch.timeout.count() > 0);
  if (attempt.cause != Ending::Cause::none) {
    // Told to end, it may still say that all went well.
    ending = {};
    ending.kind = how % 2 == 0 ? Ending::Kind::exited : Ending::Kind::signalled;
    ending.code = how % 2 == 0 ? 0 : SIGTERM;
    ending.cause = attempt.cause;
  } else if (is_endless(attempt.launch.argv) && ending.cause == Ending::Cause::none) {
    return "";
  }
  machine_.end(id, claim, ending);
  told_.push_back(claim);
  return tells_ ? fmt::format("{} ends: {} {} {}", text_of(claim), model::to_string(ending.kind),
                              ending.code, model::to_string(ending.cause))
                : "";
}

std::string World::happen_to_launcher(const Operation& operation) {
  if (operation.kind == Kind::end) {
    return end_attempt(operation.a, operation.b);
  }
  if (operation.kind == Kind::refuse_starts) {
    machine_.refuse_starts = 1 + static_cast<int>(operation.a % 3);
    return tells_ ? fmt::format("{} starts find no process left", machine_.refuse_starts) : "";
  }
  if (operation.kind == Kind::stale_word) {
    WorkerProcess* const worker = workers_[operation.a % workers_.size()].get();
    if (worker == nullptr || told_.empty()) {
      return "";
    }
    // Of an attempt that is over, told twice; or of a claim that was handed back, which nobody has
    // any more, and then anything may be said.
    model::Claim stale = told_[operation.b % told_.size()];
    model::Ending ending = machine_.began.at(stale).ending.value();
    if (!machine_.superseded.empty() && operation.b % 4 != 0) {
      stale = machine_.superseded[operation.b % machine_.superseded.size()];
      ending = {};
      ending.kind = operation.b % 2 == 0 ? Ending::Kind::not_begun : Ending::Kind::exited;
    }
    worker->executor().stale_word = exec::Ended{stale, ending};
    return tells_ ? fmt::format("a word about {} will be told", text_of(stale)) : "";
  }
  if (machine_.launchers.empty()) {
    return "";
  }
  auto& [id, launcher] =
      *std::next(machine_.launchers.begin(),
                 static_cast<std::ptrdiff_t>(operation.a % machine_.launchers.size()));
  if (operation.kind == Kind::serve) {
    machine_.serve(launcher);
    return tells_ ? fmt::format("launcher {} does what it was told", id.value) : "";
  }
  machine_.kill(id);
  return tells_ ? fmt::format("launcher {} is killed", id.value) : "";
}

/// What a worker has told its launchers by the end of its pass is what the store says.
void World::check_standstills(std::size_t worker) {
  for (const auto& [id, launcher] : machine_.launchers) {
    if (launcher.owner != &workers_[worker]->executor() || !launcher.alive) {
      continue;
    }
    std::map<model::Claim, bool> still;
    for (const auto& [claim, running] : launcher.running) {
      if (running.cause == Ending::Cause::none) {
        still[claim] = running.still;
      }
    }
    for (const Launcher::Order& order : launcher.inbox) {
      if (const auto* halt = std::get_if<Launcher::Halt>(&order);
          halt && still.contains(halt->claim)) {
        still[halt->claim] = halt->still;
      } else if (const auto* cancel = std::get_if<Launcher::Cancel>(&order)) {
        still.erase(cancel->claim);
      }
    }
    for (const auto& [claim, stands] : still) {
      if (people().attempts().is_open(claim) &&
          people().runs().run(claim.run).suspended_at.has_value() != stands) {
        throw Broken(fmt::format("{} {}, and the store says otherwise", text_of(claim),
                                 stands ? "stands still" : "does not stand still"));
      }
    }
  }
}

std::string World::cut_power(const Operation& operation) {
  for (auto& worker : workers_) {
    worker.reset();
  }
  machine_.lose_power(operation.a % 2 == 0, operation.a % 5 == 0);
  machine_.boot = fmt::format("boot {}", ++boots_);
  site_.lose_power(operation.a);
  licence_.unknown = std::exchange(commit_in_doubt_, false);
  clock_.pass(std::chrono::seconds(operation.b % 600));
  promises_.check_all(licence_);
  return "the power goes and comes back";
}

std::string World::happen_to_store(const Operation& operation) {
  MemoryFiles& files = MemoryFiles::instance();
  switch (operation.kind) {
    case Kind::power_cut:
      return cut_power(operation);
    case Kind::disk_full:
      files.full = operation.a % 3 == 0;
      return files.full ? "the disk is full" : "the disk has room";
    case Kind::fail_write:
      files.fail_write = 1 + static_cast<int>(operation.a % 12);
      return tells_ ? fmt::format("write {} from now on will fail", files.fail_write) : "";
    case Kind::fail_sync:
      files.fail_sync = 1 + static_cast<int>(operation.a % 2);
      comes_to_light_ = operation.b % 2 == 0;
      return tells_ ? fmt::format("sync {} from now on will fail", files.fail_sync) : "";
    case Kind::spoil:
      if (site_.is_locked()) {
        return "";  // Who spoils it has the lock.
      }
      files.spoil_indexes();
      licence_.unknown = commit_in_doubt_;  // A power cut may still take back what comes to light.
      return "the wal-index is built anew";
    case Kind::interrupt: {
      const std::size_t worker = operation.a % workers_.size();
      site_.interrupt(site_.of_worker(worker), 1 + operation.b % k_ticks);
      return work(worker);
    }
    case Kind::take_lock:
      site_.take_lock();
      return "a neighbour holds the write lock";
    case Kind::free_lock:
      site_.free_lock();
      return "the write lock is free";
    default:
      site_.checkpoint();
      return "a checkpoint is made";
  }
}

}  // namespace sched::simulation
