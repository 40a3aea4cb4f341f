#include "base/json.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "exec/launcher.hpp"
#include "os/fd.hpp"
#include "os/signals.hpp"
#include "os/system_clock.hpp"
#include "os/terminal.hpp"
#include "render/safe_text.hpp"
#include "security/environment.hpp"
#include "time/zone.hpp"

#include <fmt/format.h>

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <string_view>

namespace {

sched::security::Environment read_environment() {
  sched::security::Environment variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos && equals > 0) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

std::string report_of(const sched::cli::Session& session, const sched::base::Error& error) {
  if (session.json) {
    sched::base::Json json = {{"error",
                               {{"kind", sched::base::to_string(error.kind())},
                                {"message", error.message()},
                                {"hint", error.hint()},
                                {"exit_code", sched::base::exit_code(error.kind())}}}};
    return sched::render::safe_json(sched::base::to_text(json)) + "\n";
  }
  const std::string who =
      session.command_name.empty() ? std::string("sched") : "sched " + session.command_name;
  std::string text = fmt::format("{}: {}\n", who, sched::render::safe(error.message()));
  if (!error.hint().empty()) {
    text += fmt::format("  hint: {}\n", sched::render::safe(error.hint()));
  }
  return text;
}

/// Never throws for want of a reader: the exit code says the most important.
void report(const sched::cli::Session& session, const sched::base::Error& error) {
  const std::string text = report_of(session, error);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "--launcher") {
    return sched::exec::launcher_main(argc, argv);
  }
  sched::os::fill_standard_fds();
  // A reader that has gone is told by the write, not by a silent death in the middle of a change.
  sched::os::ignore_signal(SIGPIPE);
  const sched::os::SystemClock clock;
  sched::time::set_system_zone(sched::time::system_zone_name(std::getenv("TZ")));
  sched::cli::Session session(clock, read_environment());
  try {
    sched::cli::dispatch(argc, argv, session);
  } catch (const sched::base::Error& error) {
    report(session, error);
    session.exit_code = sched::base::exit_code(error.kind());
  } catch (const std::bad_alloc&) {
    report(session, {sched::base::ErrorKind::store, "out of memory"});
    session.exit_code = sched::base::exit_code(sched::base::ErrorKind::store);
  } catch (const std::exception& failure) {
    report(session, {sched::base::ErrorKind::store, failure.what()});
    session.exit_code = sched::base::exit_code(sched::base::ErrorKind::store);
  }
  // The stream remembers a failure in the middle, but not which; /dev/full always fails.
  const bool is_written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (!is_written && !sched::os::is_reader_gone(1) && session.exit_code == 0) {
    report(session, {sched::base::ErrorKind::failed, "the output can't be written"});
    session.exit_code = 1;
  }
  return session.exit_code;
}
