#include "cli/queues.hpp"

#include "base/text.hpp"
#include "cli/select.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

base::Error no_such(store::Store& store, const std::string& word, base::ErrorKind kind) {
  std::vector<std::string> names;
  for (const model::Queue& queue : store.queues().all()) {
    names.push_back(queue.name);
  }
  if (std::find(names.begin(), names.end(), word) != names.end()) {
    return {base::ErrorKind::store,
            fmt::format(
                "store {}: the file is damaged: queue {} is in it, and is not found by its name",
                store.places().database().string(), base::quote(word)),
            "'sched restore' brings back a backup, 'sched salvage' what is readable"};
  }
  return {
      kind, fmt::format("there is no queue {}", base::quote(word)),
      base::did_you_mean(word, names, "'sched queue list' shows all; 'sched queue add' makes one")};
}

/// The kind of handler that a field names; empty for other fields.
std::optional<model::HandlerKind> handler_kind_of(const std::string& field) {
  for (const model::HandlerKind kind : model::all_handler_kinds()) {
    if (field == model::option_of(kind)) {
      return kind;
    }
  }
  return std::nullopt;
}

DraftContext context_of(time::Instant now) {
  static const security::Environment none;
  return {now, "/", &none};
}

}  // namespace

model::Queue select_queue(store::Store& store, const std::string& word) {
  auto found = store.queues().find(word);
  if (!found) {
    throw no_such(store, word, base::ErrorKind::not_found);
  }
  return std::move(*found);
}

model::Queue open_queue(store::Store& store, const std::string& name, model::QueueId now) {
  auto found = store.queues().find(name);
  if (!found) {
    throw no_such(store, name, base::ErrorKind::invalid_input);
  }
  if (found->state == model::QueueState::draining && found->id != now) {
    throw base::bad_input(fmt::format("the queue {} is draining: it takes no further tasks", name),
                          fmt::format("choose another, or open it: sched queue resume {}", name));
  }
  return std::move(*found);
}

const std::vector<std::string>& default_fields() {
  static const std::vector<std::string> fields = {"retries",
                                                  "backoff",
                                                  "retry-on",
                                                  "no-retry-on",
                                                  "timeout",
                                                  "idle-timeout",
                                                  "grace-kill",
                                                  "limit",
                                                  "nice",
                                                  "log-limit",
                                                  "priority",
                                                  "deadline",
                                                  "breaker",
                                                  "breaker-cooldown",
                                                  "cpus",
                                                  "io-class",
                                                  "nice-map",
                                                  "max-rss",
                                                  "max-cpu-time",
                                                  "cpu-quota",
                                                  "io-max",
                                                  "memory-retry",
                                                  "launcher-prefix",
                                                  "preemptible",
                                                  "on-failure",
                                                  "on-success",
                                                  "fallback",
                                                  "max-fails"};
  return fields;
}

std::pair<std::string, std::string> read_default(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const auto& fields = default_fields();
  if (equals == std::string::npos ||
      std::find(fields.begin(), fields.end(), name) == fields.end()) {
    throw base::bad_input(fmt::format("--default {}: not FIELD=VALUE", base::quote(text)),
                          "the fields: " + base::join(fields, ", "));
  }
  std::string value = text.substr(equals + 1);
  if (!value.empty()) {
    TaskDraft trial;
    try {
      read_new_field(*find_task_field(name), context_of({}), trial, {value});
    } catch (const base::Error& error) {
      throw error.within("--default");
    }
  }
  return {name, std::move(value)};
}

void require_handlers(store::Store& store, const model::Queue& queue) {
  for (const auto& [field, value] : queue.defaults) {
    if (!handler_kind_of(field)) {
      continue;
    }
    try {
      select_task(store, value);
    } catch (const base::Error& error) {
      const auto within = error.within(fmt::format("--default {}={}", field, value));
      throw base::bad_input(within.message(), within.hint());
    }
  }
}

void QueueSettler::settle(TaskDraft& draft, time::Instant now) {
  const std::string name = draft.queue.value_or("default");
  auto known = known_.find(name);
  if (known == known_.end()) {
    known = known_.emplace(name, open_queue(store_, name, {})).first;
  }
  const model::Queue& queue = known->second;
  draft.task.queue = queue.id;
  for (const auto& [field, value] : queue.defaults) {
    const auto handler = handler_kind_of(field);
    if (!draft.given.contains(field) && !(handler && draft.handlers.contains(*handler))) {
      read_new_field(*find_task_field(field), context_of(now), draft, {value});
      draft.given.erase(field);
      if (handler) {
        draft.handlers_by_queue[*handler] = queue.name;
      }
    }
  }
}

}  // namespace sched::cli
