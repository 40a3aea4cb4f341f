#include "render/log_columns.hpp"

namespace sched::render {

using base::Json;

const std::vector<Column<LogLine>>& log_columns() {
  static const std::vector<Column<LogLine>> columns = {
      {"run_id", "integer", "The run that wrote it",
       [](const LogLine& log) { return Json(log.run.value); }},
      {"attempt", "integer", "Its attempt; 0 when it has not started",
       [](const LogLine& log) { return Json(log.attempt); }},
      {"stream", "string", "stdout (both, unless they are kept apart) or stderr",
       [](const LogLine& log) { return Json(log.stream); }},
      {"text", "string", "What it wrote; bytes that are no UTF-8 as U+FFFD",
       [](const LogLine& log) { return Json(log.text); }},
      {"dropped_bytes", "integer", "What went over the log's cap, between head and tail",
       [](const LogLine& log) { return Json(log.dropped_bytes); }}};
  return columns;
}

}  // namespace sched::render
