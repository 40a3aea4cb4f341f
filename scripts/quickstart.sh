#!/usr/bin/env bash
# From a fresh Debian 12 to a pipeline that ran: installs what is missing, builds sched in build/,
# and makes a nightly backup of this machine with it (examples/nightly-backup). Everything it writes
# is below build/; it may be repeated. Exit codes: 0 all went as it should, 1 it did not,
# 3 packages are missing and can't be installed from here.
set -eu
cd "$(dirname "$0")/.."
. scripts/steps.sh
. scripts/packages.sh

need_packages "${build_packages[@]}"

if command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
fi
# A dozen sources at once, for a third of the time.
step 'Configuring' configure build -DBUILD_TESTING=OFF -DCMAKE_UNITY_BUILD=ON \
  -DCMAKE_UNITY_BUILD_BATCH_SIZE=12
compile build sched

# A place and a store of its own, new each time: the user's own store is left alone.
place=$PWD/build/quickstart
rm -rf "$place"
export SCHED=$PWD/build/sched SCHED_STORE=$place/store
unset TAPE

echo
echo '== A backup of this machine: 11 steps, 3 of them at once, one that needs three tries'
examples/nightly-backup/pipeline.sh define "$place/backup"
examples/nightly-backup/pipeline.sh tonight "$place/backup"
code=0
"$SCHED" run --until-idle --slots 3 --progress plain || code=$?
# No machine has the tape drive that the pipeline asks for: one step fails, and run says so.
if [ "$code" -ne 1 ]; then
  echo "$0: 'sched run --until-idle' ended with $code, where 1 was right" >&2
  exit 1
fi

echo
echo '== sched status'
"$SCHED" status

echo
echo '== Is it right?'
examples/nightly-backup/check.sh "$place/backup"

cat <<END

It works. To look around in what just ran:
  export SCHED_STORE=$SCHED_STORE
  build/sched list;  build/sched show backup/upload;  build/sched logs backup/upload --attempt 1
To go on: README.md, 'A tour of ten minutes'.
END
