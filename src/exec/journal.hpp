#pragma once

#include "exec/executor.hpp"
#include "model/ids.hpp"
#include "os/fd.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sched::exec {

/// What a launcher notes of its attempts, so that its death loses as little as can be.
///
/// The file is a header page and slots of 256 bytes: a start half and an end half, each with its
/// own checksum. An attempt holds one slot from before its fork until the worker has its end for
/// good. The launcher holds an flock on the file for life: a journal that can be locked belongs to
/// a dead one. No slot is synced by itself, because the page cache outlives processes and a power
/// failure makes every started attempt `lost` anyway. Only the last word of a launcher that ends in
/// order is: then what the journal does not know never began, whatever became of the file system.
class Journal {
 public:
  /// What the header tells.
  struct Owner {
    model::LauncherId launcher;
    std::string boot_id;
    pid_t pid = 0;        ///< 0 while the launcher has not begun.
    bool closed = false;  ///< It ended in order: all that it ever began and still knew is in here.
    bool same_mount = false;  ///< Still read where it was written: nothing can be missing.
  };

  /// One attempt that a journal knows.
  struct Entry {
    model::Claim claim;
    pid_t pid = 0;  ///< 0: nothing was forked yet, or nobody could note it.
    std::uint64_t start_ticks = 0;
    time::Instant started_at{};
    std::optional<model::Ending> ending;
  };

  struct Content {
    Owner owner;
    std::vector<Entry> entries;
  };

  /// Writes a new journal with its header and room for the first slots. Throws base::Error.
  static os::UniqueFd create(const std::filesystem::path& path, const Owner& owner);
  /// What a journal knows; halves that are torn count as never written. Empty when there is no
  /// readable header.
  static std::optional<Content> read(int fd);
  static std::optional<Owner> read_owner(int fd);

  /// Goes on with a journal just created.
  explicit Journal(os::UniqueFd file) : file_(std::move(file)) {}
  /// Puts our own pid into the header.
  void sign(Owner owner);
  /// Puts all on the disk and says that nothing will follow. Without it when the disk refuses.
  void close(Owner owner);

  /// Takes a slot for an attempt that is about to be forked, or says no with errno set.
  std::optional<std::size_t> begin(const Entry& entry);
  /// Adds the process to a slot.
  void note_process(std::size_t slot, const Entry& entry);
  /// false with errno set when the end could not be written.
  bool end(std::size_t slot, const model::Claim& claim, const model::Ending& ending);
  void release(std::size_t slot);

 private:
  bool grow();

  os::UniqueFd file_;
  std::vector<std::size_t> free_;  ///< Used from the back.
  std::size_t slots_ = 0;
};

}  // namespace sched::exec
