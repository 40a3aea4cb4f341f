#pragma once

#include "exec/executor.hpp"
#include "exec/local.hpp"
#include "model/ids.hpp"
#include "time/clock.hpp"

#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace sched::simulation {

/// A promise that was not kept.
struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What truly became of one attempt, whatever the store says.
struct Truth {
  std::optional<model::Ending> ending;  ///< As its launcher saw it.
  bool nobody_saw = false;              ///< Its launcher died before it ended.
};

/// A launcher as a worker meets it: orders come in one stream, each attempt that begins and each
/// end is in its journal, ends are told until they are forgotten.
struct Launcher {
  struct Cancel {
    model::Claim claim;
    model::Ending::Cause cause;
  };
  using Forget = std::vector<model::Claim>;
  using Room = int;  ///< So many at a time.
  struct Halt {
    model::Claim claim;
    bool still = true;
  };
  using Order = std::variant<exec::Launch, Cancel, Forget, Room, Halt>;
  struct Running {
    exec::Launch launch;
    model::Ending::Cause cause = model::Ending::Cause::none;
    bool still = false;  ///< It is suspended, and needs no slot.
  };

  bool alive = true;
  int width = 1;
  struct Waiting {
    exec::Launch launch;
    time::Duration until;
  };
  std::deque<Waiting> backlog;  ///< Sent ahead of a slot.
  const void* owner = nullptr;  ///< The worker that has its lock.
  std::deque<Order> inbox;      ///< On the way to it.
  std::vector<exec::Ended> outbox;
  std::map<model::Claim, Running> running;
  std::map<model::Claim, std::optional<model::Ending>> journal;
  std::size_t busy() const;  ///< How many run that are not suspended.
};

/// The machine under the workers: launchers with what they run, and their directories. It remembers
/// what truly happened.
class Machine {
 public:
  Machine(const time::Clock& clock, std::filesystem::path directory)
      : clock_(clock), directory_(std::move(directory)) {}

  std::map<model::LauncherId, Launcher> launchers;  ///< Those with a directory.
  std::map<model::Claim, Truth> began;
  std::map<std::pair<model::RunId, int>, model::Claim> sent;  ///< The newest claim of each attempt.
  std::vector<model::Claim> superseded;  ///< Handed back, and claimed again under another token.
  int refuse_starts = 0;                 ///< So many find no process left.
  std::string boot;

  void note_sent(const model::Claim& claim);
  void open(model::LauncherId id, const void* owner);
  void discard(model::LauncherId id);
  /// It does what it was told. One that has nobody to work for and nothing to do ends.
  void serve(Launcher& launcher);
  /// An attempt ends by itself, or because it was told to.
  void end(model::LauncherId id, const model::Claim& claim, model::Ending ending);
  /// kill -9: what it ran goes on unseen until somebody looks.
  void kill(model::LauncherId id);
  /// Somebody looked: its processes are gone for good.
  void bury(Launcher& launcher);
  /// Its worker died; of what that wrote, `heard` orders came through.
  void let_go(const void* owner, std::size_t heard);
  /// The power goes. `journals_too`: their last pages with it, `directories_too`: even they.
  void lose_power(bool journals_too, bool directories_too);

  std::vector<std::pair<model::LauncherId, model::Claim>> running() const;
  void forget_everything();

 private:
  void begin(Launcher& launcher, exec::Launch launch);
  void begin_waiting(Launcher& launcher);
  void give_back(Launcher& launcher, const model::Claim& claim, model::Ending::Cause cause);

  const time::Clock& clock_;
  std::filesystem::path directory_;
  std::set<std::pair<model::RunId, int>> attempts_;
};

/// The executor of one worker, over the launchers that it has.
class SimulatedExecutor : public exec::Executor {
 public:
  enum class Death { none, before_start, after_start, before_halt, before_forget };
  /// The worker dies here.
  struct Crash {};

  explicit SimulatedExecutor(Machine& machine) : machine_(machine) {}
  Death death = Death::none;              ///< The next call that fits throws Crash.
  std::optional<exec::Ended> stale_word;  ///< Told again with the next.

  void open(model::LauncherId id);
  model::LauncherId current() const { return current_; }
  std::vector<exec::Roster> take_over();
  bool take_over_is_due() const;
  void discard(model::LauncherId id);
  void close();

  void start(std::vector<exec::Launch> launches, int slots) override;
  std::vector<exec::Ended> poll() override;
  void cancel(const model::Claim& claim, model::Ending::Cause cause) override;
  void suspend(const model::Claim& claim) override;
  void resume(const model::Claim& claim) override;
  void forget(const std::vector<model::Claim>& claims) override;

 private:
  void halt(const model::Claim& claim, bool still);
  void die_at(Death here);

  Machine& machine_;
  model::LauncherId current_;
  std::set<model::LauncherId> mine_;  ///< With a connection.
  std::set<model::LauncherId> cut_;   ///< Whose death was noticed and not looked into.
  std::set<model::LauncherId> dead_;  ///< Buried.
  std::map<model::Claim, model::LauncherId> with_us_;  ///< Sent or adopted, no end heard.
  std::set<model::Claim> suspended_;                   ///< Of them; they take no slot.
  std::vector<exec::Ended> untold_;
};

std::string text_of(const model::Claim& claim);

}  // namespace sched::simulation
