#!/usr/bin/env bash
# Prints what one `next` of a cron expression costs, beside a peer in the same run.
# usage: cron_next.sh [BUILD]   BUILD is configured here with -DSCHED_BENCH=ON (default: build-bench)
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build-bench}
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DSCHED_BENCH=ON >/dev/null
cmake --build "$build" --target sched_bench_cron_next >/dev/null
"$build/tests/bench/sched_bench_cron_next"
if python3 -c 'import croniter' 2>/dev/null; then
  python3 tests/bench/cron_next_croniter.py tests/fixtures/conformance/cron.tsv
else
  echo 'croniter   is not installed (package python3-croniter), so there is nothing to compare with'
fi
