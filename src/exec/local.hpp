#pragma once

#include "exec/executor.hpp"
#include "exec/handover.hpp"
#include "model/ids.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sched::exec {

/// What a launcher says of itself when a worker attaches to it, or its journal when it is dead. An
/// attempt that was claimed for this launcher and is in neither list never began, and never will,
/// where the roster is whole.
struct Roster {
  model::LauncherId launcher;
  bool alive = false;
  std::vector<model::Claim> running;  ///< Begun, no end known. Of a dead launcher: lost, and what
                                      ///< was left of their processes has been ended.
  std::vector<Ended> ended;           ///< Not forgotten yet.
  std::vector<Stray> strays = {};     ///< Of a dead launcher: what could not be ended.
  bool whole = true;  ///< Not so of one that was killed before this worker came: the file system
                      ///< may have been mounted anew since, without what had not been synced.
};

/// Where the launchers of a store live.
struct LauncherPlaces {
  std::filesystem::path launchers;  ///< STORE/launchers: one directory a launcher.
  std::filesystem::path logs;       ///< STORE/logs.
  std::string store;  ///< SCHED_STORE of the commands; with run and attempt the mark by
                      ///< which left-over processes are known.
};

/// Runs attempts on this machine through launcher processes (engine of ARCHITECTURE.md). It has one
/// launcher of its own for new attempts, started when first needed, and any number of adopted ones
/// that finish what a dead worker left to them.
class LocalExecutor : public Executor {
 public:
  explicit LocalExecutor(LauncherPlaces places);
  ~LocalExecutor() override;  ///< Lets go of the launchers; they go on until their children ended.
  LocalExecutor(const LocalExecutor&) = delete;
  LocalExecutor& operator=(const LocalExecutor&) = delete;

  /// Starts a launcher under this number (a fresh one from the store) and makes it the one for new
  /// attempts. Throws base::Error.
  void open(model::LauncherId id);
  /// The launcher for new attempts; empty before open() and after its death.
  model::LauncherId current() const;

  /// Its process, for `doctor` and tests; 0 when it is not known.
  int launcher_pid() const;

  /// Takes over every launcher whose worker is dead, living or not, and says what each knows. The
  /// first living one becomes current() if there is none. Launchers of living workers are left
  /// alone. To be called at the start and whenever wake_fds() say so. A dead launcher stays in the
  /// directory until discard().
  std::vector<Roster> take_over();
  /// All that a dead launcher's roster told is in the store: removes its directory.
  void discard(model::LauncherId id);

  /// Launchers of this executor that have died since the last call (settle through take_over()).
  bool launcher_died() const;
  /// Whether take_over() would have something new to say, as far as poll() has seen.
  bool take_over_is_due() const;

  void start(std::vector<Launch> launches, int slots) override;
  std::vector<Ended> poll() override;
  std::vector<Stray> strays() override;
  void cancel(const model::Claim& claim, model::Ending::Cause cause) override;
  void suspend(const model::Claim& claim) override;
  void resume(const model::Claim& claim) override;
  bool answers_for(const model::Claim& claim) const override;
  void forget(const std::vector<model::Claim>& claims) override;

  /// One epoll descriptor that is readable when poll() or take_over() has something to do: a
  /// launcher spoke or died, or another worker died.
  int wake_fd() const;

  /// Before this process executes itself anew: writes what is still to be said, and names the locks
  /// of its launchers, for inherit() of the next program.
  Held hand_over();
  /// Takes the locks of launchers that an earlier program in this process handed over. Before
  /// take_over(), which tells what those launchers have.
  void inherit(Handed& handed);

  /// Forgets what was being said to the launchers and by them, and makes the connections anew:
  /// after a failure in the middle. take_over() then tells anew what each has.
  void start_over();

  /// Asks idle launchers to end and waits for it (they do at once); with attempts running it just
  /// lets go. Called at an orderly end of the worker.
  void close();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sched::exec
