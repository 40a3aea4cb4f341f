#include "cli/kept_text.hpp"

#include "exec/presence.hpp"
#include "render/phrase.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

constexpr std::int64_t k_deadlines_shown = 20;

/// What will happen to a new task, in a few words.
std::string outlook(Session& session, const Kept& kept, const std::optional<model::Run>& run) {
  if (kept.next_at) {
    return "next " + render::moment(*kept.next_at, session.now());
  }
  if (!run) {
    return "runs when its trigger fires";
  }
  if (run->outcome) {
    return fmt::format("{}: {}", model::to_string(*run->outcome), run->reason);
  }
  if (run->state == model::RunState::waiting && !run->due_at) {
    return "waits for what it comes after";
  }
  if (run->state == model::RunState::waiting && *run->due_at > session.now()) {
    return "waits for its moment";
  }
  return exec::living_workers(session.places().launchers()).empty()
             ? "ready; no worker is running, 'sched run' starts one"
             : "ready";
}

const char* verb(Kept::How how) {
  switch (how) {
    case Kept::How::added:
      return "added";
    case Kept::How::existed:
      return "is there already:";
    case Kept::How::replaced:
      return "replaced";
  }
  return "";
}

/// Nothing is read for a task that was given no deadline.
std::vector<OutlookLine> outlook_of(const Kept& kept, DeadlineOutlook& outlook) {
  return kept.has_deadlines ? outlook.of(kept.id) : std::vector<OutlookLine>();
}

}  // namespace

std::string line_of(Session& session, const Kept& kept, const std::optional<model::Run>& run) {
  const std::string id = kept.label == fmt::format("task-{}", kept.id.value)
                             ? std::string()
                             : fmt::format(" (task-{})", kept.id.value);
  return fmt::format("{} {}{}: {}", verb(kept.how), kept.label, id, outlook(session, kept, run));
}

base::Json json_of(const Kept& kept, DeadlineOutlook& outlook) {
  base::Json json = {{"id", kept.id.value}, {"name", kept.label}};
  json["added"] = kept.how == Kept::How::added;
  json["run"] = kept.run ? base::Json(kept.run->value) : base::Json(nullptr);
  json["next_at"] =
      kept.next_at ? base::Json(time::to_rfc3339(*kept.next_at)) : base::Json(nullptr);
  json["deadlines"] = base::Json::array();
  for (const OutlookLine& line : outlook_of(kept, outlook)) {
    json["deadlines"].push_back({{"hard", line.hard},
                                 {"at", time::to_rfc3339(line.at)},
                                 {"can_be_met", line.met ? base::Json(*line.met) : base::Json()},
                                 {"what", line.text}});
  }
  return json;
}

void note_deadlines(Session& session, const Kept& kept) {
  DeadlineOutlook outlook(session);
  for (const OutlookLine& line : outlook_of(kept, outlook)) {
    session.note(line.text);
  }
}

void note_deadlines(Session& session, const std::vector<Kept>& list) {
  DeadlineOutlook outlook(session);
  std::int64_t unmet = 0;
  for (const Kept& kept : list) {
    const auto lines = outlook_of(kept, outlook);
    // The last one is the worst: who can't meet the hard one can't meet the soft one before it.
    const auto worst = std::find_if(lines.rbegin(), lines.rend(),
                                    [](const OutlookLine& line) { return line.met == false; });
    if (worst != lines.rend() && ++unmet <= k_deadlines_shown) {
      session.note(fmt::format("{}: {}", kept.label, worst->text));
    }
  }
  if (unmet > k_deadlines_shown) {
    session.note(fmt::format("… and {} more can't meet their deadlines",
                             render::grouped(unmet - k_deadlines_shown)));
  }
}

}  // namespace sched::cli
