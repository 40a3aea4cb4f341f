#include "model/guard.hpp"

#include "base/named.hpp"
#include "base/text.hpp"
#include "time/duration.hpp"

#include <fmt/format.h>

#include <array>

namespace sched::model {
namespace {

struct RateUnit {
  const char* name;
  time::Duration period;
};
constexpr std::array k_rate_units = {
    RateUnit{"s", std::chrono::seconds(1)}, RateUnit{"min", std::chrono::minutes(1)},
    RateUnit{"h", std::chrono::hours(1)}, RateUnit{"d", std::chrono::hours(24)}};
constexpr std::int64_t k_most_a_second = 1000;
constexpr int k_most_failures = 1000;
constexpr time::Duration k_longest_window = std::chrono::hours(24 * 30);

base::Error bad_rule(const std::string& what) {
  return base::bad_input(what,
                         "5 (failures in a row), 50%/20 (of the last 20 attempts) or "
                         "50%/10m (of those of ten minutes)");
}

}  // namespace

base::Result<Rate> parse_rate(std::string_view text) {
  constexpr const char* k_hint = "such as 10/min: a number, then /s, /min, /h or /d";
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return base::bad_input("it names no time", k_hint);
  }
  const auto count = base::parse_int(text.substr(0, slash));
  if (!count || *count < 1) {
    return base::bad_input(
        fmt::format("{} is no whole number of starts", base::quote(text.substr(0, slash))), k_hint);
  }
  for (const RateUnit& unit : k_rate_units) {
    if (text.substr(slash + 1) == unit.name) {
      const std::int64_t seconds = unit.period / std::chrono::seconds(1);
      if (*count > k_most_a_second * seconds) {
        return base::bad_input(fmt::format("more than {} a second", k_most_a_second),
                               "--rate none is for any number");
      }
      return Rate{*count, unit.period, 1};
    }
  }
  return base::bad_input(fmt::format("there is no time {}", base::quote(text.substr(slash + 1))),
                         k_hint);
}

std::string to_string(const Rate& rate) {
  for (const RateUnit& unit : k_rate_units) {
    if (rate.period == unit.period) {
      return fmt::format("{}/{}", rate.count, unit.name);
    }
  }
  return {};
}

base::Result<BreakerRule> parse_breaker(std::string_view text) {
  BreakerRule rule;
  const std::size_t percent = text.find('%');
  if (percent == std::string_view::npos) {
    const auto failures = base::parse_int(text);
    if (!failures) {
      return bad_rule("neither a number of failures nor a share of them");
    }
    if (*failures < 1 || *failures > k_most_failures) {
      return bad_rule(fmt::format("not from 1 to {} failures", k_most_failures));
    }
    rule.failures = static_cast<int>(*failures);
    return rule;
  }
  const auto share = base::parse_int(text.substr(0, percent));
  if (!share || *share < 1 || *share > 100) {
    return bad_rule(
        fmt::format("{} is not from 1% to 100%", base::quote(text.substr(0, percent + 1))));
  }
  rule.percent = static_cast<int>(*share);
  const std::string_view rest = text.substr(percent + 1);
  if (!rest.starts_with('/') || rest.size() < 2) {
    return bad_rule("it does not say of how many attempts, or of what time");
  }
  const std::string_view of = rest.substr(1);
  if (const auto attempts = base::parse_int(of)) {
    if (*attempts < 1 || *attempts > k_most_failures) {
      return bad_rule(fmt::format("not from 1 to {} attempts", k_most_failures));
    }
    rule.attempts = static_cast<int>(*attempts);
    return rule;
  }
  const auto window = time::parse_duration(of);
  if (!window) {
    return bad_rule(fmt::format("{} is neither a number of attempts nor a time", base::quote(of)));
  }
  if (*window < std::chrono::seconds(1) || *window > k_longest_window) {
    return bad_rule("its time is not from 1s to 30d");
  }
  rule.window = *window;
  return rule;
}

std::string to_string(const BreakerRule& rule) {
  if (rule.failures > 0) {
    return fmt::format("{}", rule.failures);
  }
  return rule.attempts > 0 ? fmt::format("{}%/{}", rule.percent, rule.attempts)
                           : fmt::format("{}%/{}", rule.percent, time::to_string(rule.window));
}

std::string told(const BreakerRule& rule) {
  if (rule.failures > 0) {
    return rule.failures == 1 ? "a failure" : fmt::format("{} failures in a row", rule.failures);
  }
  return rule.attempts > 0
             ? fmt::format("{}% of the last {} attempts failed", rule.percent, rule.attempts)
             : fmt::format("{}% of the attempts of the last {} failed", rule.percent,
                           time::to_string(rule.window));
}

const char* to_string(GuardScope scope) {
  switch (scope) {
    case GuardScope::task:
      return "task";
    case GuardScope::queue:
      return "queue";
    case GuardScope::resource:
      return "resource";
    case GuardScope::tag:
      return "tag";
  }
  return "?";
}

std::optional<GuardScope> parse_guard_scope(std::string_view text) {
  return base::named(text,
                     {GuardScope::task, GuardScope::queue, GuardScope::resource, GuardScope::tag});
}

std::string label(const Guard& guard) {
  return fmt::format("{}:{}", to_string(guard.scope), guard.name);
}

}  // namespace sched::model
