#!/usr/bin/env bash
# Builds sched as people run it and measures it beside the floors of this machine and beside its
# peers, those that Debian has: the table that the README keeps. Takes about 20 minutes; the quieter
# the machine, the smaller the noise that each line states.
#
#   scripts/bench.sh               all figures
#   scripts/bench.sh --only 1,5    what follows goes to tests/bench/bench.py
#
# pueue (cargo install pueue) and dagu (github.com/dagu-org/dagu) are measured where they are in PATH.
# Exit codes: 0 measured, 1 a figure could not be measured, 3 packages are missing and can't be
# installed from here.
set -eu
cd "$(dirname "$0")/.."
. scripts/steps.sh
. scripts/packages.sh
need_packages "${bench_packages[@]}"

if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
fi
directory=build-bench
step "Configuring $directory" configure "$directory" -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF \
  -DSCHED_BENCH=ON -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12
compile "$directory" sched sched_bench_floor sched_bench_cycle sched_bench_choose
exec python3 -B tests/bench/bench.py "$directory/sched" --programs "$directory/tests/bench" "$@"
