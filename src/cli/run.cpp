#include "base/text.hpp"
#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "os/heap.hpp"
#include "os/host.hpp"
#include "os/pressure.hpp"
#include "worker/service.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sched::cli {
namespace {

struct RunOptions {
  std::string slots = "auto";
  std::string shed = "never";
  std::string progress = "auto";
  bool until_idle = false;
  bool standby = false;
  bool pin = false;
};

constexpr int k_most_slots = 4096;

/// One number of slots, of the option as it was typed.
int slots_of(const std::string& word, const std::string& typed) {
  const auto number = word == "auto" ? os::available_cores() : base::parse_int(word).value_or(0);
  if (number < 1 || number > k_most_slots) {
    throw base::Error(
        base::ErrorKind::invalid_input,
        fmt::format("--slots {}: {} is not a whole number from 1 to {}", base::quote(typed),
                    word == typed ? "it" : base::quote(word), k_most_slots),
        "a number, auto for one a core, or MIN..MAX to follow what the machine bears: 1..8");
  }
  return static_cast<int>(number);
}

/// "1..8"; empty: one number.
std::optional<model::SlotRange> range_of(const std::string& typed) {
  const auto dots = typed.find("..");
  if (dots == std::string::npos) {
    return std::nullopt;
  }
  const model::SlotRange range{slots_of(typed.substr(0, dots), typed),
                               slots_of(typed.substr(dots + 2), typed)};
  if (range.least > range.most) {
    throw base::Error(
        base::ErrorKind::invalid_input,
        fmt::format("--slots {}: {} is more than {}", base::quote(typed), range.least, range.most),
        "the smaller number comes first: MIN..MAX");
  }
  return range;
}

model::Shed shed_of(const RunOptions& options, bool is_adaptive) {
  const auto shed = model::parse_shed(options.shed);
  if (!shed) {
    throw base::Error(
        base::ErrorKind::invalid_input,
        fmt::format("--shed {}: not one of never, preemptible, any", base::quote(options.shed)));
  }
  if (*shed != model::Shed::never && !is_adaptive) {
    throw base::Error(
        base::ErrorKind::invalid_input,
        fmt::format("--shed {}: a worker with a fixed number of slots heeds no memory pressure",
                    options.shed),
        "with a range it does, and --slots 4..4 heeds nothing else");
  }
  return *shed;
}

int run(Session& session, const RunOptions& options) {
  worker::ServiceOptions service;
  service.range = range_of(options.slots);
  service.slots = service.range
                      ? std::clamp(os::available_cores(), service.range->least, service.range->most)
                      : slots_of(options.slots, options.slots);
  service.shed = shed_of(options, service.range.has_value());
  service.until_idle = options.until_idle;
  service.standby = options.standby;
  service.pin = options.pin;
  if (options.standby && options.until_idle) {
    throw base::Error(base::ErrorKind::invalid_input,
                      "--standby and --until-idle exclude each other",
                      "one waits for its turn, the other ends when there is nothing to do");
  }
  if (service.shed != model::Shed::never && !os::machine_pressure().memory) {
    session.warn("--shed: this kernel tells no memory pressure, so nobody is ended for it");
  }
  Progress progress(session, parse_progress(options.progress), service.slots);
  if (progress.wants_ticks()) {
    service.tick = std::chrono::milliseconds(250);
    service.on_tick = [&progress] { progress.draw(); };
  }
  os::keep_freed_memory();
  const worker::ServiceEnd end = worker::serve(session.store(), session.clock(), progress, service);
  progress.close();
  switch (end) {
    case worker::ServiceEnd::idle:
      return progress.any_bad() ? base::exit_code(base::ErrorKind::failed) : 0;
    case worker::ServiceEnd::drained:
      return 0;
    case worker::ServiceEnd::left:
      // A person who waited for the end of all did not get it.
      return options.until_idle ? base::exit_code(base::ErrorKind::interrupted) : 0;
    case worker::ServiceEnd::ended:
      return base::exit_code(base::ErrorKind::interrupted);
  }
  return 0;
}

}  // namespace

void offer_run(CLI::App& command, Session& session) {
  auto options = std::make_shared<RunOptions>();
  offer_option(command, "--slots", options->slots, "N|MIN..MAX",
               "How many runs at once: a number, auto (one a core, the default), or two with .. "
               "between them: as many as the machine bears");
  offer_option(command, "--shed", options->shed, "WHOM",
               "When memory stays far too short, end the least important run, which begins anew "
               "later: never (default), preemptible or any; with --slots MIN..MAX");
  offer_flag(command, "--until-idle", options->until_idle,
             "End when nothing is due or running; exit 1 when a run ended badly");
  offer_flag(command, "--standby", options->standby,
             "Start nothing as long as another worker works; take its place when it is gone");
  offer_flag(command, "--pin", options->pin,
             "Bind each slot to a CPU, spread over cores first, then over their siblings");
  offer_option(command, "--progress", options->progress, "KIND",
               "Show progress as auto (default), bar, plain or none");
  when_chosen(command, [options, &session] { session.exit_code = run(session, *options); });
}

}  // namespace sched::cli
