#pragma once

#include "store/database.hpp"

#include <optional>

namespace sched::store {

/// Read transactions of some ms each, one after the other, for who reads for seconds: as long as
/// one lasts the write-ahead log can't be shortened, and whoever writes meanwhile pays for that.
/// What is read is so of several moments.
class ShortReads {
 public:
  explicit ShortReads(Database& db) : db_(db) {}

  /// The store as it is now, or was some ms ago. No query on it may be open.
  Database& db();
  /// Nothing is read for a while.
  void rest() { moment_.reset(); }

 private:
  Database& db_;
  std::optional<Snapshot> moment_;
  time::Duration since_{};
};

}  // namespace sched::store
