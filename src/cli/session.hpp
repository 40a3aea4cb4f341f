#pragma once

#include "security/environment.hpp"
#include "store/store.hpp"
#include "time/clock.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::cli {

/// What a command is given of the world: clock, environment, terminal, store. It goes no deeper
/// than cli; rooms below get what they need as values.
class Session {
 public:
  Session(const time::Clock& clock, security::Environment environment);

  const time::Clock& clock() const { return clock_; }
  time::Instant now() const { return clock_.now(); }
  const security::Environment& environment() const { return environment_; }

  /// The store of --store, SCHED_STORE or the default place; opened (and made) at the first call.
  store::Store& store();
  /// Throws ErrorKind::store where there is no store, for what must not make one.
  void check_existence() const;
  /// The store that is there: none is made.
  store::Store& existing_store();
  store::Places places() const;
  /// After a commit that changed something: wakes the workers.
  void changed();

  /// stdout. Nothing more is written after a reader has closed it; the exit code stays what it was.
  void print(std::string_view text);
  /// A line on stderr: "sched add: warning: ...".
  void warn(std::string_view text);
  /// A plain line on stderr, for words about what is on stdout.
  void note(std::string_view text);

  bool out_is_terminal() const { return out_is_terminal_; }
  bool err_is_terminal() const { return err_is_terminal_; }
  /// Columns to write for: of the terminal, else 80.
  int width() const { return width_; }
  /// Colours on stdout: a terminal, NO_COLOR unset or empty, TERM not dumb.
  bool colour() const { return colour_; }

  /// Whether the option `--NAME` is to be offered.
  bool may_mean(std::string_view name) const;

  std::string command_name;                         ///< "add"; for messages.
  std::string store_option;                         ///< --store.
  bool json = false;                                ///< --json.
  std::optional<std::vector<std::string>> command;  ///< What stood behind `--`.
  /// The words of the command line before it, where only what they mean is to be offered.
  std::optional<std::vector<std::string>> meant;
  int exit_code = 0;

 private:
  const time::Clock& clock_;
  security::Environment environment_;
  bool out_is_terminal_;
  bool err_is_terminal_;
  int width_;
  bool colour_;
  std::unique_ptr<store::Store> store_;
};

}  // namespace sched::cli
