#pragma once

#include "exchange/crontab_environment.hpp"
#include "exchange/notes.hpp"
#include "exchange/unit_command.hpp"
#include "exchange/unit_exec.hpp"
#include "exchange/unit_file.hpp"
#include "exchange/unit_values.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sched::exchange {

struct EnvironmentFile {
  std::string path;
  bool may_be_missing = false;  ///< `-` before it.

  bool operator==(const EnvironmentFile&) const = default;
};

/// A Condition…= or Assert…= of the unit, for the caller to keep or to leave out.
struct UnitCondition {
  std::string key;
  std::string value;
  int line = 0;
  std::string source;
};

/// A unit that is started when this one has ended so.
struct UnitLink {
  bool on_failure = true;  ///< OnFailure=, else OnSuccess=.
  std::string unit;
  int line = 0;
  std::string source;
};
/// "OnFailure=alert.service"
std::string to_string(const UnitLink& link);

/// What a service says that a task can keep.
struct SystemdService {
  std::string description;
  std::string type = "simple";
  std::vector<ExecCommand> pre;    ///< ExecStartPre=
  std::vector<ExecCommand> start;  ///< ExecStart=
  std::vector<ExecCommand> post;   ///< ExecStartPost=
  std::vector<Variable> environment;
  std::vector<std::string> pass_environment;
  std::vector<EnvironmentFile> environment_files;
  std::optional<std::string> working_directory;  ///< "~" is the home of the account.
  bool may_miss_directory = false;
  std::optional<std::string> user;
  std::optional<std::string> group;
  std::optional<int> nice;
  std::optional<std::string> io_class;  ///< As ionice(1) says it: realtime, best-effort, idle.
  std::optional<int> io_priority;
  std::optional<int> umask;
  std::optional<std::uint64_t> memory_max;
  std::int64_t cpu_quota = 0;  ///< In thousandths of a CPU; 0 is none.
  std::uint64_t io_read = 0;   ///< Bytes a second of each disk; 0: as fast as it goes.
  std::uint64_t io_write = 0;
  std::optional<Span> timeout;  ///< For the whole start; empty: none.
  std::optional<std::string> input;
  std::vector<UnitCondition> conditions;
  std::vector<UnitLink> links;  ///< To services; the note of each is its to_string().
  std::vector<Note> notes;      ///< By text and line; what is refused can't be imported.

  /// All commands, as one that we can run. Refused as to_plain_command says.
  base::Result<PlainCommand> command() const;
};

/// Reads a service with its drop-ins; `name` as in "backup@db.service". Specifiers of the machine
/// and the account can be added to `known`.
SystemdService read_service(std::string_view name, const std::vector<UnitText>& texts,
                            const Specifiers& known = {});

}  // namespace sched::exchange
