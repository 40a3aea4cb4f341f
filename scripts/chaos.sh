#!/usr/bin/env bash
# Puts in every fault that tests/chaos knows, at full size, and prints the figures at the end as the
# table that the README keeps; then ten million steps of the simulation, and a flood of 5 GB. Takes
# about an hour; faults that need root or a tool that is not there are named as not tried.
#
#   scripts/chaos.sh                    all scenarios
#   scripts/chaos.sh --soak 1800        with a soak of so many seconds (default: 120)
#   scripts/chaos.sh --only one_worker_killed --seed 7
#                                       what follows goes to tests/chaos/chaos.py
#
# Exit codes: 0 all promises held, 1 one was broken: its directory is kept, and the line to repeat it
# is printed.
set -eu
cd "$(dirname "$0")/.."
. scripts/steps.sh
. scripts/packages.sh
need_packages "${test_packages[@]}"
export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
export CCACHE_BASEDIR=${CCACHE_BASEDIR-$PWD} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR-1}
directory=build-test
[ -f "$directory/CMakeCache.txt" ] ||
  step "Configuring $directory" configure "$directory" -DCMAKE_BUILD_TYPE=Debug \
    "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g1" -DSCHED_WERROR=ON \
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12
compile "$directory" sched sched_next sched_simulation
code=0
nice python3 -B tests/chaos/chaos.py "$directory/sched" --full "$@" || code=1
case " $* " in
  *' --only '*) ;;
  *)
    # What it finds is made short and written into the directory that it stands in.
    place=$(mktemp -d)
    program=$PWD/$directory/tests/simulation/sched_simulation
    (cd "$place" && nice "$program" --seed 1 --steps 10000000) || code=1
    rmdir "$place" 2>/dev/null || echo "kept in $place"
    SCHED_FLOOD_BYTES=5000000000 SCHED_UNDER_TEST=$PWD/$directory/sched \
      nice python3 -B tests/command/flood_test.py || code=1
    ;;
esac
exit "$code"
