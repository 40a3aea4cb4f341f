#include "rules/breaker.hpp"

#include "base/text.hpp"
#include "cli/guards.hpp"
#include "cli/offers.hpp"
#include "cli/reading.hpp"
#include "cli/select.hpp"
#include "time/duration.hpp"
#include "time/timestamp.hpp"
#include "worker/guards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace sched::cli {
namespace {

struct BreakerOptions {
  std::string action;
  std::vector<std::string> subjects;
  std::string open_for;
};

base::Error bad_subject(store::Store& store, base::ErrorKind kind, const std::string& word,
                        const std::string& what) {
  std::vector<std::string> subjects;
  for (const model::Guard& guard : store.guards().all()) {
    if (guard.breaker) {
      subjects.push_back(model::label(guard));
    }
  }
  return {kind, fmt::format("{}: {}", base::quote(word), what),
          base::did_you_mean(word, subjects, "'sched breaker list' shows all")};
}

std::optional<model::Guard> find_guard(store::Store& store, model::GuardScope scope,
                                       const std::string& name) {
  switch (scope) {
    case model::GuardScope::task:
      return store.guards().of_task(select_task(store, name));
    case model::GuardScope::queue: {
      const auto queue = store.queues().find(name);
      return queue ? store.guards().of_queue(queue->id) : std::nullopt;
    }
    case model::GuardScope::resource:
      return store.guards().of_resource(name);
    case model::GuardScope::tag:
      return store.guards().of_tag(name);
  }
  return std::nullopt;
}

model::Guard select_breaker(store::Store& store, const std::string& word) {
  const std::size_t colon = word.find(':');
  const auto scope = model::parse_guard_scope(word.substr(0, colon));
  if (colon == std::string::npos || !scope) {
    throw bad_subject(store, base::ErrorKind::invalid_input, word,
                      "not task:NAME, queue:NAME, resource:NAME or tag:NAME");
  }
  auto guard = find_guard(store, *scope, word.substr(colon + 1));
  if (!guard || !guard->breaker) {
    throw bad_subject(store, base::ErrorKind::not_found, word, "it has no breaker");
  }
  return std::move(*guard);
}

int list(Session& session, const BreakerOptions& options) {
  store::Store& store = session.store();
  std::vector<render::GuardLine> lines;
  for (const std::string& word : options.subjects) {
    lines.push_back(*line_of(select_breaker(store, word), session.now()));
  }
  if (options.subjects.empty()) {
    for (const model::Guard& guard : store.guards().all()) {
      if (guard.breaker) {
        lines.push_back(*line_of(guard, session.now()));
      }
    }
  }
  if (session.json) {
    print_json(session, render::to_json_array(render::guard_columns(), lines));
  } else if (lines.empty()) {
    session.note("no breaker yet; make one: sched queue edit QUEUE --breaker 5");
  } else {
    session.print(render::to_table(render::guard_columns(), lines, view_of(session)));
  }
  return 0;
}

std::optional<time::Duration> read_open_for(const std::string& text) {
  if (text.empty()) {
    return std::nullopt;
  }
  try {
    return read_cooldown(text);
  } catch (const base::Error& error) {
    throw about_option("--for", text, error);
  }
}

int change(Session& session, const BreakerOptions& options) {
  store::Store& store = session.store();
  const auto open_for = read_open_for(options.open_for);
  std::vector<std::string> lines;
  {
    store::Transaction change(store.db());
    for (const std::string& word : options.subjects) {
      model::Guard guard = select_breaker(store, word);
      const std::string label = model::label(guard);
      if (options.action == "open") {
        rules::open_breaker(guard, open_for, "opened by hand", session.now());
        const auto until = rules::open_until(guard);
        lines.push_back(fmt::format("opened {}: nothing of it starts until {}", label,
                                    until ? time::to_local(*until) : "'sched breaker reset'"));
      } else {
        rules::close_breaker(guard);
        lines.push_back(fmt::format("reset {}: it is closed, and counts anew", label));
      }
      store.guards().set_standing(guard);
      if (guard.scope == model::GuardScope::task) {
        worker::line_up_behind(store, guard);
      }
    }
    change.commit();
  }
  session.changed();
  for (const std::string& line : lines) {
    session.print(line + "\n");
  }
  return 0;
}

void check(const Session& session, const BreakerOptions& options) {
  const std::vector<std::string> actions = {"list", "reset", "open"};
  const std::string& action = options.action;
  if (std::find(actions.begin(), actions.end(), action) == actions.end()) {
    throw base::bad_input(fmt::format("unknown action {}", base::quote(action)),
                          base::did_you_mean(action, actions, "list, reset or open is expected"));
  }
  if (action != "list" && options.subjects.empty()) {
    throw base::bad_input(fmt::format("{}: no breaker is named", action),
                          fmt::format("sched breaker {} queue:NAME", action));
  }
  if (action != "open" && !options.open_for.empty()) {
    throw base::bad_input(fmt::format("--for: {} opens nothing", action),
                          "it belongs to 'sched breaker open'");
  }
  if (session.json && action != "list") {
    throw base::bad_input(fmt::format("--json: {} shows nothing", action),
                          "it belongs to 'sched breaker list'");
  }
}

}  // namespace

void offer_breaker(CLI::App& command, Session& session) {
  auto options = std::make_shared<BreakerOptions>();
  required(offer_option(command, "action", options->action, "list|reset|open",
                        "Show how they stand; close them; open them by hand"));
  offer_option(command, "breaker", options->subjects, "BREAKER",
               "Which: task:NAME, queue:NAME, resource:NAME, tag:NAME (list: default all)");
  offer_option(command, "--for", options->open_for, "DURATION",
               "With open: for so long, then one run tries (default: until it is reset)");
  offer_json(command, session);
  when_chosen(command, [options, &session] {
    check(session, *options);
    session.exit_code =
        options->action == "list" ? list(session, *options) : change(session, *options);
  });
}

}  // namespace sched::cli
