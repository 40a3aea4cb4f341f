#include "time/zone.hpp"

#include "base/text.hpp"
#include "time/tz_file.hpp"

#include <fmt/format.h>

#include <algorithm>
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
constexpr Instant k_end = std::chrono::sys_days(std::chrono::year(2501) / 1 / 1);

bool is_utc_name(std::string_view name) {
  return name == "UTC" || name == "Etc/UTC" || name == "UCT" || name == "Zulu";
}

Instant within_bounds(seconds since_1970) {
  const auto count = std::clamp<std::int64_t>(
      since_1970.count(), floor<seconds>(k_beginning).time_since_epoch().count(),
      floor<seconds>(k_end).time_since_epoch().count());
  return Instant(seconds(count));
}

base::Error no_tzdata(std::string_view name) {
  return {
      base::ErrorKind::invalid_input,
      fmt::format("time zone {} is unknown: this system has no usable tzdata", base::quote(name)),
      "install the package tzdata, or use UTC"};
}

base::Error unknown_zone(std::string_view name) {
  std::vector<std::string> names = tz_names();
  if (names.empty()) {
    return no_tzdata(name);
  }
  names.emplace_back("UTC");
  return {base::ErrorKind::invalid_input, fmt::format("time zone {} is unknown", base::quote(name)),
          base::did_you_mean(name, names, "zones have names like Europe/Berlin; UTC is one too")};
}

/// Where only the name or the flag of summer time changes, the stretch goes on.
void add(std::vector<Stretch>& stretches, const Stretch& stretch) {
  if (stretch.begin >= stretch.end) {
    return;
  }
  if (!stretches.empty() && stretches.back().offset == stretch.offset) {
    stretches.back().end = stretch.end;
    return;
  }
  stretches.push_back(stretch);
}

/// From the last change that is listed, 2037 at most.
void add_by_rule(std::vector<Stretch>& stretches, const PosixRule& rule, Instant begin) {
  std::vector<OffsetChange> changes;
  std::chrono::year year = std::chrono::year_month_day(floor<std::chrono::days>(begin)).year();
  for (--year; year <= std::chrono::year(2501); ++year) {
    const auto of_year = rule.changes(year);
    changes.insert(changes.end(), of_year.begin(), of_year.end());
  }
  // Hours up to 167 can carry a change into another year; of two at one moment the later counts.
  std::stable_sort(changes.begin(), changes.end(),
                   [](const OffsetChange& a, const OffsetChange& b) { return a.at < b.at; });
  Stretch stretch = {begin, k_end, rule.standard};
  for (const OffsetChange& change : changes) {
    stretch.end = std::clamp(change.at, begin, k_end);
    add(stretches, stretch);
    stretch = {stretch.end, k_end, change.after};
  }
  add(stretches, stretch);
}

std::vector<Stretch> stretches_of(const TzFile& file) {
  std::vector<Stretch> stretches;
  Stretch stretch = {k_beginning, k_end, file.first};
  for (const TzFile::Change& change : file.changes) {
    stretch.end = within_bounds(change.at);
    add(stretches, stretch);
    stretch = {stretch.end, k_end, change.after};
  }
  if (file.rule) {
    add_by_rule(stretches, *file.rule, stretch.begin);
  } else {
    add(stretches, stretch);
  }
  return stretches;
}

}  // namespace

struct Zone::Data {
  Data(std::string_view name_, TzFile file_) : name(name_), file(std::move(file_)) {}

  const std::string name;
  const TzFile file;

  /// From k_beginning to k_end; neighbours differ in offset. Most commands look at a zone only to
  /// know that there is one, so these are found when they are first asked for.
  const std::vector<Stretch>& stretches() const;
  std::size_t index_at(Instant instant) const;

  static base::Result<std::shared_ptr<const Data>> load(std::string_view name);

 private:
  mutable std::once_flag found_;
  mutable std::vector<Stretch> stretches_;
};

base::Result<std::shared_ptr<const Zone::Data>> Zone::Data::load(std::string_view name) {
  if (is_utc_name(name)) {
    return std::shared_ptr<const Data>(std::make_shared<Data>(name, TzFile()));
  }
  const auto content = read_tz_file(name);
  if (!content) {
    return unknown_zone(name);
  }
  auto file = parse_tz_file(*content);
  if (!file) {
    return base::Error(base::ErrorKind::invalid_input,
                       fmt::format("the tzdata of time zone {} is damaged", base::quote(name)),
                       "install the package tzdata anew");
  }
  return std::shared_ptr<const Data>(std::make_shared<Data>(name, *std::move(file)));
}

const std::vector<Stretch>& Zone::Data::stretches() const {
  std::call_once(found_, [this] { stretches_ = stretches_of(file); });
  return stretches_;
}

std::size_t Zone::Data::index_at(Instant instant) const {
  const auto next =
      std::upper_bound(stretches().begin() + 1, stretches().end(), instant,
                       [](Instant at, const Stretch& stretch) { return at < stretch.begin; });
  return static_cast<std::size_t>(next - stretches().begin()) - 1;
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

const Stretch& Zone::stretch_at(Instant instant) const {
  return data_->stretches()[data_->index_at(instant)];
}

Duration Zone::offset_at(Instant instant) const {
  return stretch_at(instant).offset;
}

LocalTime Zone::to_local(Instant instant) const {
  return LocalTime(instant.time_since_epoch() + offset_at(instant));
}

Resolution Zone::resolve(LocalTime local) const {
  // No clock is further than a day from UTC, so the moment lies in a stretch near the reading. The
  // largest jump is a whole day (Apia in 2011), hence two days to each side.
  constexpr auto k_reach = std::chrono::days(2);
  const Instant as_utc(local.time_since_epoch());
  std::optional<Instant> first;
  const Stretch* earlier = nullptr;
  for (std::size_t i = data_->index_at(as_utc - k_reach); i < data_->stretches().size(); ++i) {
    const Stretch& stretch = data_->stretches()[i];
    const Instant moment = as_utc - stretch.offset;
    const bool jumped_over =
        earlier != nullptr && as_utc - earlier->offset >= stretch.begin && moment < stretch.begin;
    if (jumped_over && !first) {
      return {Resolution::Kind::gap, stretch.begin, stretch.begin,
              stretch.offset - earlier->offset};
    }
    if (moment >= stretch.begin && moment < stretch.end) {
      if (first) {
        return {Resolution::Kind::ambiguous, *first, moment, {}};
      }
      first = moment;
    }
    if (stretch.end > as_utc + k_reach) {
      break;
    }
    earlier = &stretch;
  }
  // None is found outside of what is looked up.
  const Instant moment = first.value_or(as_utc - offset_at(as_utc));
  return {Resolution::Kind::unique, moment, moment, {}};
}

std::optional<OffsetChange> Zone::next_change(Instant after) const {
  const std::size_t next = data_->index_at(after) + 1;
  if (next >= data_->stretches().size()) {
    return std::nullopt;
  }
  const Stretch& stretch = data_->stretches()[next];
  return OffsetChange{stretch.begin, data_->stretches()[next - 1].offset, stretch.offset};
}

}  // namespace sched::time
