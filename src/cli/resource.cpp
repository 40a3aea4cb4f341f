#include "base/text.hpp"
#include "cli/guards.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/reading.hpp"
#include "render/resource_columns.hpp"
#include "rules/suspension.hpp"
#include "worker/line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace sched::cli {
namespace {

struct ResourceOptions {
  std::string action;
  std::string name;
  std::string capacity;
  GuardFields guard;
};

model::Resource select_resource(store::Store& store, const std::string& name) {
  auto found = store.resources().find(name);
  if (!found) {
    std::vector<std::string> names;
    for (const model::Resource& resource : store.resources().all()) {
      names.push_back(resource.name);
    }
    throw base::Error(base::ErrorKind::not_found,
                      fmt::format("there is no resource {}", base::quote(name)),
                      base::did_you_mean(name, names, "'sched resource list' shows all"));
  }
  return std::move(*found);
}

/// Resources, and below them the locks that runs hold or wait for.
std::vector<render::ResourceLine> resource_lines(store::Store& store, time::Instant now) {
  std::map<std::string, render::ResourceLine> resources;
  std::map<std::string, render::ResourceLine> locks;
  for (const model::Resource& resource : store.resources().all()) {
    render::ResourceLine& line = resources[resource.name];
    line.name = resource.name;
    line.capacity = resource.capacity;
    line.guard = line_of(store.guards().of_resource(resource.name), now);
  }
  const auto add_lock = [&](const std::string& name, std::int64_t holders, std::int64_t queued) {
    if (holders > 0 || queued > 0) {
      render::ResourceLine& line = locks[name];
      line.name = name;
      line.is_lock = true;
      line.used += holders * model::k_one;
      line.queued += queued;
    }
  };
  for (const model::LaneLoad& load : store.lanes().loads(now)) {
    const model::Needs held = load.suspended ? rules::kept_back(load.lane.needs) : load.lane.needs;
    for (const model::Need& need : held.amounts_of(load.choice)) {
      if (const auto line = resources.find(need.resource); line != resources.end()) {
        line->second.used += need.amount * load.runs;
      }
    }
    for (const model::Lock& lock : load.lane.needs.locks) {
      add_lock(lock.name, load.runs, 0);
    }
    for (const model::FileLock& file : load.lane.needs.files) {
      add_lock(file.path, load.runs, 0);
    }
  }
  for (const model::Lane& lane : store.lanes().all()) {
    if (lane.needs.empty()) {
      continue;
    }
    const std::int64_t queued = store.lanes().queued_in(lane.id);
    std::set<std::string> named;
    for (int choice = 0; choice < lane.needs.choices(); ++choice) {
      for (const model::Need& need : lane.needs.amounts_of(choice)) {
        const auto line = resources.find(need.resource);
        if (line != resources.end() && named.insert(need.resource).second) {
          line->second.queued += queued;
        }
      }
    }
    std::vector<std::string> names;
    for (const model::Lock& lock : lane.needs.locks) {
      add_lock(lock.name, 0, queued);
    }
    for (const model::FileLock& file : lane.needs.files) {
      add_lock(file.path, 0, queued);
    }
  }
  std::vector<render::ResourceLine> lines;
  for (const auto* group : {&resources, &locks}) {
    for (const auto& [name, line] : *group) {
      lines.push_back(line);
    }
  }
  return lines;
}

int list(Session& session) {
  const auto lines = resource_lines(session.store(), session.now());
  if (session.json) {
    print_json(session, render::to_json_array(render::resource_columns(), lines));
  } else if (lines.empty()) {
    session.note("no resource yet; make one: sched resource add NAME N");
  } else {
    session.print(render::to_table(render::resource_columns(), lines, view_of(session)));
  }
  return 0;
}

std::string add(store::Store& store, const ResourceOptions& options, time::Instant now) {
  const model::Needs shape = require("resource", options.name, model::parse_needs(options.name));
  if (shape.amounts.size() != 1 || shape.amounts.front().resource != options.name) {
    throw base::bad_input(fmt::format("{} is no name of a resource", base::quote(options.name)),
                          "the name, then how much of it there is: sched resource add licence 3");
  }
  if (store.resources().find(options.name)) {
    throw base::bad_input(
        fmt::format("there is a resource {} already", base::quote(options.name)),
        fmt::format("sched resource edit {} N changes how much of it there is", options.name));
  }
  const auto capacity =
      require("capacity", options.capacity, model::parse_amount(options.capacity));
  store.resources().add({options.name, capacity, now});
  change_guard(store, guard_of_resource(store, options.name), options.guard, now);
  return fmt::format("added resource {}: {}", options.name, model::amount_to_string(capacity));
}

std::string edit(store::Store& store, const ResourceOptions& options, time::Instant now) {
  const model::Resource resource = select_resource(store, options.name);
  auto capacity = resource.capacity;
  if (!options.capacity.empty()) {
    capacity = require("capacity", options.capacity, model::parse_amount(options.capacity));
    store.resources().set_capacity(resource.name, capacity);
  }
  change_guard(store, guard_of_resource(store, resource.name), options.guard, now);
  return fmt::format("changed resource {}: {}", resource.name, model::amount_to_string(capacity));
}

std::string remove(store::Store& store, const ResourceOptions& options) {
  const model::Resource resource = select_resource(store, options.name);
  if (const auto task = store.resources().needed_by(resource.name)) {
    throw base::bad_input(
        fmt::format("{} needs the resource {}", store.tasks().label(*task), resource.name),
        fmt::format("sched edit {} --need '' first, or remove the task",
                    store.tasks().label(*task)));
  }
  store.resources().remove(resource.name);
  return fmt::format("removed resource {}", resource.name);
}

void check(const Session& session, const ResourceOptions& options) {
  const std::vector<std::string> actions = {"add", "edit", "list", "rm"};
  const std::string& action = options.action;
  if (std::find(actions.begin(), actions.end(), action) == actions.end()) {
    throw base::bad_input(fmt::format("unknown action {}", base::quote(action)),
                          base::did_you_mean(action, actions, "add, edit, list or rm is expected"));
  }
  const bool writes = action == "add" || action == "edit";
  const bool wants_capacity = action == "add" || (action == "edit" && options.guard.empty());
  if (!writes && !options.guard.empty()) {
    throw base::bad_input(fmt::format("{} changes no settings", action),
                          "they belong to 'sched resource add' and 'sched resource edit'");
  }
  if (action == "list" ? !options.name.empty() : options.name.empty()) {
    throw action == "list"
        ? base::bad_input("list: it shows all, and takes no name", "sched resource list")
        : base::bad_input(fmt::format("{}: no resource is named", action),
                          fmt::format("sched resource {} NAME{}", action, writes ? " N" : ""));
  }
  if (wants_capacity ? options.capacity.empty() : !writes && !options.capacity.empty()) {
    throw wants_capacity
        ? base::bad_input(fmt::format("{}: the amount is missing", action),
                          fmt::format("sched resource {} {} N", action, options.name))
        : base::bad_input(fmt::format("{} takes no amount", action), "sched resource rm NAME");
  }
  if (session.json && action != "list") {
    throw base::bad_input(fmt::format("--json: {} shows nothing", action),
                          "it belongs to 'sched resource list'");
  }
}

int act(Session& session, const ResourceOptions& options) {
  if (options.action == "list") {
    return list(session);
  }
  store::Store& store = session.store();
  std::string line;
  {
    store::Transaction change(store.db());
    line = options.action == "add"    ? add(store, options, session.now())
           : options.action == "edit" ? edit(store, options, session.now())
                                      : remove(store, options);
    change.commit();
  }
  session.changed();
  session.print(line + "\n");
  return 0;
}

}  // namespace

void offer_resource(CLI::App& command, Session& session) {
  auto options = std::make_shared<ResourceOptions>();
  required(offer_option(command, "action", options->action, "add|edit|list|rm",
                        "Make one, say how much there is of it now, list all, remove it"));
  offer_option(command, "resource", options->name, "RESOURCE", "Its name");
  offer_option(command, "capacity", options->capacity, "AMOUNT",
               "How much of it there is: 3, 0.5, 16G");
  offer_guard_fields(command, options->guard);
  offer_json(command, session);
  when_chosen(command, [options, &session] {
    check(session, *options);
    session.exit_code = act(session, *options);
  });
}

}  // namespace sched::cli
