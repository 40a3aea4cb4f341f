#!/usr/bin/env bash
# Builds sched and its tests with warnings as errors and runs every test through CTest.
#
#   scripts/test.sh              in build-test/, with g++ and assertions
#   scripts/test.sh --sanitize   in build-sanitize/, with clang under AddressSanitizer and
#                                UndefinedBehaviorSanitizer; the fuzz targets search for themselves
#   scripts/test.sh -R exec      what follows goes to ctest
#
# Exit codes: 0 all green, 3 packages are missing and can't be installed from here, else not green.
set -eu
cd "$(dirname "$0")/.."
. scripts/steps.sh
. scripts/packages.sh

directory=build-test
# -O1: most of the warnings of -O2 in two thirds of its time.
# A dozen sources at once: their headers are most of the work.
options=(-DCMAKE_BUILD_TYPE=Debug "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -g1" -DSCHED_WERROR=ON
         -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=12)
if [ "${1:-}" = --sanitize ]; then
  shift
  directory=build-sanitize
  options+=(-DCMAKE_CXX_COMPILER=clang++ -DSCHED_FUZZ=ON)
fi

need_packages "${test_packages[@]}"

export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
# What was compiled in one checkout serves in another.
export CCACHE_BASEDIR=${CCACHE_BASEDIR-$PWD} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR-1}
# The first word of ours to a sanitizer: what it finds ends the test.
export ASAN_OPTIONS=${ASAN_OPTIONS-detect_stack_use_after_return=1:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS-print_stacktrace=1}

step "Configuring $directory" configure "$directory" "${options[@]}"
compile "$directory"
# One more than there are cores: tests wait more than they compute.
ctest --test-dir "$directory" --output-on-failure --parallel "$(($(jobs_of_machine) + 1))" "$@"
