#pragma once

#include "exec/attempt.hpp"
#include "exec/backlog.hpp"
#include "exec/channel.hpp"
#include "exec/file_locks.hpp"
#include "exec/journal.hpp"
#include "exec/limit_groups.hpp"
#include "exec/messages.hpp"
#include "exec/strays.hpp"
#include "os/cpu_spread.hpp"
#include "os/poller.hpp"
#include "os/signals.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace sched::exec {

/// Where a launcher finds what its worker made for it.
inline constexpr int k_launcher_journal_fd = 3;
inline constexpr int k_launcher_socket_fd = 4;

/// Keys of the poller: below those of attempts.
inline constexpr std::uint64_t k_launcher_socket_key = 1;
inline constexpr std::uint64_t k_launcher_worker_key = 2;

/// The launcher: parent of every attempt.
///
/// One thread, one loop. It serves one worker at a time and accepts the next only when all that the
/// last one wrote has been read, so that no start is under way when it says what it has. It never
/// waits for a worker, and ends when it has neither worker nor children: what it knows is in its
/// journal.
class LauncherLoop {
 public:
  struct Setup {
    model::LauncherId id;
    std::filesystem::path logs;
    std::string store;
    Inherited inherited;
    os::CgroupPlaces cgroups;
  };
  /// `journal` is open and locked, `socket` listens; both are taken over. Throws base::Error.
  LauncherLoop(Setup setup, os::UniqueFd journal, os::UniqueFd socket);
  void run();

 private:
  struct Remembered {
    std::size_t slot = 0;
    Ended ended;
  };

  void turn(std::optional<time::Duration> timeout);
  void serve(const os::Ready& ready);
  void serve_attempt(const os::Ready& ready);
  void serve_signals();
  Journal::Owner owner() const;
  std::optional<time::Duration> patience() const;
  bool may_end();

  // Its talk with the worker is in launcher_orders.cpp.
  void accept_worker();
  void hear_worker();
  void drop_worker();
  void flush_worker();
  void obey(const Message& message);

  // What waits for a slot is in launcher_backlog.cpp.
  void take(const Launch& launch);
  void begin_next();
  std::variant<Spawned, SpawnFailure> bring_up(const Launch& launch, FileLocks locks);
  void give_back_locked(const model::Claim& claim);
  void give_back(const model::Claim& claim,
                 model::Ending::Cause cause = model::Ending::Cause::none);

  void start(const Launch& launch, FileLocks locks);
  void watch(std::uint64_t serial, const Attempt& attempt);
  // What looks at all processes of an attempt is in launcher_watch.cpp.
  std::vector<pid_t> roots_of(const Attempt& attempt);
  void watch_usage();
  void halt(const Halt& order);
  void end_attempt(std::uint64_t serial);
  void tell(const Ended& ended);
  void cancel(const Cancel& order);
  void cancel_all(model::Ending::Cause cause);
  void forget(const model::Claim& claim);
  void sweep_soon();
  std::optional<time::Duration> next_sweep() const;
  void sweep();
  void report_strays();
  Tally tally() const;

  Setup setup_;
  Journal journal_;
  os::UniqueFd socket_;
  os::SignalFd signals_;
  os::Poller poller_;
  Channel worker_;
  bool worker_is_gone_ = false;  ///< But what it wrote is not carried out to the end yet.
  bool hearing_ = false;         ///< There may be whole messages that were not obeyed yet.
  bool told_to_close_ = false;
  bool waits_for_room_ = false;             ///< The worker takes nothing more just now.
  std::optional<time::Duration> sweep_at_;  ///< Somebody ended: who is left of it?
  time::Duration now_{};
  std::uint64_t last_serial_ = 0;
  Backlog backlog_;
  os::CpuSpread spread_;
  std::map<std::uint64_t, std::unique_ptr<Attempt>> attempts_;  ///< Those that run, by serial.
  std::map<model::Claim, std::uint64_t> serials_;
  std::map<model::Claim, Remembered> ended_;  ///< Until they are forgotten.
  std::set<model::Claim> forgotten_;          ///< But their leftovers are not gone yet.
  LimitGroups groups_;
  Strays strays_;
  std::map<model::Claim, std::string> told_strays_;
};

}  // namespace sched::exec
