#include "rules/check_schedule.hpp"

#include "base/text.hpp"
#include "rules/check_clock.hpp"
#include "rules/check_load.hpp"
#include "rules/timetable.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

namespace sched::rules {
namespace {

void check_days(const ScheduleFacts& facts, const model::DaySelection& selection, DayFile file,
                const std::string& option, const time::Timetable& table, time::Instant now,
                std::vector<Finding>& findings) {
  if (selection.file.empty()) {
    return;
  }
  const std::string name = base::quote(selection.file);
  const std::string again =
      fmt::format("sched edit {} --{} {}", facts.label, option, base::shell_quote(selection.file));
  if (file == DayFile::gone) {
    findings.push_back({facts.label, "days_gone",
                        fmt::format("the file of --{}, {}, can't be read any more: the days that "
                                    "were read from it still hold",
                                    option, name),
                        "bring it back, or name another: " + again});
  } else if (file == DayFile::changed) {
    findings.push_back(
        {facts.label, "days_changed",
         fmt::format("the file of --{}, {}, names other days than were read from it", option, name),
         again});
  }
  const auto today = std::chrono::floor<std::chrono::days>(table.zone.to_local(now));
  if (selection.days.empty() || selection.days.back() < today) {
    findings.push_back(
        {facts.label, "days_over",
         fmt::format("no day of --{} {} is still to come: {}", option, name,
                     option == "only-on" ? "it does not fire" : "nothing is left out"),
         "get a file for the coming years, then: " + again});
  }
}

/// Whether it is said why it never fires.
bool is_explained(const std::vector<Finding>& findings) {
  return !findings.empty() && findings.back().kind == "days_over" &&
         findings.back().what.ends_with("it does not fire");
}

void check_ever(const ReadFacts& read, time::Instant now, std::vector<Finding>& findings) {
  const ScheduleFacts& facts = read.facts;
  if (facts.schedule.from_finish || fires_at_boot(read.table) ||
      time::next_firing(read.table, now)) {
    return;
  }
  const bool has_fired = time::next_firing(read.table, time::k_first_instant).has_value();
  findings.push_back(
      {facts.label, "never",
       has_fired ? "never fires again: all its moments are past"
                 : "never fires: there is no such moment",
       fmt::format("give it other times with sched edit {0}, or sched rm {0}", facts.label)});
}

void append(std::vector<Finding>& findings, std::vector<Finding> more) {
  findings.insert(findings.end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
}

std::vector<Finding> check_one(const ReadFacts& read, const std::vector<std::string>& warnings,
                               time::Instant now, const std::string& machine_zone) {
  const ScheduleFacts& facts = read.facts;
  std::vector<Finding> findings;
  check_days(facts, facts.schedule.except, facts.except_file, "except-on", read.table, now,
             findings);
  check_days(facts, facts.schedule.only, facts.only_file, "only-on", read.table, now, findings);
  if (!is_explained(findings)) {
    check_ever(read, now, findings);
  }
  for (const std::string& warning : warnings) {
    findings.push_back(
        {facts.label, "odd", warning, fmt::format("sched edit {} says it otherwise", facts.label)});
  }
  append(findings, check_clock(read, now, machine_zone));
  append(findings, check_own_load(read, now));
  return findings;
}

}  // namespace

std::vector<Finding> check_schedules(const std::vector<ScheduleFacts>& tasks, time::Instant now,
                                     const std::string& machine_zone) {
  std::vector<Finding> findings;
  std::vector<ReadFacts> all;
  for (const ScheduleFacts& facts : tasks) {
    if (facts.runs_left && *facts.runs_left <= 0) {
      continue;  // it is over, as was asked for
    }
    auto read = read_timetable(facts.schedule, facts.label);
    if (!read) {
      findings.push_back({facts.label, "unreadable", read.error().message(),
                          fmt::format("give it other times with sched edit {}", facts.label)});
      continue;
    }
    ReadTimetable timetable = std::move(read).value();
    all.push_back({facts, std::move(timetable.table)});
    append(findings, check_one(all.back(), timetable.warnings, now, machine_zone));
  }
  append(findings, check_shared_moments(all, now));
  return findings;
}

}  // namespace sched::rules
