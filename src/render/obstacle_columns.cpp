#include "render/obstacle_columns.hpp"

#include "render/safe_text.hpp"
#include "render/width.hpp"

namespace sched::render {
namespace {

using base::Json;

void append(std::string& text, const std::string& first, const std::string& next, Tone tone,
            const std::string& value, const View& view) {
  const std::string* margin = &first;
  for (const std::string& line : wrapped(safe(value), view.width - columns(first))) {
    text += *margin + view.style.paint(tone, line) + "\n";
    margin = &next;
  }
}

}  // namespace

const std::vector<Column<ObstacleLine>>& obstacle_columns() {
  static const std::vector<Column<ObstacleLine>> columns = {
      {"kind", "string",
       "held, paused, upstream, upstream_refused, upstream_not_fired, no_run, moment, retry, turn, "
       "giving_way, queue_paused, queue_slots, resource, kept, file_lock, breaker, rate, "
       "no_worker, "
       "memory_pressure, slots, starting, expected, deadline, running or finished",
       [](const ObstacleLine& line) { return Json(line.kind); }},
      {"what", "string", "What stands in the way, in words",
       [](const ObstacleLine& line) { return Json(line.what); }},
      {"remove", "string", "What takes it away: mostly a command",
       [](const ObstacleLine& line) { return Json(line.remove); }}};
  return columns;
}

std::string to_text(const std::vector<ObstacleLine>& obstacles, const View& view) {
  std::string text;
  for (const ObstacleLine& obstacle : obstacles) {
    append(text, "  - ", "    ", Tone::plain, obstacle.what, view);
    append(text, "      ", "      ", Tone::active, obstacle.remove, view);
  }
  return text;
}

}  // namespace sched::render
