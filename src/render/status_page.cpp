#include "render/status_page.hpp"

#include "model/task.hpp"
#include "render/phrase.hpp"
#include "render/width.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace sched::render {
namespace {

constexpr int k_screen = 23;  ///< 24, and one for the prompt.

/// A heading and its rows, of which some may be left out.
struct Section {
  std::string heading;
  Tone tone = Tone::plain;
  std::vector<Heading> columns;
  std::vector<std::vector<Cell>> rows;
  std::int64_t total = 0;
  std::string more;      ///< The command that shows the rest.
  std::string one = {};  ///< The command that shows one of them, or empty.
};

std::vector<Cell> name_cells(const RunLine& line) {
  return {{model::label(line.run.id)}, {line.task, Tone::strong}};
}

Section running(const StatusPage& page, const View& view) {
  Section section{
      "Running", Tone::active,        {{""}, {"", Fit::flexible}, {""}, {"", Fit::flexible}},
      {},        page.counts.running, "sched runs --state running"};
  for (const RunLine& line : page.running) {
    auto cells = name_cells(line);
    cells.push_back({when(line.run, view.now)});
    std::string note = line.run.attempts > 1 ? fmt::format("attempt {}", line.run.attempts) : "";
    if (line.run.cancel_requested) {
      note = "being cancelled";
    } else if (line.run.suspended_at) {
      note += note.empty() ? "suspended" : ", suspended";
    } else if (line.run.late) {
      note += note.empty() ? "late" : ", late";
    }
    cells.push_back({note, Tone::warn});
    section.rows.push_back(std::move(cells));
  }
  return section;
}

Section queued(const StatusPage& page, const View& view) {
  Section section{"Queued", Tone::plain,        {{""}, {"", Fit::flexible}, {""}, {""}},
                  {},       page.counts.queued, "sched runs --state queued"};
  for (const RunLine& line : page.queued) {
    auto cells = name_cells(line);
    cells.push_back({"for " + span(view.now - std::max(line.run.created_at, line.run.not_before))});
    cells.push_back({line.run.late ? "late" : "", Tone::warn});
    section.rows.push_back(std::move(cells));
  }
  return section;
}

/// What waits for what: moments first, then persons, then other runs.
Section waiting(const StatusPage& page, const View& view) {
  Section section{"Waiting",
                  Tone::plain,
                  {{""}, {"", Fit::flexible}, {"", Fit::flexible}},
                  {},
                  page.counts.waiting + page.counts.held,
                  "sched runs --state waiting"};
  std::vector<std::vector<Cell>> due;
  for (const RunLine& line : page.due) {
    auto cells = name_cells(line);
    const bool again = line.run.attempts > line.run.spent_attempts + line.run.displaced;
    const std::string moment = when(line.run, view.now);
    cells.push_back({again ? fmt::format("attempt {} {}", line.run.attempts + 1, moment) : moment,
                     again ? Tone::warn : Tone::plain});
    due.push_back(std::move(cells));
  }
  std::vector<std::vector<Cell>> held;
  for (const RunLine& line : page.held) {
    auto cells = name_cells(line);
    cells.push_back({fmt::format("held: sched release {}", model::label(line.run.id)), Tone::warn});
    held.push_back(std::move(cells));
  }
  std::vector<std::vector<Cell>> blocked;
  for (const BlockerLine& line : page.blockers) {
    const std::string who =
        line.waiting == 1 ? line.example
                          : fmt::format("{} and {} more", line.example, grouped(line.waiting - 1));
    blocked.push_back(
        {{count(line.waiting, "run")},
         {who, Tone::strong},
         {fmt::format("after {}, {}", line.blocker.task, state_cell(line.blocker.run).text)}});
  }
  // One of each kind in turn, so that a cut leaves something of all.
  for (std::size_t i = 0; i < std::max({due.size(), held.size(), blocked.size()}); ++i) {
    for (auto* rows : {&due, &held, &blocked}) {
      if (i < rows->size()) {
        section.rows.push_back((*rows)[i]);
      }
    }
  }
  return section;
}

/// Where nothing starts, or only a probe.
Section guards(const StatusPage& page, const View& view) {
  Section section{"Held back",
                  Tone::warn,
                  {{"", Fit::flexible}, {"", Fit::flexible}, {""}},
                  {},
                  static_cast<std::int64_t>(page.guards.size()),
                  "sched breaker list"};
  for (const GuardLine& line : page.guards) {
    const bool is_breaker = line.breaker && line.state != k_closed;
    section.rows.push_back({{line.subject, Tone::strong},
                            is_breaker ? breaker_cell(line, view) : rate_cell(line, view),
                            {is_breaker ? "sched breaker reset " + line.subject : "", Tone::dim}});
  }
  return section;
}

Section coming(const StatusPage& page, const View& view) {
  Section section{"Coming",
                  Tone::plain,
                  {{""}, {"", Fit::flexible}, {""}},
                  {},
                  static_cast<std::int64_t>(page.coming.size()),
                  "sched next"};
  for (const ComingLine& line : page.coming) {
    section.rows.push_back({{relative(line.next_at, view.now)},
                            {line.task, Tone::strong},
                            {time::to_local(line.next_at), Tone::dim}});
  }
  return section;
}

Section dead(const StatusPage& page, const View& view) {
  Section section{"Dead letters",
                  Tone::bad,
                  {{""}, {"", Fit::flexible}, {""}, {"", Fit::flexible}},
                  {},
                  page.counts.dead,
                  "sched dead list",
                  "sched dead show RUN"};
  for (const RunLine& line : page.dead) {
    auto cells = name_cells(line);
    cells.push_back({when(line.run, view.now)});
    cells.push_back({line.run.reason, Tone::bad});
    section.rows.push_back(std::move(cells));
  }
  return section;
}

/// How many rows each section may have: one by one to each that has more, until the screen is full.
std::vector<std::size_t> share(const std::vector<Section>& sections, int rows) {
  std::vector<std::size_t> shares(sections.size(), 0);
  bool any = true;
  while (any) {
    any = false;
    for (std::size_t i = 0; i < sections.size() && rows > 0; ++i) {
      if (shares[i] < sections[i].rows.size()) {
        ++shares[i];
        --rows;
        any = true;
      }
    }
  }
  return shares;
}

std::string section_text(const Section& section, std::size_t rows, const View& view) {
  Table table;
  table.headings = section.columns;
  table.indent = 2;
  table.rows.assign(section.rows.begin(), section.rows.begin() + static_cast<std::ptrdiff_t>(rows));
  const bool cut = rows < section.rows.size();
  std::string heading = view.style.paint(section.tone, section.heading);
  if (cut || section.total > static_cast<std::int64_t>(rows)) {
    heading += view.style.paint(
        Tone::dim, fmt::format(" ({}; all: {})", grouped(section.total), section.more));
  } else if (!section.one.empty()) {
    heading += view.style.paint(Tone::dim, fmt::format(" (one: {})", section.one));
  }
  return "\n" + heading + "\n" + to_text(table, view.width, view.style);
}

std::string workers_text(const StatusPage& page) {
  if (page.workers.empty()) {
    return page.counts.waiting + page.counts.queued > 0 || !page.coming.empty()
               ? "No worker: nothing starts until 'sched run'"
               : "No worker";
  }
  int slots = 0;
  std::map<std::string, std::int64_t> idle;  // Those that start nothing, by their state.
  for (const WorkerLine& worker : page.workers) {
    if (worker.starts) {
      slots += worker.slots;
    } else {
      ++idle[worker.state];
    }
  }
  std::string note =
      page.workers.size() == 1 ? fmt::format("pid {}", page.workers[0].pid) : std::string();
  for (const auto& [state, number] : idle) {
    note += fmt::format("{}{} {}", note.empty() ? "" : ", ", number, state);
  }
  return fmt::format(
      "{}{}, {} of {} busy", count(static_cast<std::int64_t>(page.workers.size()), "worker"),
      note.empty() ? "" : fmt::format(" ({})", note), page.counts.running, count(slots, "slot"));
}

/// "; 2 shed, last run-17; no run may be ended for it"
std::string shed_text(const model::Throttle& throttle) {
  return (throttle.shed_runs > 0 ? fmt::format("; {} shed, last {}", throttle.shed_runs,
                                               model::label(throttle.shed_last))
                                 : std::string()) +
         (throttle.none_to_shed ? "; no run may be ended for it" : "");
}

/// What takes slots from the first worker of which anything does; "" where nothing does.
std::string throttle_text(const StatusPage& page, const View& view) {
  const auto is_throttled = [](const WorkerLine& worker) {
    return worker.starts && worker.throttle && worker.throttle->strain;
  };
  const auto first = std::find_if(page.workers.begin(), page.workers.end(), is_throttled);
  if (first == page.workers.end()) {
    return "";
  }
  const auto number = std::count_if(first, page.workers.end(), is_throttled);
  const std::string line = fmt::format(
      "{}{}{}, for {}{}{}",
      page.workers.size() == 1 ? std::string() : fmt::format("worker {}: ", first->pid),
      first->throttle->stopped ? "nothing starts: " : "", model::to_string(*first->throttle),
      span(std::max(view.now - first->throttle->since, time::Duration())),
      shed_text(*first->throttle),
      number > 1 ? fmt::format("; {} more: sched worker list", number - 1) : "");
  std::string text;
  for (const std::string& part : wrapped(line, view.width)) {
    text += view.style.paint(Tone::warn, part) + "\n";
  }
  return text;
}

/// The counts that are not zero, on as many lines as they need.
std::string counts_text(const StatusCounts& c, const View& view) {
  std::string text;
  int used = 0;
  const auto add = [&](std::int64_t number, const char* word, Tone tone) {
    if (number == 0) {
      return;
    }
    const std::string item = grouped(number) + " " + word;
    const bool fits = used + 2 + columns(item) <= view.width;
    text += used == 0 ? "" : fits ? "  " : "\n";
    used = (used == 0 || !fits ? 0 : used + 2) + columns(item);
    text += view.style.paint(tone, item);
  };
  add(c.running, "running", Tone::active);
  add(c.queued, "queued", Tone::plain);
  add(c.waiting, "waiting", Tone::plain);
  add(c.held, "held", Tone::warn);
  add(c.succeeded, "succeeded", Tone::good);
  add(c.failed, "failed", Tone::bad);
  add(c.other, "other", Tone::warn);
  return (text.empty() ? "nothing has run yet" : text) + "\n";
}

}  // namespace

std::string to_text(const StatusPage& page, const View& view) {
  std::vector<Section> sections = {running(page, view), queued(page, view), waiting(page, view),
                                   guards(page, view),  coming(page, view), dead(page, view)};
  std::erase_if(sections, [](const Section& section) { return section.rows.empty(); });
  const Tone tone = page.workers.empty() ? Tone::warn : Tone::plain;
  std::string text = view.style.paint(tone, workers_text(page)) + "; " +
                     count(page.counts.tasks, "task") + "\n" + throttle_text(page, view) +
                     counts_text(page.counts, view);
  const auto head = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  const int room = k_screen - head - 2 * static_cast<int>(sections.size());
  const auto shares = share(sections, room);
  for (std::size_t i = 0; i < sections.size(); ++i) {
    text += section_text(sections[i], shares[i], view);
  }
  return text;
}

}  // namespace sched::render
