#!/usr/bin/env bash
# Writes the manual pages in man/ and the completion scripts in completions/ anew, from the program.
# usage: regenerate.sh [--check] SCHED
#   --check   write nothing; exit 1 when a file differs from what the program prints
set -eu
check=
if [ "${1:-}" = --check ]; then
  check=yes
  shift
fi
sched=$(realpath "${1:?usage: regenerate.sh [--check] SCHED}")
cd "$(dirname "$0")/.."

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
mkdir "$fresh/man" "$fresh/completions"
for page in $("$sched" manual --list); do
  "$sched" manual "${page%.*}" >"$fresh/man/$page"
done
"$sched" completions bash >"$fresh/completions/sched.bash"
"$sched" completions zsh >"$fresh/completions/_sched"
"$sched" completions fish >"$fresh/completions/sched.fish"

code=0
for kind in man completions; do
  # What is kept and no longer printed counts too.
  for file in $( (cd "$fresh/$kind" && ls; cd "$OLDPWD/$kind" && find . -maxdepth 1 -type f -printf '%f\n') | sort -u); do
    if [ -n "$check" ]; then
      diff -u "$kind/$file" "$fresh/$kind/$file" || code=1
    elif [ -f "$fresh/$kind/$file" ]; then
      cp "$fresh/$kind/$file" "$kind/$file"
    else
      rm "$kind/$file"
    fi
  done
done
[ "$code" = 0 ] || echo "run scripts/regenerate.sh SCHED to write them anew" >&2
exit "$code"
