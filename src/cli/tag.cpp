#include "base/text.hpp"
#include "cli/guards.hpp"
#include "cli/offers.hpp"
#include "cli/reading.hpp"
#include "security/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <set>

namespace sched::cli {
namespace {

struct TagOptions {
  std::string action;
  std::vector<std::string> tags;
  GuardFields guard;
};

/// Those that tasks have, and those that have a guard.
std::vector<std::string> known_tags(store::Store& store) {
  const auto used = store.tasks().tags(std::numeric_limits<int>::max());
  std::set<std::string> known(used.begin(), used.end());
  for (const model::Guard& guard : store.guards().all()) {
    if (guard.scope == model::GuardScope::tag) {
      known.insert(guard.name);
    }
  }
  return {known.begin(), known.end()};
}

int list(Session& session, const TagOptions& options) {
  store::Store& store = session.store();
  const auto known = known_tags(store);
  for (const std::string& tag : options.tags) {
    if (!std::binary_search(known.begin(), known.end(), tag)) {
      throw base::Error(base::ErrorKind::not_found, fmt::format("no task has the tag {}", tag),
                        base::did_you_mean(tag, known, "'sched tag list' shows all"));
    }
  }
  std::vector<render::TagLine> lines;
  for (const std::string& tag : options.tags.empty() ? known : options.tags) {
    const auto tasks = store.guards().tasks_with(tag).size();
    lines.push_back({tag, static_cast<std::int64_t>(tasks),
                     line_of(store.guards().of_tag(tag), session.now())});
  }
  if (session.json) {
    print_json(session, render::to_json_array(render::tag_columns(), lines));
  } else if (lines.empty()) {
    session.note("no tag yet; give one to a task: sched edit TASK --tag TAG");
  } else {
    session.print(render::to_table(render::tag_columns(), lines, view_of(session)));
  }
  return 0;
}

int edit(Session& session, const TagOptions& options) {
  store::Store& store = session.store();
  const std::string& tag = options.tags.front();
  if (const auto complaint = security::check_tag(tag)) {
    throw *complaint;
  }
  {
    store::Transaction change(store.db());
    change_guard(store, guard_of_tag(store, tag), options.guard, session.now());
    change.commit();
  }
  session.changed();
  session.print(fmt::format("changed tag {}\n", tag));
  return 0;
}

void check(const Session& session, const TagOptions& options) {
  const std::vector<std::string> actions = {"list", "edit"};
  const std::string& action = options.action;
  if (std::find(actions.begin(), actions.end(), action) == actions.end()) {
    throw base::bad_input(fmt::format("unknown action {}", base::quote(action)),
                          base::did_you_mean(action, actions, "list or edit is expected"));
  }
  if (action == "list" && !options.guard.empty()) {
    throw base::bad_input("list changes no settings", "they belong to 'sched tag edit'");
  }
  if (action == "edit" && options.tags.size() != 1) {
    throw base::bad_input(options.tags.empty()
                              ? "edit: no tag is named"
                              : fmt::format("edit: {} tags are named", options.tags.size()),
                          "sched tag edit TAG --rate 10/min");
  }
  if (action == "edit" && options.guard.empty()) {
    throw base::bad_input("edit: nothing to change", "'sched tag --help' tells the settings");
  }
  if (session.json && action != "list") {
    throw base::bad_input("--json: edit shows nothing", "it belongs to 'sched tag list'");
  }
}

}  // namespace

void offer_tag(CLI::App& command, Session& session) {
  auto options = std::make_shared<TagOptions>();
  required(offer_option(command, "action", options->action, "list|edit",
                        "Show all, or say how the runs of its tasks may start"));
  offer_option(command, "tag", options->tags, "TAG", "Which (list: default all)");
  offer_guard_fields(command, options->guard);
  offer_json(command, session);
  when_chosen(command, [options, &session] {
    check(session, *options);
    session.exit_code =
        options->action == "list" ? list(session, *options) : edit(session, *options);
  });
}

}  // namespace sched::cli
