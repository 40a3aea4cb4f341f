#!/usr/bin/env bash
# Holds the newest night of the pipeline against what must have come of it, on a machine without a
# tape drive. usage: check.sh DIRECTORY; exit 1 and a line for each thing that is not so.
set -eu

sched=${SCHED:-sched}
place=${1:?usage: check.sh DIRECTORY}
bad=0

complain() {
  echo "check: $*" >&2
  bad=1
}

# moment FIELD TASK: when the newest run of the task began or ended.
moment() {
  "$sched" list "backup/$2" --json | sed -n "s/^ *\"$1\": \"\(.*\)\".*/\1/p"
}

outcome() {
  "$sched" list "backup/$1" --json | sed -n 's/^ *"outcome": "\(.*\)".*/\1/p'
}

archives='etc packages licences'
for task in inventory archive-etc archive-packages archive-licences verify upload report clean-up \
  alert-tape; do
  [ "$(outcome "$task")" = succeeded ] || complain "backup/$task: $(outcome "$task"), not succeeded"
done
[ "$(outcome tape)" = failed ] || complain "backup/tape: $(outcome tape), not failed"
[ "$(outcome alert-upload)" = skipped ] || complain "backup/alert-upload ran, though nothing failed"

# Parallel: some archive began before another had ended. The join: verify began after all ended.
spans=$(for name in $archives; do
  echo "$(moment started_at "archive-$name") $(moment finished_at "archive-$name")"
done | sort)
echo "$spans" | awk 'NR > 1 && $1 < end { found = 1 } $2 > end { end = $2 } END { exit !found }' ||
  complain "the archives were packed one after the other: $spans"
last_end=$(echo "$spans" | cut -d' ' -f2 | sort | tail -1)
[[ ! "$(moment started_at verify)" < "$last_end" ]] || complain "verify began before all archives"

# Refused twice, taken at the third try.
for try in 1 2; do
  "$sched" logs backup/upload --attempt "$try" | grep -q 'connection refused' ||
    complain "try $try of backup/upload was not refused"
done
"$sched" logs backup/upload --attempt 3 | grep -q 'checksums right' ||
  complain "the third try of backup/upload did not come through"

# The archives themselves, as they came to the other site.
night=$place/offsite/$(basename "$(readlink "$place/tonight")")
for name in $archives; do
  tar --list --gzip --file "$night/$name.tar.gz" >/dev/null || complain "$name.tar.gz can't be read"
done
tar --extract --to-stdout --gzip --file "$night/etc.tar.gz" etc/passwd |
  cmp - /etc/passwd || complain 'etc.tar.gz has another /etc/passwd than this machine'
(cd "$night" && sha256sum --check --quiet checksums) || complain 'the checksums are wrong'
[ -s "$place/alerts" ] || complain 'nobody was told of the missing tape'

[ "$bad" = 0 ] || exit 1
echo "all right: $(du -sh "$night" | cut -f1) of archives in $night"
