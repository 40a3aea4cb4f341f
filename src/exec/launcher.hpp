#pragma once

namespace sched::exec {

/// The hidden mode `sched --launcher DIRECTORY ...`: parent of every attempt. Returns the exit
/// code. Called by main before anything of the store is touched.
int launcher_main(int argc, char** argv);

}  // namespace sched::exec
