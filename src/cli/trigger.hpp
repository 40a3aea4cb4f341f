#pragma once

#include "cli/draft.hpp"
#include "store/store.hpp"

namespace sched::cli {

/// Decides what makes the task fire: --manual, --at, its schedule, its dependencies, or once at
/// `now`; and reads the moments that are given, in the zone that is given. Throws base::Error for
/// what excludes one another, for a schedule that can't be read, and for one that never fires
/// (unless forced).
void settle_trigger(TaskDraft& draft, bool has_edges, time::Instant now);

/// Whether a task fires more than once by itself or by hand, whatever is above it.
bool repeats_by_itself(const model::Task& task);

/// Writes down the next firing of a task after `now`, and returns it; none without a schedule.
/// Wants a Transaction.
std::optional<time::Instant> begin_schedule(store::Store& store, const model::Task& task,
                                            time::Instant now);

/// Before `task` is written in the place of `before`: where it has other moments, those that had
/// come and were not dealt with get their row. Wants a Transaction.
void leave_moments(store::Store& store, const model::Task& before, const model::Task& task,
                   time::Instant now);

/// As begin_schedule(), when it was written: where its moments stayed the same, so does the next.
std::optional<time::Instant> go_on(store::Store& store, const model::Task& before,
                                   const model::Task& task, time::Instant now);

/// Unfinished runs of a task that was changed take its priority and edges, and those of a single
/// moment that have not begun the new one, if it `moved`.
void let_runs_follow(store::Store& store, const model::Task& task, bool moved, time::Instant now);

/// A task that now has a schedule: its run of the moment that it once had goes, unless begun.
void end_single_run(store::Store& store, const model::Task& task, time::Instant now);

}  // namespace sched::cli
