// What people ask for, as a seed says.
#include "simulation/people.hpp"

#include <algorithm>
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

std::string moment(const std::string& offset) {
  return "+" + offset;
}

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

void draw_deadlines(Draw& draw, Fields& fields) {
  static const char* const k_soft[] = {"1s", "30s", "5m", "1h"};
  static const char* const k_hard[] = {"hard:1s", "hard:30s", "hard:1m", "hard:5m", "hard:1h"};
  if (!draw.one_in(3)) {
    fields.emplace_back("deadline", draw.of(k_soft));
  }
  if (!draw.one_in(3)) {
    fields.emplace_back("deadline", draw.of(k_hard));
  }
}

Fields draw_plain_task(std::uint64_t seed, const std::vector<std::string>& others) {
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
  if (draw.one_in(4)) {
    fields.emplace_back("priority", std::to_string(draw.below(3)));
  }
  if (draw.one_in(3)) {
    fields.emplace_back("timeout", "1m");
  }
  if (draw.one_in(12)) {
    fields.emplace_back("command", "endless");
  }
  if (draw.one_in(4)) {
    fields.emplace_back("queue", "narrow");
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

/// Some are given a deadline, or a queue with an order of its own. With numbers of their own, so
/// that the other draws of a seed are what they were.
void draw_order(std::uint64_t seed, Fields& fields) {
  if (seed % 5 > 1) {
    return;
  }
  Draw draw(seed + 1);
  if (!draw.one_in(3)) {
    draw_deadlines(draw, fields);
  }
  const bool has_queue = std::any_of(fields.begin(), fields.end(),
                                     [](const auto& field) { return field.first == "queue"; });
  if (!has_queue && !draw.one_in(3)) {
    static const char* const k_queues[] = {"fair", "due", "eager"};
    fields.emplace_back("queue", draw.of(k_queues));
    static const char* const k_tags[] = {"red", "green", "blue"};
    if (draw.one_in(2)) {
      fields.emplace_back("tag", draw.of(k_tags));
    }
  }
}

void put(Fields& fields, const std::string& name, const std::string& value) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
  fields.emplace_back(name, value);
}

/// Of the others some may displace, some take turns, and some give way.
void draw_way(std::uint64_t seed, Fields& fields) {
  if (seed % 5 <= 1) {
    return;
  }
  const auto kind = static_cast<int>(seed / 5 % 8);
  if (kind <= 2) {
    put(fields, "queue", kind == 0 ? "urgent" : kind == 1 ? "keen" : "turns");
  } else if (kind > 4) {
    put(fields, "preemptible", "true");
  }
  if (kind <= 1) {
    put(fields, "priority", "3");
  }
}

}  // namespace

Fields draw_task(std::uint64_t seed, const std::vector<std::string>& others) {
  Fields fields = draw_plain_task(seed, others);
  draw_order(seed, fields);
  draw_way(seed, fields);
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
  if (seed % 11 == 10) {
    draw_deadlines(draw, fields);
    if (fields.empty()) {
      fields.emplace_back("deadline", "");
    }
    return fields;
  }
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

}  // namespace sched::simulation
