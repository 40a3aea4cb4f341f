#pragma once

namespace sched::os {

/// Keeps up to some MiB of memory that was freed instead of giving it back to the kernel at once.
/// For a process that works in passes: glibc would fetch the same pages anew in each of them, and
/// the kernel would clear them.
void keep_freed_memory();

}  // namespace sched::os
