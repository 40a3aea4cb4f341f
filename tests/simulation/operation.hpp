#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sched::simulation {

/// One thing that happens. Its numbers mean something in any state (the n-th of what is there, by
/// remainder), so that a list of operations still makes sense when some are left out.
struct Operation {
  enum class Kind {
    // Time.
    pass,  ///< a: which of a few durations.
    jump,  ///< a: which of a few; the wall clock alone.
    // Workers.
    work,         ///< a: worker. It is started if it is not there.
    kill,         ///< a: worker, b: how many of its unread orders come through.
    kill_within,  ///< a: worker, b: at which tick of the store in its next pass.
    kill_at,      ///< a: worker, b: before or after a start, before a forget.
    slots,        ///< a: worker, b: how many it has from now on.
    shed,         ///< a: worker, b: whom it sheds in its next pass.
    drain,        ///< a: worker.
    stop,         ///< a: worker; it ends its children.
    // Launchers and what they run.
    serve,          ///< a: launcher.
    end,            ///< a: running attempt, b: how.
    kill_launcher,  ///< a: launcher.
    refuse_starts,  ///< a: how many find no process left.
    stale_word,     ///< a: worker, b: which attempt that was.
    // The machine and the store.
    power_cut,   ///< a: bits of what survives, b: how long it lasts.
    disk_full,   ///< a: 1 or 0.
    fail_write,  ///< a: which write.
    fail_sync,   ///< a: which sync.
    spoil,       ///< The wal-index is built anew.
    interrupt,   ///< a: worker, b: at which tick of its next pass a statement fails.
    take_lock,   ///< A neighbour holds the write lock,
    free_lock,   ///< and lets go of it.
    checkpoint,
    // People.
    add,      ///< a: seed of the task.
    change,   ///< a: task, b: seed of the change.
    handle,   ///< a: task, b: seed of what is to follow its ends.
    start,    ///< a: task.
    suspend,  ///< a: task; `sched pause`.
    resume,   ///< a: task.
    cancel,   ///< a: unfinished run.
    hold,     ///< a: unfinished run.
    release,  ///< a: unfinished run.
    retry,    ///< a: finished run, b: 1 with all below.
    remove,   ///< a: task.
  };
  Kind kind = Kind::work;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  bool operator==(const Operation&) const = default;
};

/// A schedule: what is there from the beginning, and what happens to it.
struct Schedule {
  std::uint32_t workers = 1;
  std::uint32_t slots = 2;
  std::vector<Operation> operations;
};

/// The schedule of a seed, the same on every machine.
Schedule draw_schedule(std::uint64_t seed);

/// "workers 2 slots 3", then a line "kind a b" for each operation; what follows a '#' is no matter.
std::string to_string(const Operation& operation);
std::string to_string(const Schedule& schedule);
std::optional<Schedule> parse_schedule(std::string_view text);

}  // namespace sched::simulation
