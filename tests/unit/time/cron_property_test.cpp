#include "support/random_cron.hpp"
#include "time/cron.hpp"
#include "time/timestamp.hpp"

#include <doctest/doctest.h>

#include <stdlib.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace sched;
using namespace std::chrono_literals;
using std::chrono::floor;

namespace {

/// The C library's own idea of a zone: another reader of tzdata than the one under test.
class WallClock {
 public:
  explicit WallClock(const char* zone) {
    if (const char* tz = std::getenv("TZ")) {
      before_ = tz;
    }
    ::setenv("TZ", (std::string(":") + zone).c_str(), 1);
    ::tzset();
  }
  ~WallClock() {
    if (before_) {
      ::setenv("TZ", before_->c_str(), 1);
    } else {
      ::unsetenv("TZ");
    }
    ::tzset();
  }
  WallClock(const WallClock&) = delete;
  WallClock& operator=(const WallClock&) = delete;

  time::LocalTime show(time::Instant at) const {
    const time_t seconds = floor<std::chrono::seconds>(at).time_since_epoch().count();
    struct tm shown {};
    ::localtime_r(&seconds, &shown);
    return time::LocalTime(at.time_since_epoch() + std::chrono::seconds(shown.tm_gmtoff));
  }

 private:
  std::optional<std::string> before_;
};

/// Whether the minute is one of the expression's.
bool matches(const test::RandomCron& cron, time::LocalTime minute) {
  const auto day = floor<std::chrono::days>(minute);
  const auto of_day = floor<std::chrono::minutes>(minute - day).count();
  return cron.minutes.contains(static_cast<int>(of_day % 60)) &&
         cron.hours.contains(static_cast<int>(of_day / 60)) &&
         cron.matches(test::wall_day(std::chrono::sys_days(day.time_since_epoch())));
}

/// All firings in (after, until], by looking at every real minute: the rule for clock changes word
/// by word.
std::vector<time::Instant> brute_force(const test::RandomCron& cron, const WallClock& clock,
                                       time::Instant after, time::Instant until) {
  std::vector<time::Instant> firings;
  const auto fire = [&](time::Instant at) {
    if (at > after && at <= until) {
      firings.push_back(at);
    }
  };
  // Two days before, to know what the clock has shown already.
  time::Instant minute = floor<std::chrono::minutes>(after) - 48h;
  time::LocalTime shown = clock.show(minute);
  time::LocalTime latest = shown;
  while (minute <= until) {
    minute += 1min;
    const time::LocalTime now_shown = clock.show(minute);
    const bool is_repeated = now_shown <= latest;
    if (!cron.is_wildcard && now_shown - shown > 1min && now_shown - shown < 1min + 3h) {
      bool skipped = false;
      for (auto missing = shown + 1min; missing < now_shown; missing += 1min) {
        skipped = skipped || (missing > latest && matches(cron, missing));
      }
      const bool fires_itself =
          !is_repeated && matches(cron, now_shown) && *cron.seconds.begin() == 0;
      if (skipped && !fires_itself) {
        fire(minute);
      }
    }
    if ((cron.is_wildcard || !is_repeated) && matches(cron, now_shown)) {
      for (const int second : cron.seconds) {
        fire(minute + std::chrono::seconds(second));
      }
    }
    shown = now_shown;
    latest = std::max(latest, shown);
  }
  return firings;
}

constexpr std::array k_zones = {
    "UTC",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/St_Johns",
    "Asia/Gaza",
    "Africa/Cairo",
    "Europe/London",
    "Europe/Dublin",
    "Asia/Pyongyang",
    "America/Caracas",
    "Europe/Volgograd",
    "Pacific/Chatham",
    "America/Havana",
    "Pacific/Kwajalein",
    "Asia/Tehran",
    "Atlantic/Azores",
    "America/New_York",
    "America/Sao_Paulo",
};

struct Scene {
  const char* zone;
  time::Instant after;
  test::RandomCron cron;
};

time::Duration up_to(std::mt19937_64& random, time::Duration most) {
  return time::Duration(std::uniform_int_distribution<std::int64_t>(0, most.count())(random));
}

/// Three times in four near a change of the offset; now and then on the very moment.
Scene random_scene(std::mt19937_64& random) {
  Scene scene;
  scene.zone = k_zones[random() % k_zones.size()];
  // All offsets are whole minutes since 1973.
  scene.after = std::chrono::sys_days(1974y / 1 / 1) + up_to(random, 24h * 365 * 90);
  const auto change = time::Zone::named(scene.zone).value().next_change(scene.after);
  if (change && random() % 4 != 0) {
    scene.after = change->at;
    switch (random() % 8) {
      case 0:
        break;
      case 1:
        scene.after -= 1ms;
        break;
      default:
        scene.after += up_to(random, 72h) - 36h;
    }
  }
  if (random() % 2 == 0) {
    scene.after = floor<std::chrono::minutes>(scene.after);
  }
  scene.cron = test::random_cron(random, test::wall_day(floor<std::chrono::days>(scene.after)));
  return scene;
}

void check_scene(std::mt19937_64& random, const Scene& scene) {
  const auto expression = time::parse_cron(scene.cron.text, scene.cron.dialect, "task");
  REQUIRE_MESSAGE(expression.ok(), expression.error().message());
  const time::Zone zone = time::Zone::named(scene.zone).value();
  const bool is_dense = scene.cron.seconds.size() * scene.cron.minutes.size() > 120;
  const time::Instant until = scene.after + (is_dense ? time::Duration(4h) : time::Duration(60h));
  const WallClock clock(scene.zone);
  const auto expected = brute_force(scene.cron, clock, scene.after, until);
  // Iterating finds all of them, and nothing else.
  time::Instant at = scene.after;
  for (const time::Instant firing : expected) {
    const auto next = time::next_firing(expression->readings, zone, at);
    REQUIRE(next.has_value());
    REQUIRE(time::to_rfc3339(*next) == time::to_rfc3339(firing));
    REQUIRE(*next > at);
    at = *next;
  }
  const auto beyond = time::next_firing(expression->readings, zone, at);
  REQUIRE((!beyond || *beyond > until));
  // So does asking afresh from any moment between.
  for (int i = 0; i < 8; ++i) {
    const time::Instant from = scene.after + up_to(random, until - scene.after);
    CAPTURE(time::to_rfc3339(from));
    const auto next = time::next_firing(expression->readings, zone, from);
    const auto first = std::upper_bound(expected.begin(), expected.end(), from);
    if (first == expected.end()) {
      REQUIRE(next == beyond);
    } else {
      REQUIRE(next == *first);
    }
  }
}

/// What is rare, or never: no day between is one of the expression's.
void check_far(const Scene& scene) {
  const auto readings = time::parse_cron(scene.cron.text, scene.cron.dialect, "").value().readings;
  const auto next = time::next_firing(readings, time::Zone::utc(), scene.after);
  const auto last = floor<std::chrono::days>(next.value_or(time::k_end_of_time));
  for (auto day = floor<std::chrono::days>(scene.after) + std::chrono::days(1); day < last;
       day += std::chrono::days(1)) {
    if (scene.cron.matches(test::wall_day(day))) {
      FAIL("missed " << time::to_rfc3339(day));
    }
  }
}

}  // namespace

TEST_CASE("cron fires at all the moments that the rule for clock changes says, and no others") {
  const char* asked_for = std::getenv("SCHED_PROPERTY_ROUNDS");
  const int rounds = asked_for == nullptr ? 1500 : std::atoi(asked_for);
  std::mt19937_64 random(20260329);
  for (int round = 0; round < rounds; ++round) {
    const Scene scene = random_scene(random);
    CAPTURE(round);
    CAPTURE(scene.cron.text);
    CAPTURE(std::string(scene.zone));
    CAPTURE(time::to_rfc3339(scene.after));
    check_scene(random, scene);
    if (round % 10 == 0) {
      check_far(scene);
    }
  }
}
