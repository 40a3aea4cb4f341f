#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/progress.hpp"
#include "os/heap.hpp"
#include "os/host.hpp"
#include "worker/service.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

struct RunOptions {
  std::string slots = "auto";
  std::string progress = "auto";
  bool until_idle = false;
  bool standby = false;
  bool pin = false;
};

constexpr int k_most_slots = 4096;

int run(Session& session, const RunOptions& options) {
  worker::ServiceOptions service;
  service.slots = options.slots == "auto"
                      ? os::available_cores()
                      : static_cast<int>(number("--slots", options.slots, 1, k_most_slots));
  service.until_idle = options.until_idle;
  service.standby = options.standby;
  service.pin = options.pin;
  if (options.standby && options.until_idle) {
    throw base::Error(base::ErrorKind::invalid_input,
                      "--standby and --until-idle exclude each other",
                      "one waits for its turn, the other ends when there is nothing to do");
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
  offer_option(command, "--slots", options->slots, "N|auto",
               "How many runs at once: a number, or auto for one a core (default)");
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
