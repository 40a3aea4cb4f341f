#include "store/backup.hpp"

#include "os/facts.hpp"
#include "os/file.hpp"
#include "os/lock.hpp"
#include "store/integrity.hpp"
#include "store/migrator.hpp"
#include "time/stable_pick.hpp"
#include "time/timestamp.hpp"

#include <fmt/format.h>

#include <fcntl.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <string>

namespace sched::store {
namespace {

namespace fs = std::filesystem;

base::Error unusable(const fs::path& directory, const std::string& why) {
  return {base::ErrorKind::invalid_input, fmt::format("'{}': {}", directory.string(), why),
          "name a directory in which files can be made"};
}

/// "sched-1a2b3c4d-", the same for all backups of one store.
std::string prefix_of(const Places& places) {
  const int number = time::stable_pick(places.directory.string(), "backup", 0,
                                       std::numeric_limits<int>::max() - 1);
  return fmt::format("sched-{:08x}-", static_cast<unsigned>(number));
}

/// "20260301T090000.123Z": the order of names is that of moments.
std::string stamp(time::Instant at) {
  std::string text = time::to_rfc3339(time::from_ms(time::to_ms(at) / 1000 * 1000));
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  text.insert(text.size() - 1, fmt::format(".{:03}", time::to_ms(at) % 1000));
  return text;
}

/// The unfinished file, empty and locked: by that, one that a killed backup left is known.
os::UniqueFd begin(const fs::path& directory, const fs::path& part) {
  constexpr time::Duration k_patience = std::chrono::seconds(10);
  std::error_code failure;
  fs::create_directories(directory.parent_path(), failure);
  try {
    os::make_private_directory(directory);
  } catch (const base::Error& error) {
    throw unusable(directory, error.message());
  }
  if (!fs::is_directory(directory, failure)) {
    throw unusable(directory, "it is no directory");
  }
  for (int tries = 0; tries < 3; ++tries) {
    os::UniqueFd file = os::open_private(part, O_RDWR | O_CREAT);
    if (!file) {
      throw unusable(directory, "no file can be made in it");
    }
    if (!os::try_lock(file.get(), k_patience)) {
      throw base::Error(base::ErrorKind::store,
                        fmt::format("'{}': another backup is written there", directory.string()),
                        "try again when it is done");
    }
    // The one that had the lock before may have given the file its name by now.
    if (os::is_at(file.get(), part) && os::truncate(file.get())) {
      fs::remove(part.string() + "-journal", failure);
      return file;
    }
  }
  throw base::Error(base::ErrorKind::store,
                    fmt::format("'{}': other backups are written there", directory.string()),
                    "try again when they are done");
}

void copy(Store& store, const fs::path& part) {
  Query(store.db(), "VACUUM INTO :file").bind(":file", part.string()).run();
}

void verify(const fs::path& part, Backup& backup) {
  Database db(part.string(), Database::Mode::read);
  check_is_store(db, part.string());
  if (const auto damage = damage_of(db, 1); !damage.empty()) {
    throw base::Error(base::ErrorKind::store,
                      fmt::format("the store is damaged: {}", damage.front()),
                      "no backup was made and none removed; see 'sched doctor'");
  }
  Query counts(db, "SELECT (SELECT count(*) FROM tasks), (SELECT count(*) FROM runs)");
  counts.step();
  backup.tasks = counts.integer(0);
  backup.runs = counts.integer(1);
}

bool is_backup(const fs::directory_entry& entry, const std::string& prefix) {
  const std::string name = entry.path().filename();
  std::error_code failure;
  return name.size() == prefix.size() + std::string("20260301T090000.123Z.db").size() &&
         name.starts_with(prefix) && name.ends_with("Z.db") &&
         entry.symlink_status(failure).type() == fs::file_type::regular;
}

std::vector<fs::path> remove_older(const fs::path& newest, const std::string& prefix, int keep) {
  std::vector<fs::path> others;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(newest.parent_path(), failure)) {
    if (is_backup(entry, prefix) && entry.path() != newest) {
      others.push_back(entry.path());
    }
  }
  std::sort(others.begin(), others.end(), std::greater<>());
  const auto stay = std::min(others.size(), static_cast<std::size_t>(keep) - 1);
  others.erase(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(stay));
  std::erase_if(others, [&](const fs::path& path) { return !fs::remove(path, failure); });
  return others;
}

}  // namespace

Backup back_up(Store& store, const fs::path& directory, time::Instant now, int keep) {
  const std::string prefix = prefix_of(store.places());
  const fs::path part = directory / ("." + prefix + "part");
  Backup backup;
  const os::UniqueFd lock = begin(directory, part);
  try {
    copy(store, part);
    verify(part, backup);
  } catch (const base::Error& error) {
    std::error_code failure;
    fs::remove(part, failure);
    throw error.within(fmt::format("backup into '{}'", directory.string()));
  }
  os::sync_file(part);
  do {
    backup.file = directory / (prefix + stamp(now) + ".db");
    now += std::chrono::milliseconds(1);
  } while (os::find_facts(backup.file));
  std::error_code failure;
  fs::rename(part, backup.file, failure);
  if (failure) {
    throw unusable(directory, failure.message());
  }
  os::sync_directory(directory);
  backup.bytes = os::find_facts(backup.file).value_or(os::FileFacts{}).bytes;
  if (keep > 0) {
    backup.removed = remove_older(backup.file, prefix, keep);
  }
  return backup;
}

}  // namespace sched::store
