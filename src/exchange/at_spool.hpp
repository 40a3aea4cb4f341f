#pragma once

#include "base/result.hpp"
#include "exchange/crontab_environment.hpp"
#include "exchange/notes.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::exchange {

/// What the name of a file in at's spool says: "a0001b01c5d2e7".
struct AtJobName {
  char queue = 'a';  ///< `at` puts jobs into a, `batch` into b; the later the letter, the nicer.
  int number = 0;    ///< As atq(1) shows it.
  time::Instant at;  ///< A whole minute.
  bool is_running = false;  ///< atd has begun it: such a file begins with '='.
};

/// Refused (ErrorKind::invalid_input) when no job has such a name: ".SEQ", for one.
base::Result<AtJobName> parse_at_name(std::string_view name);

/// A job of at's spool.
struct AtJob {
  AtJobName name;
  std::optional<int> uid;  ///< Of "# atrun uid=… gid=…".
  std::optional<int> gid;
  std::string mail_to;        ///< Of "# mail USER FLAG"; empty when nothing says so.
  bool mails_always = false;  ///< `at -m`: mail even without output.
  bool mails_never = false;   ///< `at -M`.
  std::optional<int> umask;
  std::vector<Variable> environment;  ///< Without PWD and OLDPWD, which the directory says.
  std::string directory;              ///< Empty when the script does not change to one.
  std::string script;  ///< For /bin/sh; all of the text that was not understood stays in it.
  std::vector<Note> notes;
};

/// Reads a job: its file's name and text. The head that at(1) writes (umask, environment,
/// directory) is taken off the script; a head that is written otherwise stays in it, for a shell
/// can run it. Refused (ErrorKind::invalid_input) when the name is no job's or the text is not
/// UTF-8.
base::Result<AtJob> parse_at_job(std::string_view name, std::string_view text);

}  // namespace sched::exchange
