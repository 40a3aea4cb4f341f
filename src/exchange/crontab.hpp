#pragma once

#include "exchange/crontab_environment.hpp"
#include "exchange/crontab_line.hpp"
#include "exchange/notes.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::exchange {

struct CrontabAssignment {
  int line = 0;
  Variable variable;
  /// Whether a shell can read a variable of this name; cron takes any, the notes refuse the rest.
  bool is_portable = true;
};

struct CrontabJob {
  int line = 0;
  std::string schedule;  ///< Five fields or a macro as written, with one blank between fields.
  std::string user;      ///< Only in the system format.
  std::string command;   ///< For the shell, `%` taken care of; may be empty, as in cron.
  std::string input;     ///< For its standard input; empty when there is none.
  /// What the file set above the line, each name once. Without LOGNAME and USER, which are the
  /// account's whatever the file says.
  std::vector<Variable> environment;
  bool quiet = false;                 ///< cron would not log its starts.
  bool mail_on_failure_only = false;  ///< cronie's -n.
  std::string comment = {};           ///< The comment right above the line, without its '#'.

  /// The value of a variable that means something to cron, if the file set it above this line.
  std::optional<std::string> mail_to() const { return setting("MAILTO"); }  ///< "" is no mail.
  std::optional<std::string> shell() const { return setting("SHELL"); }
  std::optional<std::string> home() const { return setting("HOME"); }
  /// The zone that the schedule is read in; empty: the machine's. TZ is only the command's.
  std::optional<std::string> zone() const;
  /// Its start may be put off by up to so many minutes (cronie's RANDOM_DELAY); 0 is not at all,
  /// as is a value that cronie does not take.
  int random_delay_minutes() const;

 private:
  std::optional<std::string> setting(std::string_view name) const;
};

struct Crontab {
  std::vector<CrontabJob> jobs;                ///< In the order of the file.
  std::vector<CrontabAssignment> assignments;  ///< In the order of the file.
  std::vector<Note> notes;                     ///< By line; a refused line has its reason.
};

/// Reads a whole crontab as cron does: no continuation lines, no comments behind a command, and an
/// assignment holds for the lines below it. What an editor did (CRLF, a byte order mark, no line
/// break at the end) is mended and said.
Crontab parse_crontab(std::string_view text, CrontabFormat format);

}  // namespace sched::exchange
