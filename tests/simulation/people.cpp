#include "simulation/people.hpp"

#include "cli/change_task.hpp"
#include "cli/guards.hpp"
#include "cli/keep.hpp"

#include <fmt/format.h>

#include <random>

namespace sched::simulation {
namespace {

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  bool one_in(unsigned n) { return below(n) == 0; }
  template <std::size_t N>
  const char* of(const char* const (&words)[N]) {
    return words[below(N)];
  }

 private:
  std::mt19937_64 random_;
};

void draw_after(Draw& draw, const std::vector<std::string>& others, Fields& fields) {
  static const char* const k_conditions[] = {"",         "",         "",        ":done",
                                             ":failure", ":skipped", ":exit=0", ":exit=2,3"};
  static const char* const k_joins[] = {"all", "any", "1", "2", "3"};
  const unsigned edges = 1 + draw.below(3);
  for (unsigned i = 0; i < edges; ++i) {
    const auto& name = others[draw.below(static_cast<unsigned>(others.size()))];
    fields.emplace_back("after", name + draw.of(k_conditions));
  }
  if (draw.one_in(2)) {
    fields.emplace_back("join", draw.of(k_joins));
  }
}

void draw_schedule(Draw& draw, Fields& fields) {
  static const char* const k_periods[] = {"30s", "1m", "1m", "5m", "1h", "1d"};
  static const char* const k_crons[] = {"* * * * *", "*/5 * * * *", "0 * * * *", "30 3 * * *"};
  static const char* const k_catch_up[] = {"none", "last", "all:3", "all:1"};
  static const char* const k_overlap[] = {"skip", "queue", "replace", "allow"};
  static const char* const k_grace[] = {"30s", "5m", "2h"};
  if (draw.one_in(3)) {
    fields.emplace_back("cron", draw.of(k_crons));
    fields.emplace_back("zone", "UTC");
  } else {
    fields.emplace_back("every", draw.of(k_periods));
    if (draw.one_in(4)) {
      fields.emplace_back("from", "finish");
    }
  }
  fields.emplace_back("catch-up", draw.of(k_catch_up));
  fields.emplace_back("overlap", draw.of(k_overlap));
  if (draw.one_in(4)) {
    fields.emplace_back("grace", draw.of(k_grace));
  }
  if (draw.one_in(5)) {
    fields.emplace_back("jitter", "20s");
  }
  if (draw.one_in(4)) {
    fields.emplace_back("count", std::to_string(1 + draw.below(5)));
  }
}

void draw_retries(Draw& draw, Fields& fields) {
  static const char* const k_backoffs[] = {"fixed:0s", "fixed:2s", "fixed:1m",
                                           "exponential:1s..20s"};
  static const char* const k_retried[] = {"1", "signal", "timeout", "lost",
                                          "1,signal,timeout,lost"};
  fields.emplace_back("retries", std::to_string(draw.below(4)));
  fields.emplace_back("backoff", draw.of(k_backoffs));
  if (draw.one_in(3)) {
    fields.emplace_back("retry-on", draw.of(k_retried));
  }
}

const security::Environment k_environment;

cli::DraftContext context_at(time::Instant now) {
  return {now, "/", &k_environment};
}

std::string moment(const std::string& offset) {
  return "+" + offset;
}

}  // namespace

Fields draw_task(std::uint64_t seed, const std::vector<std::string>& others) {
  static const char* const k_later[] = {"1s", "10s", "1m", "10m", "1h"};
  Draw draw(seed);
  Fields fields;
  switch (draw.below(10)) {
    case 0:
    case 1:
      fields.emplace_back("manual", "true");
      break;
    case 2:
    case 3:
      draw_schedule(draw, fields);
      break;
    case 4:
      fields.emplace_back("at", moment(draw.of(k_later)));
      break;
    default:
      break;
  }
  if (!others.empty() && !draw.one_in(fields.empty() ? 3 : 1)) {
    draw_after(draw, others, fields);
  } else if (!others.empty() && draw.one_in(5)) {
    draw_after(draw, others, fields);
  }
  if (draw.one_in(2)) {
    draw_retries(draw, fields);
  }
  // Those that may displace others, those that take turns, and those that give way.
  const auto kind = static_cast<int>(seed / 2 % 8);
  if (draw.one_in(4) && kind > 1) {
    fields.emplace_back("priority", std::to_string(draw.below(3)));
  } else if (kind <= 1) {
    fields.emplace_back("priority", "3");
  }
  if (draw.one_in(3)) {
    fields.emplace_back("timeout", "1m");
  }
  if (draw.one_in(12)) {
    fields.emplace_back("command", "endless");
  }
  if (draw.one_in(4) && kind > 2) {
    fields.emplace_back("queue", "narrow");
  }
  if (kind <= 2) {
    fields.emplace_back("queue", kind == 0 ? "urgent" : kind == 1 ? "keen" : "turns");
  } else if (kind > 4) {
    fields.emplace_back("preemptible", "true");
  }
  if (draw.one_in(4)) {
    fields.emplace_back("need", draw.one_in(3) ? "gadget=2" : "gadget");
  }
  if (draw.one_in(5)) {
    fields.emplace_back("lock", draw.one_in(2) ? "door" : "door:shared");
  }
  if (seed % 2 == 1) {
    return fields;
  }
  if (draw.one_in(4)) {
    fields.emplace_back("breaker", draw.one_in(2) ? "1" : "50%/4");
  }
  if (draw.one_in(3)) {
    fields.emplace_back("tag", draw.one_in(2) ? "slow" : "frail");
  }
  return fields;
}

