#include "store/restore.hpp"

#include "os/facts.hpp"
#include "os/file.hpp"
#include "store/database.hpp"
#include "store/integrity.hpp"
#include "store/migrator.hpp"

#include <fmt/format.h>

#include <fcntl.h>

#include <string>
#include <system_error>
#include <utility>

namespace sched::store {
namespace {

namespace fs = std::filesystem;

void check_source(const fs::path& file) {
  std::error_code failure;
  if (!fs::exists(file, failure)) {
    throw base::Error(base::ErrorKind::not_found, fmt::format("'{}': no such file", file.string()),
                      "'sched backup' prints the path of what it wrote");
  }
  if (!fs::is_regular_file(file, failure)) {
    throw base::Error(base::ErrorKind::invalid_input,
                      fmt::format("'{}': not a file", file.string()), "name a file in it");
  }
  if (fs::file_size(file, failure) == 0) {
    throw refusal(file, "the file is empty", "choose another backup; nothing was changed");
  }
}

/// What SQLite would only meet later. Whatever it says of damage, the way out is the same.
void check_sound(Database& db, const fs::path& file) {
  std::string why;
  try {
    const auto damage = damage_of(db, 1);
    if (damage.empty()) {
      return;
    }
    why = damage.front();
  } catch (const base::Error& error) {
    why = error.message();
  }
  throw refusal(file, "the file is damaged: " + why,
                "choose another backup, or get out what is readable with 'sched salvage'");
}

}  // namespace

Restore::Restore(Places places) : places_(std::move(places)), alone_(occupy_alone(places_)) {
  std::error_code failure;
  fs::remove_all(restore_part(places_), failure);
}

Restore::~Restore() {
  std::error_code failure;
  fs::remove_all(restore_part(places_), failure);
}

Places Restore::load(const fs::path& file) {
  check_source(file);
  const Places copy{restore_part(places_)};
  os::make_private_directory(copy.directory);
  if (!os::open_private(copy.database(), O_RDWR | O_CREAT | O_EXCL)) {
    throw refusal(copy.database(), "it can't be made", "check the permissions of the directory");
  }
  {
    Database source(file.string(), Database::Mode::read);
    check_is_store(source, file.string());
    check_sound(source, file);
    Query(source, "VACUUM INTO :copy").bind(":copy", copy.database().string()).run();
  }
  // A copy made by VACUUM has left the WAL mode.
  Database db(copy.database().string(), Database::Mode::open);
  db.execute("PRAGMA journal_mode=WAL");
  return copy;
}

void Restore::commit() {
  const Places copy{restore_part(places_)};
  const std::string database = copy.database().string();
  {
    Database db(database, Database::Mode::open);
    check_sound(db, database);
    if (!db.checkpoint()) {
      throw refusal(database, "it can't be written whole", "try again; nothing was changed");
    }
  }
  std::error_code failure;
  fs::remove(database + "-wal", failure);
  fs::remove(database + "-shm", failure);
  os::sync_file(database);
  os::sync_directory(copy.directory);
  fs::rename(copy.directory, restore_ready(places_), failure);
  if (failure) {
    throw refusal(copy.directory, failure.message(), "check the permissions of the directory");
  }
  os::sync_directory(places_.directory);
  finish_restore(places_);
}

}  // namespace sched::store
