#include "cli/kept_text.hpp"

#include "exec/presence.hpp"
#include "render/phrase.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

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

}  // namespace

std::string line_of(Session& session, const Kept& kept, const std::optional<model::Run>& run) {
  const std::string id = kept.label == fmt::format("task-{}", kept.id.value)
                             ? std::string()
                             : fmt::format(" (task-{})", kept.id.value);
  return fmt::format("{} {}{}: {}", verb(kept.how), kept.label, id, outlook(session, kept, run));
}

base::Json json_of(const Kept& kept) {
  base::Json json = {{"id", kept.id.value}, {"name", kept.label}};
  json["added"] = kept.how == Kept::How::added;
  json["run"] = kept.run ? base::Json(kept.run->value) : base::Json(nullptr);
  json["next_at"] =
      kept.next_at ? base::Json(time::to_rfc3339(*kept.next_at)) : base::Json(nullptr);
  return json;
}

}  // namespace sched::cli
