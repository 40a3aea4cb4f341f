#include "time/zone.hpp"

#include "time/timestamp.hpp"
#include "time/tz_file.hpp"

#include <date/tz.h>
#include <doctest/doctest.h>

#include <optional>
#include <string>

using namespace sched;
using namespace std::chrono_literals;
using Kind = time::Resolution::Kind;

namespace {

time::Zone zone(const char* name) {
  return time::Zone::named(name).value();
}

time::Instant at(const std::string& utc) {
  return time::parse_moment(utc, {}).value().at;
}

/// The reading "2026-03-29T02:30:00" of a clock on the wall.
time::LocalTime reading(const std::string& text) {
  return time::LocalTime(at(text + "Z").time_since_epoch());
}

}  // namespace

TEST_CASE("a reading of the clock is one moment, none or two") {
  struct Row {
    const char* zone;
    const char* local;
    Kind kind;
    const char* first;
    const char* second;
    time::Duration gap;
  };
  for (const Row& row : {
           Row{"UTC", "2026-03-29T02:30:00", Kind::unique, "2026-03-29T02:30:00Z", "", 0s},
           Row{"Europe/Berlin", "2026-01-15T12:00:00", Kind::unique, "2026-01-15T11:00:00Z", "",
               0s},
           Row{"Europe/Berlin", "2026-07-15T12:00:00", Kind::unique, "2026-07-15T10:00:00Z", "",
               0s},
           Row{"Europe/Berlin", "2026-03-29T01:59:59", Kind::unique, "2026-03-29T00:59:59Z", "",
               0s},
           Row{"Europe/Berlin", "2026-03-29T02:00:00", Kind::gap, "2026-03-29T01:00:00Z", "", 1h},
           Row{"Europe/Berlin", "2026-03-29T02:59:59", Kind::gap, "2026-03-29T01:00:00Z", "", 1h},
           Row{"Europe/Berlin", "2026-03-29T03:00:00", Kind::unique, "2026-03-29T01:00:00Z", "",
               0s},
           Row{"Europe/Berlin", "2026-10-25T01:59:59", Kind::unique, "2026-10-24T23:59:59Z", "",
               0s},
           Row{"Europe/Berlin", "2026-10-25T02:30:00", Kind::ambiguous, "2026-10-25T00:30:00Z",
               "2026-10-25T01:30:00Z", 0s},
           Row{"Europe/Berlin", "2026-10-25T03:00:00", Kind::unique, "2026-10-25T02:00:00Z", "",
               0s},
           // By the rule at the end of the file, for no change after 2037 is listed in it.
           Row{"Europe/Berlin", "2050-07-15T12:00:00", Kind::unique, "2050-07-15T10:00:00Z", "",
               0s},
           Row{"Europe/Berlin", "2050-03-27T02:30:00", Kind::gap, "2050-03-27T01:00:00Z", "", 1h},
           Row{"Europe/Berlin", "2199-12-31T23:59:59", Kind::unique, "2199-12-31T22:59:59Z", "",
               0s},
           Row{"America/New_York", "2026-03-08T02:30:00", Kind::gap, "2026-03-08T07:00:00Z", "",
               1h},
           Row{"America/New_York", "2026-11-01T01:30:00", Kind::ambiguous, "2026-11-01T05:30:00Z",
               "2026-11-01T06:30:00Z", 0s},
           // The southern summer spans the new year, by list and by rule.
           Row{"Australia/Sydney", "2026-01-15T12:00:00", Kind::unique, "2026-01-15T01:00:00Z", "",
               0s},
           Row{"Australia/Sydney", "2060-01-15T12:00:00", Kind::unique, "2060-01-15T01:00:00Z", "",
               0s},
           Row{"Australia/Sydney", "2060-06-15T12:00:00", Kind::unique, "2060-06-15T02:00:00Z", "",
               0s},
           // Half an hour of summer time.
           Row{"Australia/Lord_Howe", "2026-04-05T01:45:00", Kind::ambiguous,
               "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", 0s},
           Row{"Australia/Lord_Howe", "2026-10-04T02:15:00", Kind::gap, "2026-10-03T15:30:00Z", "",
               30min},
           // Apia left out a whole day to be on the other side of the date line.
           Row{"Pacific/Apia", "2011-12-29T23:59:59", Kind::unique, "2011-12-30T09:59:59Z", "", 0s},
           Row{"Pacific/Apia", "2011-12-30T12:00:00", Kind::gap, "2011-12-30T10:00:00Z", "", 24h},
           Row{"Pacific/Apia", "2011-12-31T00:00:00", Kind::unique, "2011-12-30T10:00:00Z", "", 0s},
           // Kwajalein left out a day, too; a gap at midnight; a gap of two hours.
           Row{"Pacific/Kwajalein", "1993-08-21T12:00:00", Kind::gap, "1993-08-21T12:00:00Z", "",
               24h},
           Row{"Asia/Beirut", "2026-03-29T00:30:00", Kind::gap, "2026-03-28T22:00:00Z", "", 1h},
           Row{"Antarctica/Troll", "2026-03-29T02:00:00", Kind::gap, "2026-03-29T01:00:00Z", "",
               2h},
           Row{"Asia/Kathmandu", "2026-03-29T00:30:00", Kind::unique, "2026-03-28T18:45:00Z", "",
               0s},
       }) {
    CAPTURE(row.zone);
    CAPTURE(row.local);
    const auto found = zone(row.zone).resolve(reading(row.local));
    CHECK(found.kind == row.kind);
    CHECK(time::to_rfc3339(found.first) == row.first);
    CHECK(time::to_rfc3339(found.second) == (*row.second == '\0' ? row.first : row.second));
    CHECK(found.gap == row.gap);
  }
}

