#include "cli/guards.hpp"

#include "base/text.hpp"
#include "rules/breaker.hpp"
#include "rules/rate.hpp"
#include "time/duration.hpp"
#include "worker/guards.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

constexpr const char* k_none = "none";

void change_rate(const GuardFields& fields, model::Guard& guard, time::Instant now) {
  if (fields.rate == k_none) {
    guard.rate.reset();
    guard.full_at_us = 0;
  } else if (!fields.rate.empty()) {
    const std::int64_t burst = guard.rate ? guard.rate->burst : 1;
    guard.rate = require("--rate", fields.rate, model::parse_rate(fields.rate));
    guard.rate->burst = burst;
  }
  if (!fields.burst.empty()) {
    if (!guard.rate) {
      throw base::bad_input(fmt::format("--burst {}: there is no rate", base::quote(fields.burst)),
                            "it belongs to one, as in --rate 10/min --burst 20");
    }
    guard.rate->burst = number("--burst", fields.burst, 1, model::k_largest_burst);
  }
  if (guard.rate) {
    guard.full_at_us = rules::clamped(*guard.rate, guard.full_at_us, now);
  }
}

void change_breaker(const GuardFields& fields, model::Guard& guard) {
  if (fields.breaker == k_none) {
    guard.breaker.reset();
    guard.cooldown = model::k_default_cooldown;
    rules::close_breaker(guard);
  } else if (!fields.breaker.empty()) {
    const auto rule = require("--breaker", fields.breaker, model::parse_breaker(fields.breaker));
    if (guard.breaker != rule && !guard.record.open) {
      rules::close_breaker(guard);  // By another rule it counts anew.
    }
    guard.breaker = rule;
  }
  if (!fields.cooldown.empty()) {
    if (!guard.breaker) {
      throw base::bad_input(
          fmt::format("--breaker-cooldown {}: there is no breaker", base::quote(fields.cooldown)),
          "it belongs to one, as in --breaker 5 --breaker-cooldown 10m");
    }
    try {
      guard.cooldown = read_cooldown(fields.cooldown);
    } catch (const base::Error& error) {
      throw about_option("--breaker-cooldown", fields.cooldown, error);
    }
  }
}

model::Guard of_scope(model::GuardScope scope, const std::string& name,
                      std::optional<model::Guard> found) {
  if (found) {
    return std::move(*found);
  }
  model::Guard guard;
  guard.scope = scope;
  guard.name = name;
  return guard;
}

}  // namespace

std::optional<render::GuardLine> line_of(const std::optional<model::Guard>& guard,
                                         time::Instant now) {
  if (!guard) {
    return std::nullopt;
  }
  render::GuardLine line;
  line.subject = model::label(*guard);
  line.rate = guard->rate;
  if (guard->rate) {
    line.tokens = rules::tokens(*guard->rate, guard->full_at_us, now);
    if (line.tokens == 0) {
      line.next_token_at = rules::next_token_at(*guard->rate, guard->full_at_us, now);
    }
  }
  line.breaker = guard->breaker;
  line.cooldown = guard->cooldown;
  if (guard->breaker) {
    line.state = rules::to_string(rules::breaker_state(*guard, now));
  }
  line.in_a_row = guard->record.in_a_row;
  line.opened_at = guard->record.opened_at;
  line.until = rules::open_until(*guard);
  line.why = guard->record.why;
  line.probe = guard->record.probing ? guard->record.probe.run : model::RunId();
  return line;
}

void offer_guard_fields(CLI::App& command, GuardFields& fields) {
  offer_option(command, "--rate", fields.rate, "N/TIME|none",
               "Start at most so many in a time, evenly: 10/min, 2/s, 100/h, 1/d");
  offer_option(command, "--burst", fields.burst, "N",
               "So many of them at once, after a while without any (default: 1)");
  offer_option(command, "--breaker", fields.breaker, "RULE|none",
               "Start nothing for a while after so many failed attempts: 5 (in a row), 50%/20 (of "
               "the last 20), 50%/10m (of those of ten minutes)");
  offer_option(command, "--breaker-cooldown", fields.cooldown, "DURATION",
               "For how long; then one run tries (default: 5m)");
}

void change_guard(store::Store& store, model::Guard guard, const GuardFields& fields,
                  time::Instant now) {
  if (fields.empty()) {
    return;
  }
  change_rate(fields, guard, now);
  change_breaker(fields, guard);
  const bool was_there = static_cast<bool>(guard.id);
  const bool is_there = guard.rate || guard.breaker;
  if (!was_there && !is_there) {
    return;
  }
  store.guards().put(guard);
  if (was_there != is_there) {
    worker::line_up_behind(store, guard);
    store.lanes().remove_empty();
  }
}

model::Guard guard_of(store::Store& store, const model::Queue& queue) {
  model::Guard guard =
      of_scope(model::GuardScope::queue, queue.name, store.guards().of_queue(queue.id));
  guard.queue = queue.id;
  return guard;
}

model::Guard guard_of_resource(store::Store& store, const std::string& name) {
  return of_scope(model::GuardScope::resource, name, store.guards().of_resource(name));
}

model::Guard guard_of_tag(store::Store& store, const std::string& tag) {
  return of_scope(model::GuardScope::tag, tag, store.guards().of_tag(tag));
}

time::Duration read_cooldown(const std::string& value) {
  constexpr time::Duration k_longest = std::chrono::hours(24 * 365);
  const time::Duration cooldown = time::parse_duration(value).value();
  if (cooldown.count() == 0 || cooldown > k_longest) {
    throw base::bad_input("not from 1ms to a year", "such as 5m");
  }
  return cooldown;
}

}  // namespace sched::cli
