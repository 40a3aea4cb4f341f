#!/usr/bin/env bash
# A nightly backup of real files of this machine, as a pipeline of sched.
#
#                  ┌ archive-etc ──────┐
#   inventory ─────┼ archive-packages ─┼─ verify ─┬─ upload ──success── report
#                  └ archive-licences ─┘          │         └─failure── alert-upload
#                                                 └─ tape ────failure── alert-tape
#   clean-up comes after report and tape, whichever way tape ended.
#
# usage: pipeline.sh define|tonight DIRECTORY
#   define   add the tasks; already there, they are replaced
#   tonight  start one pass through all of them; a worker ('sched run') does the work
# Archives are kept below DIRECTORY. The store is sched's own choice: SCHED_STORE says another.
set -eu

# What root can read is nobody else's business: tasks keep the umask of their definition.
umask 077

here=$(cd "$(dirname "$0")" && pwd)
sched=${SCHED:-sched}

# add NAME [OPTIONS...]: a task of this pipeline that executes steps/NAME.
add() {
  local name=$1
  shift
  "$sched" add "backup/$name" --if-exists replace --tag nightly-backup --cwd "$place" \
    --timeout 10m "$@" --quiet -- "$here/steps/$name" >/dev/null
}

define() {
  # The root waits for 'tonight'; all others follow it, night for night.
  add inventory --manual
  # Three at once, and gently: each reads much and is in no hurry.
  add archive-etc --after backup/inventory --nice 10 --limit memory=1G
  add archive-packages --after backup/inventory --nice 10
  add archive-licences --after backup/inventory --nice 10 --limit memory=1G
  # The join: only archives that are all whole go on.
  add verify --after backup/archive-etc --after backup/archive-packages \
    --after backup/archive-licences
  # Exit code 75 is a passing trouble (sysexits.h), and the only one worth another try.
  add upload --after backup/verify --retries 3 --backoff fixed:500ms --retry-on 75
  add tape --after backup/verify ${TAPE:+--env TAPE}
  # The branches of failure, and the way on.
  add alert-upload --after backup/upload:failure
  add alert-tape --after backup/tape:failure
  add report --after backup/upload
  add clean-up --after backup/report --after backup/tape:done
}

command=${1:-}
place=${2:-}
if [ -z "$command" ] || [ -z "$place" ]; then
  sed -n '/^# usage/,/^#   tonight/s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
mkdir -p "$place"
place=$(cd "$place" && pwd)
case $command in
  define) define ;;
  tonight) "$sched" start backup/inventory ;;
  *) echo "$0: no such command: $command" >&2; exit 2 ;;
esac
