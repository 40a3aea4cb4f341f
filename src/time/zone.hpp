#pragma once

#include "base/result.hpp"
#include "time/instant.hpp"
#include "time/posix_rule.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sched::time {

/// What a local reading means in a zone.
struct Resolution {
  enum class Kind {
    unique,     ///< One moment: `first`.
    gap,        ///< None, the clocks were set forward over it: `first` is the first moment after.
    ambiguous,  ///< Two, the clocks were set back over it: `first` and `second` are its passes.
  };
  Kind kind = Kind::unique;
  Instant first;
  Instant second;  ///< Equals `first` unless ambiguous.
  Duration gap{};  ///< How far the clocks were set forward; 0 unless gap.
};

/// A stretch of time with one UTC offset: from `begin` up to, and without, `end`.
struct Stretch {
  Instant begin;
  Instant end;
  Duration offset;  ///< East of Greenwich is positive.
};

/// A named zone of the system's tzdata, with all its changes of UTC offset. A value that is cheap
/// to copy. Changes are looked at by offset, never by a flag of summer time.
class Zone {
 public:
  /// The zone of this name, "" being system_zone(). An unknown name is refused
  /// (ErrorKind::invalid_input) with the nearest one; "UTC" is known without any tzdata.
  static base::Result<Zone> named(std::string_view name);
  static Zone utc();

  /// As it was asked for: an alias stays an alias.
  const std::string& name() const;

  /// The stretch that `instant` lies in, as long as the offset stays the same. They follow each
  /// other without a hole from 1969 to 2501, and what is outside is taken for the nearest of them.
  const Stretch& stretch_at(Instant instant) const;

  /// UTC offset in force; east of Greenwich is positive.
  Duration offset_at(Instant instant) const;
  LocalTime to_local(Instant instant) const;
  Resolution resolve(LocalTime local) const;

  /// The first change of offset later than `after`; empty when there is none before 2501.
  std::optional<OffsetChange> next_change(Instant after) const;

 private:
  struct Data;
  explicit Zone(std::shared_ptr<const Data> data) : data_(std::move(data)) {}
  std::shared_ptr<const Data> data_;
};

/// The name of the zone that the C library would use: of `tz_environment` (the value of $TZ, null
/// when it is not set) when that names a zone of tzdata, else of /etc/localtime, else "UTC".
std::string system_zone_name(const char* tz_environment);

/// What "" stands for from now on. Until it is told, that is system_zone_name(nullptr).
void set_system_zone(std::string name);
const std::string& system_zone();

}  // namespace sched::time
