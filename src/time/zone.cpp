#include "time/zone.hpp"

#include "base/text.hpp"
#include "time/tz_file.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <mutex>
#include <vector>

namespace sched::time {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

// Bounds of what is looked up, one year around what sched works with; they keep the sums of offsets
// and moments far from overflow.
constexpr Instant k_beginning = std::chrono::sys_days(std::chrono::year(1969) / 1 / 1);
constexpr Instant k_end = std::chrono::sys_days(std::chrono::year(2201) / 1 / 1);

/// A stretch of time with one offset: from `begin` up to, and without, `end`.
struct Stretch {
  Instant begin;
  Instant end;
  Duration offset;
};

bool is_utc_name(std::string_view name) {
  return name == "UTC" || name == "Etc/UTC" || name == "UCT" || name == "Zulu";
}

Instant from_seconds(date::sys_seconds at) {
  const auto count = std::clamp<std::int64_t>(
      at.time_since_epoch().count(), floor<seconds>(k_beginning).time_since_epoch().count(),
      floor<seconds>(k_end).time_since_epoch().count());
  return Instant(seconds(count));
}

base::Error no_tzdata(std::string_view name) {
  return {
      base::ErrorKind::invalid_input,
      fmt::format("time zone {} is unknown: this system has no usable tzdata", base::quote(name)),
      "install the package tzdata, or use UTC"};
}

/// Whether date can be asked: it reads one of these for leap seconds before anything else, and ends
/// the program when that is damaged.
bool is_tzdata_usable() {
  static const bool usable = [] {
    if (!read_tz_file("right/UTC") && !read_tz_file("UTC")) {
      return false;
    }
    try {
      date::get_tzdb();
      return true;
    } catch (const std::runtime_error&) {
      return false;
    }
  }();
  return usable;
}

base::Error unknown_zone(std::string_view name) {
  std::vector<std::string> names = {"UTC"};
  for (const date::time_zone& zone : date::get_tzdb().zones) {
    names.push_back(zone.name());
  }
  return {base::ErrorKind::invalid_input, fmt::format("time zone {} is unknown", base::quote(name)),
          base::did_you_mean(name, names, "zones have names like Europe/Berlin; UTC is one too")};
}

}  // namespace

struct Zone::Data {
  std::string name;
  const date::time_zone* listed = nullptr;  ///< Null for UTC.
  std::optional<PosixRule> rule;            ///< After the last listed change.

  static base::Result<std::shared_ptr<const Data>> load(std::string_view name);
  Stretch at(Instant instant) const;
  Stretch by_rule(Instant instant, const Stretch& last_listed) const;
};

base::Result<std::shared_ptr<const Zone::Data>> Zone::Data::load(std::string_view name) {
  const auto data = std::make_shared<Data>();
  data->name = name;
  if (is_utc_name(name)) {
    return std::shared_ptr<const Data>(data);
  }
  if (!is_tzdata_usable()) {
    return no_tzdata(name);
  }
  try {
    data->listed = date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return unknown_zone(name);
  }
  const auto file = read_tz_file(name);  // before date reads it, which trusts what it reads
  if (!file) {
    return base::Error(base::ErrorKind::invalid_input,
                       fmt::format("the tzdata of time zone {} is damaged", base::quote(name)),
                       "install the package tzdata anew");
  }
  data->rule = file->rule;
  return std::shared_ptr<const Data>(data);
}

Stretch Zone::Data::at(Instant instant) const {
  if (listed == nullptr) {
    return {k_beginning, k_end, Duration::zero()};
  }
  const Instant bounded = std::clamp(instant, k_beginning, k_end - Duration(1));
  const date::sys_info info =
      listed->get_info(date::sys_seconds(floor<seconds>(bounded.time_since_epoch())));
  const Stretch stretch = {from_seconds(info.begin), from_seconds(info.end), info.offset};
  const bool is_last_listed = stretch.end == k_end;
  return is_last_listed && rule ? by_rule(bounded, stretch) : stretch;
}

/// tzdata lists changes up to 2037 at most for a zone that goes on by a rule, and date knows
/// nothing of the rule.
Stretch Zone::Data::by_rule(Instant instant, const Stretch& last_listed) const {
  Stretch stretch = {last_listed.begin, k_end, rule->standard};
  const std::chrono::year year =
      std::chrono::year_month_day(floor<std::chrono::days>(instant)).year();
  for (int step = -1; step <= 1; ++step) {
    for (const OffsetChange& change : rule->changes(year + std::chrono::years(step))) {
      if (change.at <= instant) {
        stretch.begin = std::max(change.at, last_listed.begin);
        stretch.offset = change.after;
      } else {
        stretch.end = std::min(stretch.end, change.at);
      }
    }
  }
  return stretch;
}

base::Result<Zone> Zone::named(std::string_view name) {
  if (name.empty()) {
    name = system_zone();
  }
  if (name == "localtime") {
    return base::Error(base::ErrorKind::invalid_input,
                       "time zone 'localtime' is another one on every machine",
                       fmt::format("name it, as in {}", system_zone()));
  }
  // Kept, for a worker asks for the same few names at every firing.
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const Data>, std::less<>> known;
  const std::lock_guard lock(mutex);
  if (const auto found = known.find(name); found != known.end()) {
    return Zone(found->second);
  }
  const auto data = Data::load(name);
  if (!data) {
    return data.error();
  }
  known.emplace(std::string(name), *data);
  return Zone(*data);
}

Zone Zone::utc() {
  return named("UTC").value();
}

const std::string& Zone::name() const {
  return data_->name;
}

Duration Zone::offset_at(Instant instant) const {
  return data_->at(instant).offset;
}

LocalTime Zone::to_local(Instant instant) const {
  return LocalTime(instant.time_since_epoch() + offset_at(instant));
}

Resolution Zone::resolve(LocalTime local) const {
  // No clock is further than a day from UTC, so the moment lies in a stretch near the reading. The
  // largest jump is a whole day (Apia in 2011), hence two days to each side.
  constexpr auto k_reach = std::chrono::days(2);
  const Instant as_utc(local.time_since_epoch());
  std::vector<Instant> moments;
  std::optional<Stretch> earlier;
  for (Stretch stretch = data_->at(as_utc - k_reach);; stretch = data_->at(stretch.end)) {
    const Instant moment = as_utc - stretch.offset;
    if (moment >= stretch.begin && moment < stretch.end) {
      moments.push_back(moment);
    }
    const bool jumped_over =
        earlier && as_utc - earlier->offset >= stretch.begin && moment < stretch.begin;
    if (jumped_over) {
      return {Resolution::Kind::gap, stretch.begin, stretch.begin,
              stretch.offset - earlier->offset};
    }
    if (stretch.end > as_utc + k_reach || stretch.end >= k_end) {
      break;
    }
    earlier = stretch;
  }
  if (moments.empty()) {  // outside of what is looked up
    const Instant moment = as_utc - offset_at(as_utc);
    return {Resolution::Kind::unique, moment, moment, {}};
  }
  const bool twice = moments.size() > 1;
  return {twice ? Resolution::Kind::ambiguous : Resolution::Kind::unique,
          moments.front(),
          twice ? moments[1] : moments.front(),
          {}};
}

std::optional<OffsetChange> Zone::next_change(Instant after) const {
  Stretch before = data_->at(after);
  while (before.end < k_end) {
    const Stretch next = data_->at(before.end);
    if (next.offset != before.offset) {  // else only the name or the flag of summer time changed
      return OffsetChange{next.begin, before.offset, next.offset};
    }
    before = next;
  }
  return std::nullopt;
}

}  // namespace sched::time
