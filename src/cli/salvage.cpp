#include "store/salvage.hpp"

#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "os/facts.hpp"
#include "os/file.hpp"
#include "render/phrase.hpp"
#include "render/safe_text.hpp"
#include "store/integrity.hpp"
#include "worker/advance.hpp"
#include "worker/finish.hpp"
#include "worker/recover.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

namespace fs = std::filesystem;

struct SalvageOptions {
  std::string file;
  std::string directory;
};

void check(const fs::path& file, const fs::path& directory) {
  std::error_code failure;
  if (!fs::exists(file, failure)) {
    throw base::Error(base::ErrorKind::not_found, fmt::format("'{}': no such file", file.string()),
                      "name a sched.db, or a backup");
  }
  if (!fs::is_regular_file(file, failure) || fs::file_size(file, failure) == 0) {
    throw base::Error(base::ErrorKind::invalid_input,
                      fmt::format("'{}': not a file with anything in it", file.string()),
                      "name a sched.db, or a backup");
  }
  if (os::find_facts(directory) &&
      !(fs::is_directory(directory, failure) && fs::is_empty(directory, failure))) {
    throw base::Error(base::ErrorKind::invalid_input,
                      fmt::format("'{}' is there already", directory.string()),
                      "name a directory that is not there, or empty, for the new store");
  }
}

/// Made under another name, so that a store that is there is one that was salvaged whole.
store::Salvaged make(const fs::path& file, const fs::path& part, time::Instant now) {
  const fs::path workshop = part / "workshop";
  store::Store store(store::Places{part});
  os::make_private_directory(workshop);
  store::Salvaged salvaged = store::salvage(file, workshop, store, now);
  {
    store::Transaction change(store.db());
    worker::finish_runs(store, worker::lost_by_restore(store), now);
    for (const model::RunId run : store.listing().unfinished()) {
      worker::refresh(store, run, now);
    }
    change.commit();
  }
  if (const auto damage = store::damage_of(store.db(), 1); !damage.empty()) {
    throw store::refusal(part, "what was salvaged does not hold together: " + damage.front(),
                         "restore a backup");
  }
  store.db().checkpoint();
  fs::remove_all(workshop);
  return salvaged;
}

int salvage(Session& session, const SalvageOptions& options) {
  const fs::path file = fs::absolute(options.file);
  fs::path directory = fs::absolute(options.directory).lexically_normal();
  if (!directory.has_filename()) {
    directory = directory.parent_path();
  }
  check(file, directory);
  const fs::path part = directory.string() + ".part";
  std::error_code failure;
  fs::remove_all(part, failure);
  store::Salvaged salvaged;
  try {
    salvaged = make(file, part, session.now());
  } catch (const base::Error&) {
    fs::remove_all(part, failure);
    throw;
  }
  fs::rename(part, directory, failure);
  if (failure) {
    throw store::refusal(directory, failure.message(), "the store is in " + part.string());
  }
  os::sync_directory(directory.parent_path());
  session.print(fmt::format("salvaged {} and {} into {}\n", render::count(salvaged.tasks, "task"),
                            render::count(salvaged.runs, "run"), directory.string()));
  for (const std::string& loss : salvaged.losses) {
    session.note(render::safe("lost: " + loss));
  }
  if (!salvaged.losses.empty()) {
    session.note("every task is paused: look at them before 'sched resume'");
  }
  return salvaged.losses.empty() ? 0 : 1;
}

}  // namespace

void offer_salvage(CLI::App& command, Session& session) {
  auto options = std::make_shared<SalvageOptions>();
  required(offer_option(command, "file", options->file, "FILE", "A damaged sched.db, or backup"));
  required(offer_option(command, "directory", options->directory, "DIR",
                        "The new store: not there yet, or empty"));
  when_chosen(command, [options, &session] { session.exit_code = salvage(session, *options); });
}

}  // namespace sched::cli