Fields draw_handlers(std::uint64_t seed, const std::vector<std::string>& others) {
  static const char* const k_kinds[] = {"on-failure", "on-failure", "on-success", "fallback",
                                        "fallback"};
  Draw draw(seed);
  Fields fields;
  static const char* const k_bounds[] = {"1", "1", "1", "2", ""};
  if (draw.one_in(4)) {
    fields.emplace_back("tag", "batch");
    fields.emplace_back("max-fails", draw.one_in(2) ? "batch=1" : "batch=2");
    return fields;
  }
  if (draw.one_in(3)) {
    fields.emplace_back("max-fails", draw.of(k_bounds));
    return fields;
  }
  const std::string kind = draw.of(k_kinds);
  if (draw.one_in(6)) {
    fields.emplace_back(kind, "");
    return fields;
  }
  const unsigned count = kind == "fallback" ? 1 : 1 + draw.below(2);
  for (unsigned i = 0; i < count; ++i) {
    fields.emplace_back(kind, others[draw.below(static_cast<unsigned>(others.size()))]);
  }
  return fields;
}

Fields draw_change(std::uint64_t seed, const std::vector<std::string>& others) {
  Draw draw(seed);
  Fields fields;
  switch (draw.below(8)) {
    case 0:
      draw_retries(draw, fields);
      break;
    case 1:
      fields.emplace_back("priority", std::to_string(draw.below(5)));
      break;
    case 2:
    case 3:
      draw_after(draw, others, fields);
      break;
    case 4:
      fields.emplace_back("after", "");
      break;
    case 5:
      draw_schedule(draw, fields);
      break;
    case 6:
      fields.emplace_back("at", moment("30s"));
      break;
    default:
      fields.emplace_back(draw.one_in(2) ? "manual" : "timeout", draw.one_in(2) ? "true" : "2m");
  }
  return fields;
}

void guard_tag(store::Store& store, const std::string& tag, time::Instant now) {
  cli::GuardFields fields;
  fields.rate = tag == "slow" ? "10/min" : "";
  fields.burst = tag == "slow" ? "2" : "";
  fields.breaker = tag == "slow" ? "" : "2";
  fields.cooldown = tag == "slow" ? "" : "30s";
  store::Transaction change(store.db());
  cli::change_guard(store, cli::guard_of_tag(store, tag), fields, now);
  change.commit();
}

model::TaskId add_task(store::Store& store, const std::string& name, const Fields& fields,
                       time::Instant now) {
  cli::TaskDraft draft;
  draft.task.name = name;
  draft.task.command.argv = {"work"};
  draft.task.surroundings.directory = "/";
  std::vector<std::string> after;
  for (const auto& [field, value] : fields) {
    if (field == "after") {
      after.push_back(value);
    } else if (field == "command") {
      draft.task.command.argv = {value};
    } else {
      cli::read_new_field(*cli::find_task_field(field), context_at(now), draft, {value});
    }
  }
  if (!after.empty()) {
    cli::read_new_field(*cli::find_task_field("after"), context_at(now), draft, after);
  }
  std::vector<cli::TaskDraft> drafts = {draft};
  std::vector<cli::DraftError> errors;
  store::Transaction change(store.db());
  const auto kept = cli::keep_tasks(store, drafts, cli::IfExists::usual, now, errors);
  if (!errors.empty()) {
    throw errors.front().error;
  }
  change.commit();
  return kept.front().id;
}

void change_task(store::Store& store, model::TaskId task, const Fields& fields, time::Instant now) {
  cli::TaskChange change;
  for (const auto& [field, value] : fields) {
    if (!change.fields.empty() && change.fields.back().first == field) {
      change.fields.back().second.push_back(value);
    } else {
      change.fields.emplace_back(field, std::vector<std::string>{value});
    }
  }
  std::vector<std::string> warnings;
  store::Transaction work(store.db());
  cli::change_task(store, context_at(now), task, change, warnings);
  work.commit();
}

std::string to_string(const Fields& fields) {
  std::string text;
  for (const auto& [field, value] : fields) {
    text += fmt::format("{}--{} {}", text.empty() ? "" : " ", field,
                        value.find(' ') == std::string::npos ? value : "'" + value + "'");
  }
  return text;
}

bool is_endless(const std::vector<std::string>& argv) {
  return argv.front() == "endless";
}

}  // namespace sched::simulation
