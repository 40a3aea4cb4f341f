#include "time/cron.hpp"

#include "fuzz.hpp"

namespace {

using namespace sched;

/// The moments before clocks are set forward and back, and a day that was left out.
struct Place {
  const char* zone;
  std::int64_t before_ms;
};
constexpr Place k_places[] = {{"UTC", 1'767'225'600'000},
                              {"Europe/Berlin", 1'774'742'400'000},
                              {"Australia/Lord_Howe", 1'775'304'000'000},
                              {"Pacific/Apia", 1'325'203'200'000}};

void check_firings(const time::Readings& readings) {
  for (const Place& place : k_places) {
    const time::Zone zone = time::Zone::named(place.zone).value();
    time::Instant after = time::from_ms(place.before_ms);
    for (int i = 0; i < 4; ++i) {
      const auto next = time::next_firing(readings, zone, after);
      if (!next) {
        break;
      }
      fuzz::require(*next > after && time::is_in_range(*next));
      fuzz::require(time::next_firing(readings, zone, *next - time::Duration(1)) == next);
      // What fires has been reached: at its reading, or by a leap over it.
      const bool after_leap = zone.stretch_at(*next).begin == *next;
      fuzz::require(after_leap || time::contains(readings, zone.to_local(*next)));
      after = *next;
    }
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text(data, size);
  const auto standard = time::parse_cron(text, time::CronDialect::standard, "fuzz");
  const auto extended = time::parse_cron(text, time::CronDialect::extended, "fuzz");
  for (const auto* expression : {&standard, &extended}) {
    if (!*expression) {
      fuzz::require(expression->error().kind() == base::ErrorKind::invalid_input);
      fuzz::require(!expression->error().hint().empty());
      fuzz::require_readable(expression->error());
    }
  }
  if (standard) {  // the extended dialect adds, and changes nothing
    fuzz::require(extended.ok() && *extended == *standard);
  }
  if (!extended) {
    return 0;
  }
  fuzz::require(time::parse_cron(extended->text, time::CronDialect::extended, "fuzz").value() ==
                *extended);
  fuzz::require(extended->warnings.size() <= size);
  fuzz::require(!extended->at_boot || !time::first_reading(extended->readings, {}));
  check_firings(extended->readings);
  return 0;
}
