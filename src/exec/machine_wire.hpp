#pragma once

#include "exec/executor.hpp"
#include "exec/wire.hpp"

namespace sched::exec {

/// What of a launch says how it stands to the machine: CPUs, disks, what is watched, file locks.
void put_machine(Writer& out, const Launch& launch);
/// Takes it out again; bytes that no put_machine() made fail the reader.
void take_machine(Reader& in, Launch& launch);

}  // namespace sched::exec
