#include "store/write_lock.hpp"

#include "os/held_locks.hpp"
#include "os/process.hpp"

#include <fmt/format.h>

namespace sched::store {
namespace {

/// WAL_WRITE_LOCK in SQLite's wal.c: this byte of the wal-index is the write lock.
constexpr std::uint64_t k_write_lock_byte = 120;

}  // namespace

int write_lock_holder(const std::string& file) {
  return os::write_lock_holder(file + "-shm", k_write_lock_byte);
}

base::Error busy_error(const std::string& file) {
  const int pid = write_lock_holder(file);
  const auto process = pid > 0 ? os::process_stat(pid) : std::nullopt;
  if (!process) {
    return {base::ErrorKind::store,
            fmt::format("store {}: busy: another process has held the write lock for ten seconds",
                        file),
            "try again; 'sched doctor' names who holds it"};
  }
  const bool stopped = process->state == 'T' || process->state == 't';
  return {base::ErrorKind::store,
          fmt::format("store {}: busy: process {} holds the write lock{}", file, pid,
                      stopped ? " and is stopped" : ""),
          stopped ? fmt::format("'kill -CONT {}' lets it go on", pid) : "try again"};
}

}  // namespace sched::store
