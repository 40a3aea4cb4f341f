#include "render/guard_columns.hpp"

#include "model/task.hpp"
#include "render/json.hpp"
#include "render/phrase.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

namespace sched::render {
namespace {

using base::Json;

Json rate_json(const GuardLine& guard) {
  return guard.rate ? Json(model::to_string(*guard.rate)) : Json(nullptr);
}

bool is_closed(const GuardLine& guard) {
  return guard.state.empty() || guard.state == k_closed;
}

Cell until_of(const GuardLine& guard, const View& view) {
  if (guard.state != "open") {
    return {guard.probe ? model::label(guard.probe) + " tries" : ""};
  }
  return {guard.until ? relative(*guard.until, view.now) : "it is reset"};
}

/// Times from now on rounded up: a second that has begun is not over.
std::string wait_text(time::Instant moment, time::Instant now) {
  return time::to_string(
      std::chrono::ceil<std::chrono::seconds>(std::max(time::Duration(), moment - now)));
}

}  // namespace

const std::vector<Column<GuardLine>>& guard_columns() {
  using G = GuardLine;
  static const std::vector<Column<G>> columns = {
      {"subject", "string", "What it stands before: `task:`, `queue:`, `resource:` or `tag:NAME`",
       [](const G& g) { return Json(g.subject); }, "BREAKER",
       [](const G& g, const View&) {
         return Cell{g.subject, Tone::strong};
       },
       Fit::flexible},
      {"rate", "string or null", "How many starts in how long, as --rate takes it", rate_json},
      {"burst", "integer or null", "How many of them at once",
       [](const G& g) { return g.rate ? Json(g.rate->burst) : Json(nullptr); }},
      {"tokens", "integer or null", "How many its rate allows now",
       [](const G& g) { return g.rate ? Json(g.tokens) : Json(nullptr); }},
      {"next_token_at", "time or null", "When it allows one, where it allows none now",
       [](const G& g) { return json_of(g.next_token_at); }},
      {"breaker", "string or null", "What opens its breaker, as --breaker takes it",
       [](const G& g) { return g.breaker ? Json(model::to_string(*g.breaker)) : Json(nullptr); },
       "RULE",
       [](const G& g, const View&) { return Cell{g.breaker ? model::to_string(*g.breaker) : ""}; }},
      {"cooldown_ms", "integer or null", "How long it then stays open",
       [](const G& g) { return g.breaker ? Json(g.cooldown.count()) : Json(nullptr); }},
      {"state", "string or null",
       "Of the breaker: closed, open, half-open (one run may start and try) or probing (it runs)",
       [](const G& g) { return json_of(g.state); }, "STATE",
       [](const G& g, const View&) {
         return Cell{g.state, is_closed(g) ? Tone::plain : Tone::warn};
       }},
      {"failures", "integer or null", "Failures in a row, while it is closed",
       [](const G& g) { return g.breaker ? Json(g.in_a_row) : Json(nullptr); }, "FAILURES",
       [](const G& g, const View&) {
         return Cell{is_closed(g) ? fmt::format("{}", g.in_a_row) : ""};
       },
       Fit::number},
      {"opened_at", "time or null", "Since when it is open",
       [](const G& g) { return json_of(g.opened_at); }},
      {"until", "time or null",
       "When its cool-down is over; null while it is open: when a person resets it",
       [](const G& g) { return json_of(g.until); }, "UNTIL", until_of, Fit::flexible, true},
      {"why", "string or null", "What opened it", [](const G& g) { return json_of(g.why); }, "WHY",
       [](const G& g, const View&) { return Cell{g.why}; }, Fit::flexible, true},
      {"probe_run_id", "integer or null", "The run that tries",
       [](const G& g) { return g.probe ? Json(g.probe.value) : Json(nullptr); }}};
  return columns;
}

base::Json guard_json(const std::optional<GuardLine>& guard) {
  return guard ? to_json(guard_columns(), *guard) : Json(nullptr);
}

Cell rate_cell(const std::optional<GuardLine>& guard, const View& view) {
  if (!guard || !guard->rate) {
    return {};
  }
  std::string text = model::to_string(*guard->rate);
  if (guard->rate->burst > 1) {
    text += fmt::format(", burst {}", guard->rate->burst);
  }
  return guard->next_token_at ? Cell{fmt::format("{}: used up, the next in {}", text,
                                                 wait_text(*guard->next_token_at, view.now)),
                                     Tone::warn}
                              : Cell{fmt::format("{}: {} may start now", text, guard->tokens)};
}

Cell breaker_cell(const std::optional<GuardLine>& guard, const View& view) {
  if (!guard || !guard->breaker) {
    return {};
  }
  if (guard->state == "open") {
    return {fmt::format("breaker open {}: {}",
                        guard->until ? "for another " + wait_text(*guard->until, view.now)
                                     : std::string("until it is reset"),
                        guard->why),
            Tone::warn};
  }
  if (guard->probe) {
    return {fmt::format("breaker half-open: {} tries", model::label(guard->probe)), Tone::warn};
  }
  if (!is_closed(*guard)) {
    return {"breaker half-open: the next run tries", Tone::warn};
  }
  return {fmt::format("closed; opens for {} after {}", time::to_string(guard->cooldown),
                      model::told(*guard->breaker))};
}

Cell guard_cell(const std::optional<GuardLine>& guard) {
  if (!guard) {
    return {};
  }
  std::string text = guard->rate ? model::to_string(*guard->rate) : "";
  text += guard->next_token_at ? " used up" : "";
  if (guard->breaker) {
    text += fmt::format("{}breaker {}", text.empty() ? "" : ", ", guard->state);
  }
  return {text, guard->next_token_at || !is_closed(*guard) ? Tone::warn : Tone::plain};
}

const std::vector<Column<TagLine>>& tag_columns() {
  using T = TagLine;
  static const std::vector<Column<T>> columns = {
      {"tag", "string", "The tag", [](const T& t) { return Json(t.tag); }, "TAG",
       [](const T& t, const View&) {
         return Cell{t.tag, Tone::strong};
       },
       Fit::flexible},
      {"tasks", "integer", "How many tasks have it", [](const T& t) { return Json(t.tasks); },
       "TASKS", [](const T& t, const View&) { return Cell{fmt::format("{}", t.tasks)}; },
       Fit::number},
      {"guard", "guard or null", "Its rate and breaker",
       [](const T& t) { return guard_json(t.guard); }, "GUARD",
       [](const T& t, const View&) { return guard_cell(t.guard); }, Fit::flexible, true}};
  return columns;
}

}  // namespace sched::render
