// Workers with made-up clocks, launchers and disks through many short schedules; see --help.
#include "base/error.hpp"
#include "base/text.hpp"
#include "simulation/shrink.hpp"
#include "simulation/world.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>

namespace {

using namespace sched::simulation;

constexpr const char* k_help =
    "sched_simulation [--seed N] [--steps N]   schedules from seed N on, N operations in all\n"
    "sched_simulation --only SEED              the schedule of one seed, told in words\n"
    "sched_simulation --replay FILE            a schedule that was written down, told in words\n"
    "\n"
    "A schedule that breaks a promise is made as short as can be and written to\n"
    "simulation-SEED.txt in this directory; then the exit code is 1.\n";

/// What broke, empty when all held.
std::string play(Site& site, const Schedule& schedule, bool tells) {
  World world(site, schedule, tells);
  std::size_t at = 0;
  try {
    for (; at < schedule.operations.size(); ++at) {
      const std::string said = world.apply(schedule.operations[at]);
      if (tells) {
        fmt::print("{:24} # {}\n", to_string(schedule.operations[at]), said);
      }
    }
    world.quiet_down();
  } catch (const Broken& broken) {
    if (tells && at < schedule.operations.size()) {
      fmt::print("{:24} # {}\n", to_string(schedule.operations[at]), world.last_said());
    }
    return broken.what();
  } catch (const sched::base::Error& error) {
    return fmt::format("an error that nobody took: {}", error.message());
  }
  return {};
}

/// "run-17 of t3 ..." and "run-2 of t1 ..." are the same defect.
std::string kind_of(const std::string& broken) {
  const std::size_t colon = broken.find(": ");
  std::string kind;
  for (const char letter : colon == std::string::npos ? broken : broken.substr(colon)) {
    if (letter < '0' || letter > '9') {
      kind += letter;
    }
  }
  return kind;
}

int report(Site& site, std::uint64_t seed, const Schedule& schedule, const std::string& broken) {
  fmt::print("seed {}: {}\n", seed, broken);
  if (kind_of(play(site, schedule, false)) != kind_of(broken)) {
    fmt::print("and not when it is played again: the simulation itself is at fault\n");
    return 1;
  }
  fmt::print("making it short ...\n");
  std::fflush(stdout);
  const Schedule shortest = shrink(schedule, [&](const Schedule& tried) {
    return kind_of(play(site, tried, false)) == kind_of(broken);
  });
  const std::string file = fmt::format("simulation-{}.txt", seed);
  std::ofstream(file) << to_string(shortest);
  fmt::print("workers {} slots {}\n", shortest.workers, shortest.slots);
  fmt::print("{}\nreplay it: sched_simulation --replay {}\n", play(site, shortest, true), file);
  return 1;
}

int run(Site& site, std::uint64_t seed, std::uint64_t steps) {
  const auto began = std::chrono::steady_clock::now();
  std::uint64_t done = 0;
  std::uint64_t schedules = 0;
  for (; done < steps; ++seed, ++schedules) {
    const Schedule schedule = draw_schedule(seed);
    const std::string broken = play(site, schedule, false);
    if (!broken.empty()) {
      fmt::print("after {} steps, ", done);
      return report(site, seed, schedule, broken);
    }
    done += schedule.operations.size();
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  fmt::print("{} steps in {} schedules, no promise broken, {:.1f} s\n", done, schedules,
             took.count());
  return 0;
}

std::optional<std::uint64_t> number(const char* text) {
  const auto value = sched::base::parse_int(text);
  return value && *value >= 0 ? std::optional(static_cast<std::uint64_t>(*value)) : std::nullopt;
}

int told(Site& site, const Schedule& schedule) {
  const std::string broken = play(site, schedule, true);
  fmt::print("{}\n", broken.empty() ? "no promise broken" : broken);
  return broken.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seed = 1;
  std::uint64_t steps = 100'000;
  std::optional<std::uint64_t> only;
  std::string replay;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    const char* const value = i + 1 < argc ? argv[++i] : "";
    if (option == "--replay") {
      replay = value;
      continue;
    }
    const auto parsed = number(value);
    if (!parsed || (option != "--seed" && option != "--steps" && option != "--only")) {
      std::cerr << k_help;
      return option == "--help" ? 0 : 2;
    }
    (option == "--seed" ? seed : option == "--steps" ? steps : only.emplace()) = *parsed;
  }
  Site site;
  if (!replay.empty()) {
    std::ifstream file(replay);
    const auto schedule = parse_schedule(std::string(std::istreambuf_iterator<char>(file), {}));
    if (!file.is_open() || !schedule) {
      std::cerr << "sched_simulation: " << replay << ": not a schedule\n";
      return 2;
    }
    return told(site, *schedule);
  }
  return only ? told(site, draw_schedule(*only)) : run(site, seed, steps);
}
