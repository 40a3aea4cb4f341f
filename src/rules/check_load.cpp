#include "rules/check_load.hpp"

#include "rules/timetable.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace sched::rules {
namespace {

constexpr time::Duration k_heavy = std::chrono::seconds(10);
/// So many firings stand for all that come.
constexpr int k_sample = 20;

std::optional<time::Duration> average(const std::vector<time::Duration>& durations) {
  if (durations.empty()) {
    return std::nullopt;
  }
  return std::accumulate(durations.begin(), durations.end(), time::Duration::zero()) /
         static_cast<std::int64_t>(durations.size());
}

/// In full seconds where it is that long: nobody wants the rest.
std::string to_text(time::Duration duration) {
  return time::to_string(duration < std::chrono::seconds(10)
                             ? duration
                             : time::Duration(std::chrono::round<std::chrono::seconds>(duration)));
}

std::vector<time::Instant> firings_of(const time::Timetable& table, time::Instant now) {
  std::vector<time::Instant> firings;
  for (auto at = time::next_firing(table, now); at && firings.size() < k_sample;
       at = time::next_firing(table, *at)) {
    firings.push_back(*at);
  }
  return firings;
}

std::string effect_of(model::Overlap overlap) {
  switch (overlap) {
    case model::Overlap::skip:
      return "some firings are skipped";
    case model::Overlap::queue:
      return "runs pile up";
    case model::Overlap::replace:
      return "runs are cancelled by the next";
    case model::Overlap::allow:
      return "several run at once";
  }
  return "";
}

/// Whether each firing of `one` starts it together with `other`.
bool always_meet(const std::vector<time::Instant>& firings, const ReadFacts& one,
                 const ReadFacts& other) {
  const time::Duration ahead = jitter_of(one.facts.label, one.facts.schedule.jitter) -
                               jitter_of(other.facts.label, other.facts.schedule.jitter);
  return !firings.empty() && std::all_of(firings.begin(), firings.end(), [&](time::Instant firing) {
    const time::Instant at = firing + ahead;
    return time::next_firing(other.table, at - time::Duration(1)) == at;
  });
}

}  // namespace

std::vector<Finding> check_own_load(const ReadFacts& read, time::Instant now) {
  const ScheduleFacts& facts = read.facts;
  const auto taken = average(facts.durations);
  const auto firings = firings_of(read.table, now);
  if (!taken || firings.size() < 2 || facts.schedule.from_finish) {
    return {};
  }
  std::vector<time::Duration> between;
  for (std::size_t i = 1; i < firings.size(); ++i) {
    between.push_back(firings[i] - firings[i - 1]);
  }
  const auto [shortest, longest] = std::minmax_element(between.begin(), between.end());
  if (*taken <= *shortest) {
    return {};
  }
  const bool is_always = facts.schedule.overlap == model::Overlap::skip && *taken > *longest;
  return {
      {facts.label, is_always ? "always_skips" : "overrun",
       fmt::format("runs take {} on average, and it fires {} apart: {}", to_text(*taken),
                   to_text(*shortest),
                   is_always ? "each run has firings skipped" : effect_of(facts.schedule.overlap)),
       fmt::format("fire less often, or after the last run: sched edit {} --every {} --from "
                   "finish",
                   facts.label, to_text(*shortest))}};
}

std::vector<Finding> check_shared_moments(const std::vector<ReadFacts>& all, time::Instant now) {
  std::vector<const ReadFacts*> heavy;
  std::vector<std::vector<time::Instant>> firings;
  for (const ReadFacts& read : all) {
    if (average(read.facts.durations).value_or(time::Duration::zero()) > k_heavy &&
        !read.facts.schedule.from_finish) {
      heavy.push_back(&read);
      firings.push_back(firings_of(read.table, now));
    }
  }
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < heavy.size(); ++i) {
    for (std::size_t j = i + 1; j < heavy.size(); ++j) {
      const bool follows = always_meet(firings[j], *heavy[j], *heavy[i]);
      if (!follows && !always_meet(firings[i], *heavy[i], *heavy[j])) {
        continue;
      }
      const ScheduleFacts& one = heavy[follows ? j : i]->facts;
      const ScheduleFacts& other = heavy[follows ? i : j]->facts;
      findings.push_back(
          {one.label, "same_moment",
           fmt::format("always starts together with {}, and both take long ({} and "
                       "{} on average)",
                       other.label, to_text(*average(one.durations)),
                       to_text(*average(other.durations))),
           fmt::format("move one of them, or spread them: sched edit {} --jitter 10m", one.label)});
    }
  }
  return findings;
}

}  // namespace sched::rules
