#include "store/restore.hpp"

#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "cli/stray_logs.hpp"
#include "exec/remains.hpp"
#include "os/file.hpp"
#include "render/phrase.hpp"
#include "worker/finish.hpp"
#include "worker/recover.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

struct RestoreOptions {
  std::string file;
};

/// What a store that was restored is to be told before it is used, and what it has.
struct Content {
  std::int64_t tasks = 0;
  std::int64_t runs = 0;
  std::int64_t lost = 0;
  std::vector<exec::LogFile> stray_logs;
};

void refuse_living_launchers(const store::Places& places) {
  for (const exec::LauncherState& launcher : exec::launcher_states(places.launchers())) {
    if (!launcher.alive) {
      continue;
    }
    throw store::refusal(
        places.directory,
        fmt::format("process {} still runs commands of it (launcher {})", launcher.pid,
                    launcher.launcher.value),
        "wait until they have ended, or end them with 'sched cancel' and a worker");
  }
}

Content bring_up_to_date(const store::Places& copy, const store::Places& places,
                         time::Instant now) {
  store::Store store(copy);
  Content content;
  {
    store::Transaction change(store.db());
    const auto ends = worker::lost_by_restore(store);
    worker::finish_runs(store, ends, now);
    for (const model::LauncherId id : exec::noted_launchers(places.launchers())) {
      store.launchers().pass_over(id);
    }
    change.commit();
    content.lost = static_cast<std::int64_t>(ends.size());
  }
  const store::RunCounts counts = store.listing().counts();
  content.tasks = store.listing().task_count();
  content.runs = counts.finished() + counts.unfinished();
  content.stray_logs = stray_logs(store, exec::list_log_files(places.logs()));
  return content;
}

/// Their numbers will be given again, to runs that have nothing to do with them.
void put_aside(const std::vector<exec::LogFile>& logs, const store::Places& places) {
  std::error_code failure;
  const auto kept = store::replaced(places);
  for (const exec::LogFile& log : logs) {
    const auto directory = kept / "logs" / log.path.parent_path().filename();
    for (const auto& path : {kept, kept / "logs", directory}) {
      os::make_private_directory(path);
    }
    std::filesystem::rename(log.path, directory / log.path.filename(), failure);
  }
}

int restore(Session& session, const RestoreOptions& options) {
  const store::Places places = session.places();
  store::Restore restoring(places);
  refuse_living_launchers(places);
  const store::Places copy = restoring.load(std::filesystem::absolute(options.file));
  const Content content = bring_up_to_date(copy, places, session.now());
  restoring.commit();
  exec::bury_all_launchers({places.launchers(), places.logs(), places.directory.string()});
  put_aside(content.stray_logs, places);
  session.print(fmt::format("restored {} and {}\n", render::count(content.tasks, "task"),
                            render::count(content.runs, "run")));
  if (content.lost > 0) {
    session.note(fmt::format("{} ran when the backup was made: how it ended is not known",
                             render::count(content.lost, "run")));
  }
  const auto before = store::replaced(places) / "sched.db";
  std::error_code failure;
  if (std::filesystem::exists(before, failure)) {
    session.note("what was there before: " + before.string());
  }
  return 0;
}

}  // namespace

void offer_restore(CLI::App& command, Session& session) {
  auto options = std::make_shared<RestoreOptions>();
  required(offer_option(command, "file", options->file, "FILE", "A file that backup wrote"));
  when_chosen(command, [options, &session] { session.exit_code = restore(session, *options); });
}

}  // namespace sched::cli
