#include "render/finding_columns.hpp"

#include "render/safe_text.hpp"
#include "render/width.hpp"

namespace sched::render {
namespace {

using base::Json;

void append(std::string& text, const std::string& first, const std::string& next, Tone tone,
            const std::string& value, const View& view) {
  const std::string* margin = &first;
  for (const std::string& line : wrapped(safe(value), view.width - columns(next))) {
    text += *margin + view.style.paint(tone, line) + "\n";
    margin = &next;
  }
}

}  // namespace

const std::vector<Column<FindingLine>>& finding_columns() {
  static const std::vector<Column<FindingLine>> columns = {
      {"task", "string", "Its name, or task-17",
       [](const FindingLine& line) { return Json(line.task); }},
      {"kind", "string",
       "never, gap, repeated, either_day, uneven, odd, overrun, always_skips, same_moment, zone, "
       "days_over, days_changed, days_gone or unreadable",
       [](const FindingLine& line) { return Json(line.kind); }},
      {"what", "string", "What looks wrong, in words",
       [](const FindingLine& line) { return Json(line.what); }},
      {"remedy", "string", "What mends it: mostly a command",
       [](const FindingLine& line) { return Json(line.remedy); }}};
  return columns;
}

std::string to_text(const std::vector<FindingLine>& findings, const View& view) {
  std::string text;
  for (const FindingLine& finding : findings) {
    append(text, "", "    ", Tone::plain, finding.task + ": " + finding.what, view);
    append(text, "  hint: ", "        ", Tone::active, finding.remedy, view);
  }
  return text;
}

}  // namespace sched::render
