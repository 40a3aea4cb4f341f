#include "render/finding_columns.hpp"

#include "render/paragraph.hpp"

namespace sched::render {
namespace {

using base::Json;

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
    append_paragraph(text, "", "    ", Tone::plain, finding.task + ": " + finding.what, view);
    append_paragraph(text, "  hint: ", "        ", Tone::active, finding.remedy, view);
  }
  return text;
}

}  // namespace sched::render
