#include "base/text.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/queue_change.hpp"
#include "cli/queues.hpp"
#include "cli/reading.hpp"
#include "render/queue_columns.hpp"
#include "worker/queue_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace sched::cli {
namespace {

constexpr int k_places_for_eyes = 20;
constexpr int k_places_for_programs = 100;
const std::vector<std::string> k_actions = {"add",   "edit",   "list",  "show",
                                            "pause", "resume", "drain", "rm"};

struct QueueOptions {
  std::string action;
  std::vector<std::string> names;
  QueueFields fields;
  std::string move_to;
};

render::QueueLine queue_line(store::Store& store, model::Queue queue, time::Instant now) {
  const store::QueueCounts counts = store.queues().counts(queue.id);
  auto guard = line_of(store.guards().of_queue(queue.id), now);
  return {std::move(queue), counts.tasks,     counts.queued,
          counts.running,   std::move(guard), counts.suspended};
}

int list(Session& session, const QueueOptions& options) {
  store::Store& store = session.store();
  std::vector<render::QueueLine> lines;
  if (options.names.empty()) {
    for (model::Queue& queue : store.queues().all()) {
      lines.push_back(queue_line(store, std::move(queue), session.now()));
    }
  }
  for (const std::string& name : options.names) {
    lines.push_back(queue_line(store, select_queue(store, name), session.now()));
  }
  if (session.json) {
    print_json(session, render::to_json_array(render::queue_columns(), lines));
  } else {
    session.print(render::to_table(render::queue_columns(), lines, view_of(session)));
  }
  return 0;
}

int show(Session& session, const QueueOptions& options) {
  store::Store& store = session.store();
  render::QueuePage page;
  page.line = queue_line(store, select_queue(store, options.names.front()), session.now());
  const model::QueueId id = page.line.queue.id;
  const int most = session.json ? k_places_for_programs : k_places_for_eyes;
  for (store::RunRow& row : store.listing().running_of(id, most)) {
    const auto since = row.run.suspended_at ? row.run.suspended_at : row.run.started_at;
    page.running.push_back({0, cli::line_of(std::move(row)), since});
  }
  for (store::RunRow& row : worker::line_of(store, page.line.queue, most, session.now())) {
    const auto since = row.run.not_before;
    page.next.push_back(
        {static_cast<std::int64_t>(page.next.size()) + 1, cli::line_of(std::move(row)), since});
  }
  if (session.json) {
    print_json(session, render::to_json(page));
  } else {
    session.print(render::to_text(page, view_of(session)));
  }
  return 0;
}

/// Has `act` say what it did to each of the queues, all of them or none.
template <typename Act>
int change(Session& session, const QueueOptions& options, Act act) {
  store::Store& store = session.store();
  std::vector<std::string> lines;
  {
    store::Transaction change(store.db());
    for (const std::string& name : options.names) {
      lines.push_back(act(store, name));
    }
    change.commit();
  }
  session.changed();
  for (const std::string& line : lines) {
    session.print(line + "\n");
  }
  return 0;
}

int act(Session& session, const QueueOptions& options) {
  const std::string& action = options.action;
  if (action == "list") {
    return list(session, options);
  }
  if (action == "show") {
    return show(session, options);
  }
  return change(session, options, [&](store::Store& store, const std::string& name) {
    if (action == "add") {
      return add_queue(store, name, options.fields, session.now());
    }
    if (action == "edit") {
      return edit_queue(store, name, options.fields, session.now());
    }
    return action == "rm" ? remove_queue(store, name, options.move_to)
                          : set_state(store, name, action);
  });
}

void check(const Session& session, const QueueOptions& options) {
  const std::string& action = options.action;
  if (std::find(k_actions.begin(), k_actions.end(), action) == k_actions.end()) {
    throw base::bad_input(
        fmt::format("unknown action {}", base::quote(action)),
        base::did_you_mean(action, k_actions, base::join(k_actions, ", ") + " are expected"));
  }
  const bool writes_fields = action == "add" || action == "edit";
  if (options.names.empty() && action != "list") {
    throw base::bad_input(fmt::format("{}: no queue is named", action),
                          fmt::format("sched queue {} NAME", action));
  }
  if (options.names.size() > 1 && (writes_fields || action == "show")) {
    throw base::bad_input(fmt::format("{}: {} queues are named", action, options.names.size()),
                          "name one at a time");
  }
  if (!writes_fields && !options.fields.empty()) {
    throw base::bad_input(fmt::format("{} changes no settings", action),
                          "they belong to 'sched queue add' and 'sched queue edit'");
  }
  if (action == "edit" && options.fields.empty()) {
    throw base::bad_input("edit: nothing to change", "'sched queue --help' tells the settings");
  }
  if (!options.move_to.empty() && action != "rm") {
    throw base::bad_input(fmt::format("--move-to: {} removes nothing", action),
                          "it belongs to 'sched queue rm'");
  }
  if (session.json && action != "list" && action != "show") {
    throw base::bad_input(fmt::format("--json: {} shows nothing", action),
                          "it belongs to 'sched queue list' and 'sched queue show'");
  }
}

}  // namespace

