#!/usr/bin/env bash
# Holds the text of the sources against .clang-format and .clang-tidy.
# usage: lint.sh [BUILD]   BUILD has a compile_commands.json (default: build-sanitize)
set -eu
cd "$(dirname "$0")/.."
. scripts/steps.sh
. scripts/packages.sh
need_packages "${lint_packages[@]}"
build=${1:-build-sanitize}
[ -f "$build/compile_commands.json" ] || configure "$build" -DCMAKE_CXX_COMPILER=clang++ >/dev/null

formatted() { find src tests -name '*.[ch]pp' -print0 | xargs -0 clang-format --dry-run -Werror; }
tidy() { scripts/tidy.py "$build" "$(jobs_of_machine)"; }
step 'Looking at the format' formatted
step 'Looking for slips' tidy
