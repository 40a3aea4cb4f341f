#!/usr/bin/env bash
# The part of debian_imports.sh that runs in the root that it has made.
set -euo pipefail
sched=/opt/sched
export SCHED_STORE=/var/tmp/sched
rm -rf "$SCHED_STORE"
failures=0

expect() {
  local what=$1 count=$2 wanted=$3
  if [ "$count" -ne "$wanted" ]; then
    echo "WRONG: $what: $count, expected $wanted"
    failures=$((failures + 1))
  fi
}

echo "== sched import crontab --system"
"$sched" import crontab --system --dry-run
[ ! -e "$SCHED_STORE" ] || expect 'stores left by a dry run' 1 0
"$sched" import crontab --system >/dev/null
# Every line that cron would run is a task.
lines=$(cat /etc/crontab $(find /etc/cron.d -type f -regex '.*/[A-Za-z0-9_-]+') |
  grep -cE '^[[:space:]]*([0-9*]|@)')
expect 'tasks of crontabs' "$("$sched" list --tag crontab --limit 0 --json | grep -c '"id"')" "$lines"

echo "== sched import systemd, each timer"
timers=()
for timer in /lib/systemd/system/*.timer; do
  case $timer in
    *@.timer) continue ;;       # A template is for its instances.
    */fstrim.timer) continue ;;  # It would reach the disk below this root.
  esac
  if user=$(grep -shoP '^User=\K.*' "${timer%.timer}.service") && [ "$user" != root ]; then
    echo "-- $timer runs as $user"
    if "$sched" import systemd "$timer"; then
      expect 'jobs of others that were taken' 1 0
    fi
    continue
  fi
  "$sched" import systemd "$timer"
  timers+=("$timer")
done
expect 'tasks of timers' "$("$sched" list --tag systemd --limit 0 --json | grep -c '"id"')" "${#timers[@]}"

echo "== imported again"
before=$("$sched" list --limit 0 --json | grep -c '"id"')
"$sched" import crontab --system >/dev/null
"$sched" import systemd "${timers[@]}" | tail -n 1
expect 'tasks after a second import' "$("$sched" list --limit 0 --json | grep -c '"id"')" "$before"

echo "== sched next, sched check"
"$sched" next
"$sched" check || true

echo "== every task, run"
for task in $("$sched" list --limit 0 --json | grep -oP '"name": "\K[^"]+'); do
  "$sched" edit "$task" --timeout 2m >/dev/null
  "$sched" start "$task" >/dev/null
done
"$sched" run --until-idle --progress plain --slots 2 || true
for run in $("$sched" runs --outcome failed --outcome timed_out --json | grep -oP '"id": \K[0-9]+'); do
  echo "-- run-$run: $("$sched" logs "run-$run" --tail 3 2>&1)"
done
# These do their work wherever they run; the others need hardware, a network or a booted system.
for task in cron.hourly debian-sa1 sysstat-collect logrotate dpkg-db-backup; do
  "$sched" list "$task" --outcome succeeded --json | grep -q '"id"' || {
    echo "WRONG: $task did not succeed"
    failures=$((failures + 1))
  }
done
exit $((failures > 0))