TEST_CASE("a moment shown in a zone resolves to itself") {
  for (const char* name :
       {"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia",
        "America/St_Johns", "Africa/Casablanca", "Europe/Dublin"}) {
    const time::Zone here = zone(name);
    for (time::Instant moment = at("1970-01-02T00:00:00Z"); moment < at("2199-12-30T00:00:00Z");
         moment += 24h * 97 + 7919s) {
      const auto found = here.resolve(here.to_local(moment));
      CAPTURE(name);
      CAPTURE(time::to_rfc3339(moment));
      REQUIRE((found.first == moment || found.second == moment));
    }
  }
}

TEST_CASE("milliseconds are kept on both ways") {
  const auto found = zone("Europe/Berlin").resolve(reading("2026-03-29T01:59:59") + 999ms);
  CHECK(found.kind == Kind::unique);
  CHECK(time::to_rfc3339(found.first) == "2026-03-29T00:59:59.999Z");
}

TEST_CASE("the next change of offset is found, and a change of name only is none") {
  struct Row {
    const char* zone;
    const char* after;
    const char* expected;
    time::Duration before;
    time::Duration then;
  };
  for (const Row& row :
       {Row{"Europe/Berlin", "2026-01-01T00:00:00Z", "2026-03-29T01:00:00Z", 1h, 2h},
        Row{"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", 2h, 1h},
        Row{"Europe/Berlin", "2037-12-01T00:00:00Z", "2038-03-28T01:00:00Z", 1h, 2h},
        Row{"Europe/Berlin", "2199-01-01T00:00:00Z", "2199-03-31T01:00:00Z", 1h, 2h},
        Row{"Pacific/Apia", "2011-11-01T00:00:00Z", "2011-12-30T10:00:00Z", -10h, 14h}}) {
    CAPTURE(row.zone);
    CAPTURE(row.after);
    const auto change = zone(row.zone).next_change(at(row.after));
    REQUIRE(change.has_value());
    CHECK(time::to_rfc3339(change->at) == row.expected);
    CHECK(change->before == row.before);
    CHECK(change->after == row.then);
  }
  CHECK_FALSE(zone("UTC").next_change(at("2026-01-01T00:00:00Z")).has_value());
  CHECK_FALSE(zone("Asia/Tokyo").next_change(at("2026-01-01T00:00:00Z")).has_value());
}

