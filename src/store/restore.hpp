#pragma once

#include "os/fd.hpp"
#include "store/occupancy.hpp"

#include <filesystem>

namespace sched::store {

/// A restore, from the lock on the store to the moment at which it has the backup's content.
///
/// The backup is first copied into a store of its own beside the database, to be brought up to date
/// there; commit() makes that the database. What is not committed leaves the store as it was.
class Restore {
 public:
  /// Keeps everybody else out of the store, which may be empty, damaged or not there yet. Throws
  /// ErrorKind::store when somebody has it open.
  explicit Restore(Places places);
  ~Restore();
  Restore(const Restore&) = delete;
  Restore& operator=(const Restore&) = delete;

  /// Copies a database file (with the write-ahead log beside it, if it has one) and answers where
  /// the copy can be opened as a Store. Throws ErrorKind::store for a file that is damaged, no
  /// store, or of a newer sched, and ErrorKind::not_found for none.
  Places load(const std::filesystem::path& file);

  /// Puts the copy, which must be closed, in the place of the database. That one goes to
  /// replaced(), in the place of what was there.
  void commit();

 private:
  Places places_;
  os::UniqueFd alone_;
};

}  // namespace sched::store
