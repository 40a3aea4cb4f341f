#include "render/health_columns.hpp"

#include "render/paragraph.hpp"
#include "render/phrase.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;

Json number_or_null(const std::optional<std::int64_t>& number) {
  return number ? Json(*number) : Json();
}

Json text_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

}  // namespace

const std::vector<Column<Ailment>>& ailment_columns() {
  static const std::vector<Column<Ailment>> columns = {
      {"kind", "string",
       "permissions, leftover, disk, lock, damage, schema, mode, task, state, launcher, journal, "
       "log, wal or clock",
       [](const Ailment& ailment) { return Json(ailment.kind); }},
      {"what", "string", "What is wrong, in words",
       [](const Ailment& ailment) { return Json(ailment.what); }},
      {"remedy", "string", "What mends it: mostly a command",
       [](const Ailment& ailment) { return Json(ailment.remedy); }},
      {"fixed", "boolean", "Whether --fix has mended it",
       [](const Ailment& ailment) { return Json(ailment.fixed); }}};
  return columns;
}

const std::vector<Column<Health>>& health_columns() {
  static const std::vector<Column<Health>> columns = {
      {"store", "string", "Its directory", [](const Health& health) { return Json(health.store); }},
      {"sqlite_version", "string or null", "Of the library in use",
       [](const Health& health) { return text_or_null(health.sqlite_version); }},
      {"journal_mode", "string or null", "Of the database; wal is right",
       [](const Health& health) { return text_or_null(health.journal_mode); }},
      {"tasks", "integer or null", "How many there are",
       [](const Health& health) { return number_or_null(health.tasks); }},
      {"runs", "integer or null", "How many there are",
       [](const Health& health) { return number_or_null(health.runs); }},
      {"workers", "integer or null", "How many live",
       [](const Health& health) { return number_or_null(health.workers); }},
      {"database_bytes", "integer", "Size of sched.db",
       [](const Health& health) { return Json(health.database_bytes); }},
      {"wal_bytes", "integer", "Size of the write-ahead log",
       [](const Health& health) { return Json(health.wal_bytes); }},
      {"log_bytes", "integer", "Size of what commands wrote",
       [](const Health& health) { return Json(health.log_bytes); }},
      {"disk_free_bytes", "integer", "Free on its file system",
       [](const Health& health) { return Json(health.disk_free_bytes); }},
      {"write_lock_pid", "integer or null", "Who has held the write lock for a second",
       [](const Health& health) {
         return health.write_lock_pid == 0 ? Json() : Json(health.write_lock_pid);
       }},
      {"ailments", "array of ailments", "What is wrong",
       [](const Health& health) { return to_json_array(ailment_columns(), health.ailments); }}};
  return columns;
}

std::string to_text(const Health& health, const View& view) {
  std::string text;
  append_paragraph(text, "", "  ", Tone::plain, health.store, view);
  if (health.tasks && health.runs && health.workers) {
    append_paragraph(text, "  ", "  ", Tone::plain,
                     fmt::format("{}, {}, {}", count(*health.tasks, "task"),
                                 count(*health.runs, "run"), count(*health.workers, "worker")),
                     view);
  }
  append_paragraph(text, "  ", "  ", Tone::plain,
                   fmt::format("database {}, write-ahead log {}, logs {}, free on disk {}",
                               size(health.database_bytes), size(health.wal_bytes),
                               size(health.log_bytes), size(health.disk_free_bytes)),
                   view);
  if (!health.sqlite_version.empty()) {
    append_paragraph(text, "  ", "  ", Tone::plain,
                     fmt::format("SQLite {}, mode {}, checkpoints only under the write lock",
                                 health.sqlite_version, health.journal_mode),
                     view);
  }
  for (const Ailment& ailment : health.ailments) {
    append_paragraph(
        text, "", "    ", ailment.fixed ? Tone::plain : Tone::bad,
        fmt::format("{}: {}{}", ailment.kind, ailment.what, ailment.fixed ? " (mended)" : ""),
        view);
    if (!ailment.fixed) {
      append_paragraph(text, "  hint: ", "        ", Tone::active, ailment.remedy, view);
    }
  }
  return text + (health.ailments.empty() ? "nothing is wrong\n" : "");
}

}  // namespace sched::render
