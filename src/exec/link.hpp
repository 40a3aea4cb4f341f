#pragma once

#include "exec/channel.hpp"
#include "exec/local.hpp"
#include "exec/messages.hpp"
#include "os/fd.hpp"

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>

namespace sched::exec {

/// A worker's hold on one living launcher: the lock that says so, and the connection.
struct Link {
  model::LauncherId id;
  std::filesystem::path directory;
  os::UniqueFd worker_lock;
  Channel channel;
  bool waits_to_write = false;  ///< The poller tells when it can be written to.
  pid_t child = 0;              ///< The launcher when it is our child, to be reaped.
  enum class State {
    attaching,  ///< Hello was said; its tally has not come.
    attached,
    cut,  ///< The connection is over: it died, or gave us up.
  };
  State state = State::attaching;
  std::optional<Roster> news;   ///< A roster that take_over() has not handed out yet.
  bool undecided = false;       ///< Cut, but its launcher does not seem dead yet.
  bool was_waited_for = false;  ///< It had its chance to answer at once.
  bool doubted =
      false;  ///< Nobody held it when we came: what its journal says may be the rest of more.
  std::map<model::Claim, int> running;  ///< With its slot, as far as a tally told; else 0.
  std::optional<Room> room;             ///< What it was told last.
};

/// Says Hello over a new connection. false when nobody listens.
bool connect(Link& link);

/// Reads what has come: ends are appended to `ended`, strays to `strays`, a tally becomes news.
/// Cuts the link when it is over.
void pump(Link& link, std::vector<Ended>& ended, std::vector<Stray>& strays);

/// The journal of a launcher, opened and locked by us if that launcher is dead. `file` is empty
/// then where it had none.
struct DeadJournal {
  bool dead = false;
  os::UniqueFd file;
};
DeadJournal try_journal(const std::filesystem::path& directory, time::Duration patience);

/// The launcher's process as its journal tells it; 0 when it has not begun.
pid_t noted_pid(const std::filesystem::path& directory);

/// Whether the launcher is stopped (SIGSTOP, freezer) as far as its journal tells its process.
bool is_stopped(const std::filesystem::path& directory);

}  // namespace sched::exec