TEST_CASE("stretches follow each other without a hole, each with another offset") {
  for (const char* name : {"UTC", "Europe/Berlin", "Europe/Dublin", "Africa/Casablanca",
                           "Pacific/Apia", "America/Sao_Paulo"}) {
    CAPTURE(name);
    const time::Zone here = zone(name);
    const time::Stretch* stretch = &here.stretch_at(time::k_first_instant);
    CHECK(&here.stretch_at(time::Instant::min()) ==
          &here.stretch_at(at("1970-01-01T00:00:00Z") - 8784h));
    while (stretch->end < time::k_end_of_time) {
      const time::Stretch& next = here.stretch_at(stretch->end);
      REQUIRE(next.begin == stretch->end);
      REQUIRE(next.end > next.begin);
      REQUIRE(next.offset != stretch->offset);
      REQUIRE(&here.stretch_at(next.begin - 1ms) == stretch);
      stretch = &next;
    }
    CHECK(&here.stretch_at(time::Instant::max()) ==
          &here.stretch_at(time::k_end_of_time + std::chrono::days(400)));
  }
}

TEST_CASE("all zones of tzdata are read as the package date reads them") {
  // It knows nothing of the rule by which a zone goes on: up to what is listed both must agree.
  const date::sys_seconds last = date::sys_days(date::year(2037) / 1 / 1);
  std::size_t seen = 0;
  for (const std::string& name : time::tz_names()) {
    CAPTURE(name);
    const time::Zone ours = zone(name.c_str());
    const date::time_zone* theirs = date::locate_zone(name);
    for (date::sys_seconds at = date::sys_days(date::year(1970) / 1 / 1); at < last; ++seen) {
      const date::sys_info info = theirs->get_info(at);
      const auto end = std::min(info.end, last);
      for (const auto moment : {at, end - std::chrono::seconds(1)}) {
        CAPTURE(moment.time_since_epoch().count());
        REQUIRE(ours.offset_at(time::Instant(moment.time_since_epoch())) == info.offset);
      }
      at = end;
    }
  }
  CHECK(seen > 10'000);
}

TEST_CASE("an unknown zone is refused with the nearest one") {
  const auto unknown = time::Zone::named("Europe/Berln");
  REQUIRE_FALSE(unknown.ok());
  CHECK(unknown.error().kind() == base::ErrorKind::invalid_input);
  CHECK(unknown.error().message() == "time zone 'Europe/Berln' is unknown");
  CHECK(unknown.error().hint() == "did you mean 'Europe/Berlin'?");
  for (const char* name : {"../../etc/passwd", "localtime", "CET-1CEST", " ", "/etc/localtime"}) {
    CAPTURE(name);
    CHECK_FALSE(time::Zone::named(name).ok());
  }
}

TEST_CASE("an alias keeps its name") {
  CHECK(zone("US/Eastern").name() == "US/Eastern");
}

TEST_CASE("the zone of the system is that of TZ when it names one") {
  struct Row {
    const char* tz;
    const char* expected;
  };
  for (const Row& row :
       {Row{"Asia/Tokyo", "Asia/Tokyo"}, Row{":Asia/Tokyo", "Asia/Tokyo"}, Row{"", "UTC"},
        Row{"/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo"}, Row{"UTC", "UTC"}}) {
    CAPTURE(row.tz);
    CHECK(time::system_zone_name(row.tz) == row.expected);
  }
  // What is no name of tzdata falls back to the machine's own.
  const std::string own = time::system_zone_name(nullptr);
  CHECK(time::Zone::named(own).ok());
  CHECK(time::system_zone_name("FOO-1BAR") == own);
  CHECK(time::system_zone_name("localtime") == own);
}

TEST_CASE("the empty name is the zone of the system") {
  const std::string before = time::system_zone();
  time::set_system_zone("Asia/Tokyo");
  CHECK(time::Zone::named("").value().name() == "Asia/Tokyo");
  time::set_system_zone(before);
}
