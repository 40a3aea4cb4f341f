#pragma once

#include "model/ids.hpp"
#include "model/shed.hpp"
#include "time/instant.hpp"

#include <optional>
#include <string>

namespace sched::model {

/// What of a machine runs short.
enum class StrainKind {
  cpu,     ///< Share of time in which somebody waited for a CPU, in percent.
  memory,  ///< The same for memory that was taken from somebody and has to be brought back.
  io,      ///< The same for disks.
  load,    ///< The load average for each CPU, in percent: where the kernel tells no pressure.
};
const char* to_string(StrainKind kind);

/// Too much of something.
struct Strain {
  StrainKind kind = StrainKind::cpu;
  int percent = 0;  ///< What was measured.
  int bound = 0;    ///< More than that is too much.
  bool operator==(const Strain&) const = default;
};
/// "cpu pressure 71%, above 60%"
std::string to_string(const Strain& strain);

/// Between which numbers of slots a worker moves.
struct SlotRange {
  int least = 1;
  int most = 1;
  bool operator==(const SlotRange&) const = default;
};
/// "1..8"
std::string to_string(const SlotRange& range);

/// How many slots a worker has whose number follows what its machine bears.
struct Throttle {
  SlotRange range;
  int slots = 1;
  std::optional<Strain> strain;  ///< What took slots away last, or stops it; empty: nothing did.
  bool stopped = false;          ///< Nothing new starts at all.
  time::Instant since{};         ///< When that began.
  Shed shed = Shed::never;       ///< Whom it ends when that does not help.
  int shed_runs = 0;             ///< How many it has ended so,
  RunId shed_last = {};          ///< and who was the last.
  bool none_to_shed = false;     ///< One more is to be ended, and there is none whom it may end.
  bool operator==(const Throttle&) const = default;
};
/// "3 of 1..8 slots, cpu pressure 71%, above 60%"
std::string to_string(const Throttle& throttle);

}  // namespace sched::model
