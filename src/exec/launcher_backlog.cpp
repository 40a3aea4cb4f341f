#include "exec/launcher_loop.hpp"
#include "os/system_clock.hpp"

#include <cerrno>
#include <utility>

namespace sched::exec {

void LauncherLoop::take(const Launch& launch) {
  const bool known = serials_.count(launch.claim) != 0 || ended_.count(launch.claim) != 0 ||
                     backlog_.contains(launch.claim);
  if (!known) {  // An attempt starts at most once.
    backlog_.add(launch, now_);
    begin_next();
  }
}

void LauncherLoop::begin_next() {
  while (auto launch = backlog_.next()) {
    if (launch->pin && launch->machine.cpus.empty()) {
      launch->machine.cpus = spread_.cpu_of(backlog_.slot_of(launch->claim));
    }
    FileLocks locks = take_file_locks(launch->flocks);
    if (locks.is_taken()) {
      backlog_.free(launch->claim);
      give_back_locked(launch->claim);
      continue;
    }
    start(*launch, std::move(locks));
    if (serials_.count(launch->claim) == 0) {
      backlog_.free(launch->claim);  // It could not begin.
    }
  }
}

/// Its process, with all that it is to hold or to be in.
std::variant<Spawned, SpawnFailure> LauncherLoop::bring_up(const Launch& launch, FileLocks locks) {
  if (locks.failure) {
    return *locks.failure;
  }
  auto made = groups_.make(launch.machine);
  if (const auto* failed = std::get_if<SpawnFailure>(&made)) {
    return *failed;
  }
  auto& group = std::get<std::optional<os::LimitGroup>>(made);
  auto result = spawn(launch, setup_.inherited, group ? group->entrances() : std::vector<int>());
  if (auto* spawned = std::get_if<Spawned>(&result)) {
    spawned->locks = std::move(locks.held);
    spawned->group = std::move(group);
  }
  return result;
}

/// Somebody else has the lock of a file. It is in no journal, so nothing is left of it here.
void LauncherLoop::give_back_locked(const model::Claim& claim) {
  Ended ended;
  ended.claim = claim;
  ended.ending.kind = model::Ending::Kind::not_begun;
  ended.ending.step = model::Ending::Step::flock;
  ended.ending.code = EWOULDBLOCK;
  ended.ending.started_at = ended.ending.ended_at = os::wall_now();
  worker_.send(ended);
}

/// It has not begun, and never will here.
void LauncherLoop::give_back(const model::Claim& claim, model::Ending::Cause cause) {
  Ended ended;
  ended.claim = claim;
  ended.ending.kind = model::Ending::Kind::not_begun;
  ended.ending.cause = cause;
  ended.ending.started_at = ended.ending.ended_at = os::wall_now();
  worker_.send(ended);
}

}  // namespace sched::exec
