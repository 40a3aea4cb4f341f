#include "cli/draft.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "cli/schedule_fields.hpp"
#include "cli/select.hpp"
#include "cli/trigger.hpp"
#include "render/firing_columns.hpp"
#include "render/schedule_columns.hpp"
#include "rules/timetable.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace sched::cli {
namespace {

using render::FiringLine;

constexpr std::int64_t k_usual = 10;
constexpr std::int64_t k_most = 1'000'000;

/// What of a schedule says when it fires; --from is taken here, and the policies change nothing.
const std::set<std::string_view> k_left_out = {"from", "catch-up", "grace", "overlap", "force"};

struct NextOptions {
  std::vector<std::string> tasks;
  std::map<std::string, std::vector<std::string>> fields;
  std::string number;
  std::string from;
  std::string until;
};

struct Bounds {
  time::Instant after;
  std::optional<time::Instant> until;
  std::size_t number = 0;
};

/// Its firings one by one.
struct Source {
  std::optional<model::TaskId> id;
  std::string label;
  time::Timetable table;
  std::int64_t left = k_most;          ///< Of a schedule with a count.
  std::optional<time::Instant> alone;  ///< The one that is known, where the others are not.
};

/// The zone of the timer that fires then.
const time::Zone& zone_at(const time::Timetable& table, time::Instant at) {
  for (const time::TimerRule& timer : table.timers) {
    const time::Timetable one = {{timer}, table.zone, {}, {}, {}, {}};
    if (time::next_firing(one, at - time::Duration(1)) == at) {
      return time::zone_of(timer, table);
    }
  }
  return table.zone;
}

std::vector<FiringLine> firings_of(const Source& source, const Bounds& bounds) {
  std::vector<FiringLine> found;
  const auto add = [&](time::Instant at) {
    if (at <= bounds.after || (bounds.until && at > *bounds.until)) {
      return false;
    }
    found.push_back({at, zone_at(source.table, at), source.id, source.label});
    return true;
  };
  if (source.alone) {
    add(*source.alone);
    return found;
  }
  const std::size_t most =
      std::min(bounds.number, static_cast<std::size_t>(std::max<std::int64_t>(source.left, 0)));
  auto at = time::next_firing(source.table, bounds.after);
  while (at && found.size() < most && add(*at)) {
    at = time::next_firing(source.table, *at);
  }
  return found;
}

/// What can be asked about without a task.
std::vector<TaskField> expression_fields() {
  std::vector<TaskField> fields = schedule_fields();
  std::erase_if(fields, [](const TaskField& field) { return k_left_out.contains(field.name); });
  fields.insert(fields.begin(), *find_task_field("at"));
  return fields;
}

time::Zone zone_given(const NextOptions& options) {
  const auto zone = options.fields.find("zone");
  return time::Zone::named(zone == options.fields.end() ? "" : zone->second.back()).value();
}

/// An expression that is no task's.
Source source_of(Session& session, const NextOptions& options, time::Instant after,
                 std::vector<std::string>& notes) {
  DraftContext context = draft_context(session);
  TaskDraft draft;
  for (const TaskField& field : expression_fields()) {
    const auto given = options.fields.find(field.name);
    if (given != options.fields.end() && !given->second.empty()) {
      read_new_field(field, context, draft, given->second);
    }
  }
  if (!draft.timers_given && !draft.at_given) {
    throw base::Error(base::ErrorKind::invalid_input, "no expression is given",
                      "give --cron, --calendar, --every or --at; or tasks, without any of these");
  }
  draft.force = true;  // One that never fires is an answer here.
  settle_trigger(draft, false, session.now());
  for (const std::string& warning : draft.warnings) {
    session.warn(warning);
  }
  if (!draft.timers_given) {
    return {std::nullopt, "", {{}, zone_given(options), {}, {}, {}, {}}, 1, draft.task.at};
  }
  model::Schedule& schedule = *draft.task.schedule;
  if (schedule.anchor && !draft.moments.contains("anchor")) {
    schedule.anchor = after;
  }
  if (!session.json) {
    for (const std::string& note : render::normal_form_notes(schedule)) {
      session.note(note);
    }
  }
  auto read = rules::read_timetable(schedule, "").value();
  if (rules::fires_at_boot(read.table)) {
    notes.emplace_back("@reboot fires when the machine has started, at no time that could be told");
  }
  return {std::nullopt, "", std::move(read.table),
          schedule.count.value_or(static_cast<int>(k_most)), std::nullopt};
}

std::optional<Source> source_of(store::Store& store, const model::Task& task,
                                std::vector<std::string>& notes) {
  const std::string label = model::label(task);
  Source source{task.id, label, {{}, time::Zone::named("").value(), {}, {}, {}, {}}, k_most, {}};
  if (!task.schedule) {
    const auto run = store.runs().newest_of(task.id);
    if (task.at && run && run->state == model::RunState::waiting) {
      source.alone = *task.at;
      return source;
    }
    notes.push_back(
        task.trigger == model::TriggerKind::upstream
            ? label + " has no schedule: it runs after others"
        : task.trigger == model::TriggerKind::manual
            ? fmt::format("{} has no schedule: 'sched start {}' starts it", label, label)
            : label + " has no moment to come");
    return std::nullopt;
  }
  if (task.runs_left == 0) {
    notes.push_back(fmt::format("{} has run as often as it may: --count {}", label,
                                task.schedule->count.value_or(0)));
    return std::nullopt;
  }
  if (task.paused) {
    notes.push_back(
        fmt::format("{} is paused: nothing of it fires before 'sched resume {}'", label, label));
  }
  auto read = rules::read_timetable(*task.schedule, label).value();
  source.table = std::move(read.table);
  source.left = task.runs_left.value_or(static_cast<int>(k_most));
  if (rules::fires_at_boot(source.table)) {
    notes.push_back(label + " fires when the machine has started");
  }
  if (task.schedule->from_finish) {
    notes.push_back(label + " counts from the end of each run: no more than the next is known");
    if (!task.next_at) {
      return std::nullopt;
    }
    source.alone = *task.next_at;
  }
  return source;
}

std::vector<Source> sources_of(Session& session, const NextOptions& options, const Bounds& bounds,
                               std::vector<std::string>& notes) {
  store::Store& store = session.store();
  const store::Snapshot moment(store.db());
  std::vector<Source> sources;
  std::vector<model::TaskId> tasks;
  for (const std::string& word : options.tasks) {
    tasks.push_back(select_task(store, word));
  }
  if (tasks.empty()) {
    // Those that fire soonest have the first firings of all, unless it is asked from later on.
    const int limit = options.from.empty() ? static_cast<int>(bounds.number) : -1;
    for (const store::ComingRow& row : store.listing().coming(limit)) {
      tasks.push_back(row.task);
    }
  }
  for (const model::TaskId task : tasks) {
    if (auto source = source_of(store, store.tasks().task(task), notes)) {
      sources.push_back(std::move(*source));
    }
  }
  return sources;
}

std::optional<time::Instant> moment_of(Session& session, const NextOptions& options,
                                       const char* option, const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  const time::Moment moment =
      require(option, text, time::parse_moment(text, session.now(), zone_given(options).name()));
  if (!moment.warning.empty()) {
    session.warn(moment.warning);
  }
  return moment.at;
}

void say_nothing_comes(Session& session, const NextOptions& options, const Bounds& bounds) {
  if (bounds.until) {
    session.note("nothing fires in that time");
  } else if (options.tasks.empty() && options.fields.empty()) {
    session.note("no task has a schedule; such as: sched add nightly --cron '30 2 * * *' -- true");
  } else {
    session.note("it never fires");
  }
}

int next(Session& session, NextOptions& options) {
  std::erase_if(options.fields, [](const auto& field) { return field.second.empty(); });
  Bounds bounds;
  bounds.after = moment_of(session, options, "--from", options.from).value_or(session.now());
  bounds.until = moment_of(session, options, "--until", options.until);
  const std::int64_t usual = bounds.until ? k_most : k_usual;
  bounds.number = static_cast<std::size_t>(
      options.number.empty() ? usual : number("--number", options.number, 1, k_most));
  if (!options.fields.empty() && !options.tasks.empty()) {
    throw base::Error(base::ErrorKind::invalid_input, "a task and an expression exclude each other",
                      "ask for the one, then for the other");
  }
  std::vector<std::string> notes;
  std::vector<Source> sources;
  if (options.fields.empty()) {
    sources = sources_of(session, options, bounds, notes);
  } else {
    sources.push_back(source_of(session, options, bounds.after, notes));
  }
  std::vector<FiringLine> lines;
  for (const Source& source : sources) {
    auto firings = firings_of(source, bounds);
    std::move(firings.begin(), firings.end(), std::back_inserter(lines));
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const FiringLine& a, const FiringLine& b) { return a.at < b.at; });
  if (lines.size() > bounds.number) {
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(bounds.number), lines.end());
  }
  if (session.json) {
    print_json(session, render::to_json_array(render::firing_columns(), lines));
  } else if (!lines.empty()) {
    session.print(render::to_table(render::firing_columns(), lines, view_of(session)));
  }
  for (const std::string& note : notes) {
    session.note(note);
  }
  if (lines.empty() && notes.empty()) {
    say_nothing_comes(session, options, bounds);
  }
  return 0;
}

}  // namespace

void offer_next(CLI::App& command, Session& session) {
  auto options = std::make_shared<NextOptions>();
  offer_targets(command, options->tasks, "TASK", "Tasks; all without any");
  offer_option(command, "-n,--number", options->number, "N", "So many firings (default: 10)");
  offer_option(command, "--from", options->from, "MOMENT",
               "Those later than this moment (default: now)");
  offer_option(command, "--until", options->until, "MOMENT",
               "Those no later than this moment: all of them");
  offer_fields(command, expression_fields(), options->fields);
  offer_json(command, session);
  when_chosen(command, [options, &session] { session.exit_code = next(session, *options); });
}

}  // namespace sched::cli
