#include "exchange/crontab_advice.hpp"

#include "base/text.hpp"
#include "time/zone.hpp"

#include <fmt/format.h>

namespace sched::exchange {
namespace {

Note advise_zone(int line, const std::string& zone) {
  if (zone.empty()) {
    return {line, Note::Kind::taken, "the lines below are read in the machine's zone"};
  }
  const auto known = time::Zone::named(zone);
  if (!known) {
    const base::Error& error = known.error();
    return {line, Note::Kind::refused,
            fmt::format("CRON_TZ: {}{}{}", error.message(), error.hint().empty() ? "" : "; ",
                        error.hint())};
  }
  return {line, Note::Kind::taken,
          fmt::format("the lines below are read in {} (Debian's cron would ignore this)", zone)};
}

/// Where a shell would begin a comment, outside of quotes; npos when nowhere.
std::size_t find_comment(std::string_view command) {
  char quote = '\0';
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote != '\0') {
      quote = c == quote ? '\0' : quote;
    } else if (c == '\\') {
      ++i;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '#' && i > 0 && (command[i - 1] == ' ' || command[i - 1] == '\t')) {
      return i;
    }
  }
  return std::string_view::npos;
}

}  // namespace

Note advise(const CrontabAssignment& assignment) {
  const int line = assignment.line;
  const auto& [name, value] = assignment.variable;
  if (!assignment.is_portable) {
    return {line, Note::Kind::refused,
            fmt::format("{} is no name for a variable: letters, digits and '_', no digit first",
                        base::quote(name))};
  }
  if (name == "LOGNAME" || name == "USER") {
    return {line, Note::Kind::ignored, fmt::format("cron sets {} to the account itself", name)};
  }
  if (name == "CRON_TZ") {
    return advise_zone(line, value);
  }
  if (name == "MAILTO") {
    return {line, Note::Kind::taken,
            value.empty()
                ? "nobody is notified about the lines below"
                : fmt::format("{} is notified about the lines below", base::quote(value))};
  }
  if (name == "RANDOM_DELAY") {
    return read_random_delay(value)
               ? Note{line, Note::Kind::taken,
                      fmt::format("starts of the lines below are spread over {} min", value)}
               : Note{line, Note::Kind::ignored,
                      fmt::format("RANDOM_DELAY {} is not 0-1440 minutes: cron delays nothing",
                                  base::quote(value))};
  }
  if (name == "MAILFROM" || name == "CONTENT_TYPE" || name == "CONTENT_TRANSFER_ENCODING") {
    return {line, Note::Kind::ignored,
            fmt::format("{} shapes cron's mails; the commands still get it", name)};
  }
  if (name == "START_HOURS_RANGE") {
    return {line, Note::Kind::ignored,
            "START_HOURS_RANGE is for anacron only; the commands still get it"};
  }
  if (name == "TZ") {
    return {line, Note::Kind::taken,
            "TZ is the commands' own; schedules are read in CRON_TZ or the machine's zone"};
  }
  return {line, Note::Kind::taken, fmt::format("{} is set for the lines below", name)};
}

std::vector<Note> advise(const CrontabJob& job, std::string_view text) {
  std::vector<Note> notes = {
      {job.line, Note::Kind::taken, fmt::format("{}: {}", job.schedule, base::quote(job.command))}};
  const auto say = [&](Note::Kind kind, std::string what) {
    notes.push_back({job.line, kind, std::move(what)});
  };
  if (job.quiet) {
    say(Note::Kind::ignored, "'-' before the schedule: starts are always recorded here");
  }
  if (job.mail_on_failure_only) {
    say(Note::Kind::changed, "-n: notified about failures only");
  }
  if (job.command.empty()) {
    say(Note::Kind::taken, "the command is empty: everything stands behind '%'");
  }
  if (text.ends_with('\\')) {
    say(Note::Kind::taken,
        "cron knows no continuation: the backslash goes to the shell, the next line is its own");
  }
  const std::size_t comment = find_comment(job.command);
  if (comment != std::string_view::npos) {
    say(Note::Kind::taken, fmt::format("{} is part of the command; cron leaves it to the shell",
                                       base::quote(job.command.substr(comment))));
  }
  return notes;
}

}  // namespace sched::exchange
