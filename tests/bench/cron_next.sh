#!/usr/bin/env bash
# Prints what one `next` of a cron expression costs, beside a peer in the same run.
# usage: cron_next.sh [BUILD]   BUILD is configured here with -DSCHED_BENCH=ON (default: build-bench)
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build-bench}
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DSCHED_BENCH=ON >/dev/null
cmake --build "$build" --target sched_bench_cron_next >/dev/null
"$build/tests/bench/sched_bench_cron_next"
peers=0
if node -e 'require("croner")' 2>/dev/null; then
  node tests/bench/cron_next_croner.js tests/fixtures/conformance/cron.tsv
  peers=$((peers + 1))
fi
if python3 -c 'import croniter' 2>/dev/null; then
  python3 tests/bench/cron_next_croniter.py tests/fixtures/conformance/cron.tsv
  peers=$((peers + 1))
fi
if [ "$peers" -eq 0 ]; then
  echo 'nothing to compare with: neither croner (npm install croner, NODE_PATH) nor croniter (pip) is there'
fi
