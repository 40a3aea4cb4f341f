# How the scripts speak: one line a step, its output only if it fails. Sourced by bash, not run.

# step WHAT COMMAND...: says WHAT and how long it took. What the command writes goes to a log and is
# shown when it fails; its exit code comes back.
step() {
  local what=$1 started=$SECONDS code=0 log
  shift
  log=$(mktemp)
  printf '== %s ... ' "$what"
  "$@" >"$log" 2>&1 </dev/null || code=$?
  if [ "$code" -eq 0 ]; then
    echo "$((SECONDS - started)) s"
  else
    echo "failed (exit $code):"
    tail -n 60 "$log"
  fi
  rm -f "$log"
  return "$code"
}

# How many compilers at once: one a processor, but no more than memory has room for.
jobs_of_machine() {
  local cores memory_mb
  cores=$(nproc)
  memory_mb=$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null || echo 0)
  if [ "$memory_mb" -gt 0 ] && [ "$((memory_mb / 1000))" -lt "$cores" ]; then
    cores=$((memory_mb / 1000))
  fi
  echo "$((cores > 0 ? cores : 1))"
}

# configure DIRECTORY OPTIONS...: cmake, with ninja in a directory that is new.
configure() {
  local directory=$1
  shift
  local -a generator=()
  [ -f "$directory/CMakeCache.txt" ] || generator=(-G Ninja)
  cmake -S . -B "$directory" "${generator[@]}" "$@"
}

# compile DIRECTORY TARGETS...: on a terminal with ninja's own progress.
compile() {
  local directory=$1
  shift
  if [ -t 1 ]; then
    echo "== Compiling in $directory"
    cmake --build "$directory" --parallel "$(jobs_of_machine)" ${1:+--target "$@"}
  else
    step "Compiling in $directory" \
      cmake --build "$directory" --parallel "$(jobs_of_machine)" ${1:+--target "$@"}
  fi
}
