#pragma once

#include "os/fd.hpp"
#include "time/instant.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

namespace sched::os {

/// One line of a pressure file of the kernel (PSI): for how long tasks stood still for want of
/// something.
struct Stall {
  double last_10s = 0;        ///< Share of the last ten seconds, in percent.
  std::int64_t total_us = 0;  ///< Of all time since boot.
};

struct PressureFile {
  Stall some;                 ///< One or more of them.
  std::optional<Stall> full;  ///< All that wanted to go on.
};

/// Reads "some avg10=0.00 avg60=0.00 avg300=0.00 total=0" and the line "full" below it. Empty for
/// anything else; what a later kernel may add behind is passed over.
std::optional<PressureFile> parse_pressure(std::string_view text);

/// The first number of /proc/loadavg: how many tasks ran or wanted to, over a minute or so.
std::optional<double> parse_load(std::string_view text);

/// What a machine says of its strain. Empty: the kernel does not tell.
struct MachinePressure {
  std::optional<PressureFile> cpu;
  std::optional<PressureFile> memory;
  std::optional<PressureFile> io;
  std::optional<double> load;
};

/// Reads the files below /proc, or below another directory that looks like it.
MachinePressure machine_pressure(const std::filesystem::path& proc = "/proc");

/// Has the kernel tell as soon as tasks stood still for so much of two seconds: what comes back is
/// for Poller::add_urgent(). Empty where it does not, or the file is none of its own.
UniqueFd pressure_trigger(const std::filesystem::path& file, time::Duration stalled);

}  // namespace sched::os