void offer_queue(CLI::App& command, Session& session) {
  auto options = std::make_shared<QueueOptions>();
  required(offer_option(command, "action", options->action,
                        "add|edit|list|show|pause|resume|drain|rm",
                        "Make one, change it, list all, show one with its line; start nothing of "
                        "it, go on; take no further tasks; remove it"));
  offer_option(command, "queue", options->names, "QUEUE", "Which queues (list: default all)");
  QueueFields& fields = options->fields;
  offer_option(command, "--slots", fields.slots, "N",
               "Run at most so many of it at a time; 0 is any number (default)");
  offer_option(command, "--weight", fields.weight, "N",
               "Its share beside other queues, 1 to 1000 (default: 1)");
  offer_option(
      command, "--policy", fields.policy, "POLICY",
      "Its order: fifo, priority (default), shortest, deadline, fair, or several with commas; or "
      "round-robin: its runs take turns");
  offer_option(command, "--slice", fields.slice, "DURATION",
               "With round-robin: how long a turn is (default: 30s)");
  offer_option(
      command, "--preempt", fields.preempt, "requeue|suspend|none",
      "Its runs displace running ones of lower priority that are --preemptible: those begin "
      "anew, or stand still and go on (default: none)");
  offer_option(command, "--ageing", fields.ageing, "DURATION|never",
               "What a point of priority is worth in waiting (default: 10m)");
  offer_option(
      command, "--guarantee", fields.guarantee, "N",
      "So many of its runs go before all others; it lends what it does not use (default: 0)");
  offer_option(command, "--backfill", fields.backfill, "estimates|eager",
               "What may go before its first run when that lacks something: only what by its "
               "history or time limit ends in time (default), or what nobody knows it of too");
  offer_option(command, "--fair-by", fields.fair_by, "user|tag",
               "With fair: whose shares they are (default: user)");
  offer_option(command, "--half-life", fields.half_life, "DURATION",
               "With fair: after that long what a share has had counts half (default: 1d)");
  offer_option(command, "--share", fields.shares, "NAME=WEIGHT",
               "With fair: what a share is due, 1 to 1000 (default: 1)");
  offer_option(command, "--default", fields.defaults, "FIELD=VALUE",
               "What its new tasks get that do not say otherwise, as --default retries=2; an empty "
               "value takes it away");
  offer_guard_fields(command, fields.guard);
  offer_option(command, "--move-to", options->move_to, "QUEUE", "With rm: where its tasks go");
  offer_json(command, session);
  when_chosen(command, [options, &session] {
    check(session, *options);
    session.exit_code = act(session, *options);
  });
}

}  // namespace sched::cli
