#include "store/backup.hpp"

#include "cli/offers.hpp"
#include "cli/options.hpp"
#include "render/phrase.hpp"

#include <fmt/format.h>

namespace sched::cli {
namespace {

struct BackupOptions {
  std::string directory;
  std::string keep;
};

constexpr int k_most_kept = 1'000'000;

int backup(Session& session, const BackupOptions& options) {
  const int keep =
      options.keep.empty() ? 0 : static_cast<int>(number("--keep", options.keep, 1, k_most_kept));
  auto directory = std::filesystem::absolute(options.directory).lexically_normal();
  if (!directory.has_filename()) {
    directory = directory.parent_path();  // "dir/" and "dir" are one place
  }
  const store::Backup made =
      store::back_up(session.existing_store(), directory, session.now(), keep);
  session.print(made.file.string() + "\n");
  session.note(fmt::format(
      "{}, {}, {}{}", render::count(made.tasks, "task"), render::count(made.runs, "run"),
      render::size(made.bytes),
      made.removed.empty()
          ? std::string()
          : fmt::format(
                "; {} removed",
                render::count(static_cast<std::int64_t>(made.removed.size()), "older backup"))));
  return 0;
}

}  // namespace

void offer_backup(CLI::App& command, Session& session) {
  auto options = std::make_shared<BackupOptions>();
  required(offer_option(command, "directory", options->directory, "DIR",
                        "Where to put it; made when it is not there"));
  offer_option(command, "--keep", options->keep, "N",
               "Keep the newest N backups of this store there, and remove older ones");
  when_chosen(command, [options, &session] { session.exit_code = backup(session, *options); });
}

}  // namespace sched::cli
