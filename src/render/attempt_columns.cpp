#include "render/attempt_columns.hpp"

#include "render/json.hpp"
#include "render/phrase.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;
using model::Attempt;
using model::Ending;

/// A field of the end; null while the attempt runs.
template <typename Read>
Json of_end(const Attempt& attempt, Read read) {
  return attempt.ending ? Json(read(*attempt.ending)) : Json(nullptr);
}

Json code_if(const Attempt& attempt, Ending::Kind kind) {
  const bool fits = attempt.ending && attempt.ending->kind == kind;
  return fits ? Json(attempt.ending->code) : Json(nullptr);
}

Cell took(const Attempt& attempt, const View& view) {
  return {attempt.ending ? span(attempt.ending->elapsed) : span(view.now - attempt.claimed_at)};
}

Cell cpu(const Attempt& attempt, const View&) {
  if (!attempt.ending) {
    return {};
  }
  const auto& usage = attempt.ending->usage;
  return {span(std::chrono::duration_cast<time::Duration>(
      std::chrono::microseconds(usage.user_us + usage.system_us)))};
}

Cell memory(const Attempt& attempt, const View&) {
  if (!attempt.ending) {
    return {};
  }
  return {size(static_cast<std::uint64_t>(attempt.ending->usage.max_rss_bytes))};
}

Cell output(const Attempt& attempt, const View&) {
  return attempt.ending ? Cell{size(attempt.ending->log_bytes)} : Cell{};
}

Cell end_cell(const Attempt& attempt, const View&) {
  const std::string strays = attempt.strays.empty() ? "" : "; does not end: " + attempt.strays;
  if (!attempt.outcome) {
    return {"running" + strays, Tone::active};
  }
  const Tone tone = *attempt.outcome == model::Outcome::succeeded ? Tone::good : Tone::bad;
  const std::string dropped =
      attempt.ending && attempt.ending->dropped_bytes > 0
          ? fmt::format("; {} of its output dropped", size(attempt.ending->dropped_bytes))
          : "";
  return {attempt.reason + dropped + strays, tone};
}

}  // namespace

const std::vector<Column<Attempt>>& attempt_columns() {
  static const std::vector<Column<Attempt>> columns = {
      {"attempt", "integer", "1 is the first",
       [](const Attempt& a) { return Json(a.claim.attempt); }, "TRY",
       [](const Attempt& a, const View&) { return Cell{std::to_string(a.claim.attempt)}; },
       Fit::number},
      {"launcher_id", "integer", "The launcher that carried it out",
       [](const Attempt& a) { return Json(a.launcher.value); }},
      {"claimed_at", "time", "When a worker took it",
       [](const Attempt& a) { return json_of(a.claimed_at); }},
      {"started_at", "time or null", "When its process was made; null while it runs",
       [](const Attempt& a) {
         return of_end(a, [](const Ending& e) { return json_of(e.started_at); });
       },
       "STARTED",
       [](const Attempt& a, const View& view) {
         return Cell{relative(a.ending ? a.ending->started_at : a.claimed_at, view.now)};
       }},
      {"ended_at", "time or null", "When it ended",
       [](const Attempt& a) {
         return of_end(a, [](const Ending& e) { return json_of(e.ended_at); });
       }},
      {"elapsed_ms", "integer or null", "How long it took, by a clock that never jumps",
       [](const Attempt& a) {
         return of_end(a, [](const Ending& e) { return e.elapsed.count(); });
       },
       "TOOK", took, Fit::number},
      {"outcome", "string or null", "succeeded, failed, timed_out, cancelled or lost",
       [](const Attempt& a) {
         return a.outcome ? Json(model::to_string(*a.outcome)) : Json(nullptr);
       }},
      {"reason", "string or null", "One line: how it ended",
       [](const Attempt& a) { return json_of(a.reason); }},
      {"end", "string or null", "exited, signalled, not_executed or lost",
       [](const Attempt& a) {
         return of_end(a, [](const Ending& e) { return model::to_string(e.kind); });
       }},
      {"cause", "string or null",
       "What ended it, if not itself: timeout, idle_timeout, cancelled, shutdown, cpu_limit, "
       "memory_limit, file_size_limit, open_files_limit, processes_limit, "
       "rss_limit, cpu_time_limit, restored, preempted, none",
       [](const Attempt& a) {
         return of_end(a, [](const Ending& e) { return model::to_string(e.cause); });
       }},
      {"exit_code", "integer or null", "When it exited by itself",
       [](const Attempt& a) { return code_if(a, Ending::Kind::exited); }},
      {"signal", "integer or null", "The signal that ended it",
       [](const Attempt& a) { return code_if(a, Ending::Kind::signalled); }},
      {"user_ms", "integer or null", "CPU time outside the kernel, children included",
       [](const Attempt& a) {
         return of_end(a, [](const Ending& e) { return e.usage.user_us / 1000; });
       },
       "CPU", cpu, Fit::number},
      {"system_ms", "integer or null", "CPU time in the kernel",
       [](const Attempt& a) {
         return of_end(a, [](const Ending& e) { return e.usage.system_us / 1000; });
       }},
      {"max_rss_bytes", "integer or null", "The most memory that one of its processes had",
       [](const Attempt& a) {
         return of_end(a, [](const Ending& e) { return e.usage.max_rss_bytes; });
       },
       "MEMORY", memory, Fit::number},
      {"read_bytes", "integer or null", "Read from devices; what was cached is free",
       [](const Attempt& a) {
         return of_end(a, [](const Ending& e) { return e.usage.read_bytes; });
       }},
      {"write_bytes", "integer or null", "Written to devices",
       [](const Attempt& a) {
         return of_end(a, [](const Ending& e) { return e.usage.write_bytes; });
       }},
      {"log_bytes", "integer or null", "All that it wrote, dropped bytes included",
       [](const Attempt& a) { return of_end(a, [](const Ending& e) { return e.log_bytes; }); },
       "OUTPUT", output, Fit::number},
      {"dropped_bytes", "integer or null", "What went over the log's cap",
       [](const Attempt& a) { return of_end(a, [](const Ending& e) { return e.dropped_bytes; }); }},
      {"strays", "string or null", "Its processes that did not end of SIGKILL: pid 17 (cp)",
       [](const Attempt& a) { return json_of(a.strays); }},
      {nullptr, "", "", nullptr, "END", end_cell, Fit::flexible}};
  return columns;
}

}  // namespace sched::render
