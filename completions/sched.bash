# bash completion for sched
_sched_words() { mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur"); }
_sched_live() {
  local words
  words=$("${COMP_WORDS[0]}" "${store[@]}" complete "$1" 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
  # A word is cut at colons; names may have them.
  type __ltrim_colon_completions >/dev/null 2>&1 && __ltrim_colon_completions "$cur"
}
_sched_paths() {
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
  compopt -o filenames 2>/dev/null
}
_sched() {
  local cur prev command='' i
  local -a store=()
  COMPREPLY=()
  cur=${COMP_WORDS[COMP_CWORD]}
  prev=${COMP_WORDS[COMP_CWORD-1]}
  if type _get_comp_words_by_ref >/dev/null 2>&1; then
    _get_comp_words_by_ref -n : cur prev
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --store) ((i++)); store=(--store "${COMP_WORDS[i]}") ;;
      --) [[ $command == add || $command == edit ]] && { _sched_paths -f; return; } ;;
      -*) ;;
      *) [[ -z $command ]] && command=${COMP_WORDS[i]} ;;
    esac
  done
  [[ $prev == --store ]] && { _sched_paths -d; return; }
  case $command in
    add)
      case $prev in
        --shell) :; return ;;
        --at) :; return ;;
        --cron) :; return ;;
        --calendar) :; return ;;
        --every) :; return ;;
        --from) :; return ;;
        --anchor) :; return ;;
        --zone) :; return ;;
        --dialect) :; return ;;
        --not-before) :; return ;;
        --not-after) :; return ;;
        --count) :; return ;;
        --except) :; return ;;
        --except-on) _sched_paths -f; return ;;
        --only) :; return ;;
        --only-on) _sched_paths -f; return ;;
        --catch-up) :; return ;;
        --grace) :; return ;;
        --overlap) :; return ;;
        --jitter) :; return ;;
        --after) _sched_live tasks; return ;;
        --join) _sched_words all any; return ;;
        --retries) :; return ;;
        --backoff) :; return ;;
        --retry-on) :; return ;;
        --no-retry-on) :; return ;;
        --breaker) :; return ;;
        --breaker-cooldown) :; return ;;
        --on-failure) _sched_live tasks; return ;;
        --on-success) _sched_live tasks; return ;;
        --fallback) _sched_live tasks; return ;;
        --max-fails) :; return ;;
        --timeout) :; return ;;
        --idle-timeout) :; return ;;
        --grace-kill) :; return ;;
        --limit) :; return ;;
        --nice) :; return ;;
        --nice-map) :; return ;;
        --cpus) :; return ;;
        --io-class) _sched_words idle best-effort realtime; return ;;
        --max-rss) :; return ;;
        --max-cpu-time) :; return ;;
        --cpu-quota) :; return ;;
        --io-max) :; return ;;
        --memory-retry) :; return ;;
        --launcher-prefix) :; return ;;
        --env) :; return ;;
        --env-file) _sched_paths -f; return ;;
        --cwd) _sched_paths -d; return ;;
        --stdin) _sched_paths -f; return ;;
        --log-limit) :; return ;;
        --queue) _sched_live queues; return ;;
        --deadline) :; return ;;
        --priority) :; return ;;
        --need) :; return ;;
        --or-need) :; return ;;
        --lock) :; return ;;
        --flock) _sched_paths -f; return ;;
        --need-free) :; return ;;
        --tag) _sched_live tags; return ;;
        --key) :; return ;;
        --if-exists) _sched_words skip replace error; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --shell --at --cron --calendar --every --from --anchor --zone --dialect --not-before --not-after --count --except --except-on --only --only-on --catch-up --grace --overlap --jitter --force --manual --after --join --retries --backoff --retry-on --no-retry-on --breaker --breaker-cooldown --on-failure --on-success --fallback --max-fails --timeout --idle-timeout --grace-kill --limit --nice --preemptible --nice-map --cpus --io-class --max-rss --max-cpu-time --cpu-quota --io-max --memory-retry --launcher-prefix --contain --env --env-all --env-file --cwd --stdin --split-output --log-limit --queue --deadline --priority --need --or-need --lock --flock --need-free --tag --key --if-exists --wait --exit-code -q --quiet --json; else :; fi ;;
    edit)
      case $prev in
        --name) :; return ;;
        --shell) :; return ;;
        --at) :; return ;;
        --cron) :; return ;;
        --calendar) :; return ;;
        --every) :; return ;;
        --from) :; return ;;
        --anchor) :; return ;;
        --zone) :; return ;;
        --dialect) :; return ;;
        --not-before) :; return ;;
        --not-after) :; return ;;
        --count) :; return ;;
        --except) :; return ;;
        --except-on) _sched_paths -f; return ;;
        --only) :; return ;;
        --only-on) _sched_paths -f; return ;;
        --catch-up) :; return ;;
        --grace) :; return ;;
        --overlap) :; return ;;
        --jitter) :; return ;;
        --after) _sched_live tasks; return ;;
        --join) _sched_words all any; return ;;
        --retries) :; return ;;
        --backoff) :; return ;;
        --retry-on) :; return ;;
        --no-retry-on) :; return ;;
        --breaker) :; return ;;
        --breaker-cooldown) :; return ;;
        --on-failure) _sched_live tasks; return ;;
        --on-success) _sched_live tasks; return ;;
        --fallback) _sched_live tasks; return ;;
        --max-fails) :; return ;;
        --timeout) :; return ;;
        --idle-timeout) :; return ;;
        --grace-kill) :; return ;;
        --limit) :; return ;;
        --nice) :; return ;;
        --nice-map) :; return ;;
        --cpus) :; return ;;
        --io-class) _sched_words idle best-effort realtime; return ;;
        --max-rss) :; return ;;
        --max-cpu-time) :; return ;;
        --cpu-quota) :; return ;;
        --io-max) :; return ;;
        --memory-retry) :; return ;;
        --launcher-prefix) :; return ;;
        --env) :; return ;;
        --env-file) _sched_paths -f; return ;;
        --cwd) _sched_paths -d; return ;;
        --stdin) _sched_paths -f; return ;;
        --log-limit) :; return ;;
        --queue) _sched_live queues; return ;;
        --deadline) :; return ;;
        --priority) :; return ;;
        --need) :; return ;;
        --or-need) :; return ;;
        --lock) :; return ;;
        --flock) _sched_paths -f; return ;;
        --need-free) :; return ;;
        --tag) _sched_live tags; return ;;
        --key) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --name --shell --at --cron --calendar --every --from --anchor --zone --dialect --not-before --not-after --count --except --except-on --only --only-on --catch-up --grace --overlap --jitter --force --manual --after --join --retries --backoff --retry-on --no-retry-on --breaker --breaker-cooldown --on-failure --on-success --fallback --max-fails --timeout --idle-timeout --grace-kill --limit --nice --preemptible --nice-map --cpus --io-class --max-rss --max-cpu-time --cpu-quota --io-max --memory-retry --launcher-prefix --contain --env --env-all --env-file --cwd --stdin --split-output --log-limit --queue --deadline --priority --need --or-need --lock --flock --need-free --tag --key; else _sched_live tasks; fi ;;
    queue)
      case $prev in
        --slots) :; return ;;
        --weight) :; return ;;
        --policy) :; return ;;
        --slice) :; return ;;
        --preempt) :; return ;;
        --ageing) :; return ;;
        --guarantee) :; return ;;
        --backfill) :; return ;;
        --fair-by) :; return ;;
        --half-life) :; return ;;
        --share) :; return ;;
        --default) :; return ;;
        --rate) :; return ;;
        --burst) :; return ;;
        --breaker) :; return ;;
        --breaker-cooldown) :; return ;;
        --move-to) _sched_live queues; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --slots --weight --policy --slice --preempt --ageing --guarantee --backfill --fair-by --half-life --share --default --rate --burst --breaker --breaker-cooldown --move-to --json; else _sched_live queues; fi ;;
    resource)
      case $prev in
        --rate) :; return ;;
        --burst) :; return ;;
        --breaker) :; return ;;
        --breaker-cooldown) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --rate --burst --breaker --breaker-cooldown --json; else :; fi ;;
    tag)
      case $prev in
        --rate) :; return ;;
        --burst) :; return ;;
        --breaker) :; return ;;
        --breaker-cooldown) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --rate --burst --breaker --breaker-cooldown --json; else _sched_live tags; fi ;;
    rm)
      case $prev in
        --tag) _sched_live tags; return ;;
        --queue) _sched_live queues; return ;;
        --state) _sched_words waiting queued running held finished; return ;;
        --outcome) _sched_words succeeded failed timed_out cancelled skipped missed lost; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --tag --queue --state --outcome --all --cascade; else _sched_live tasks; fi ;;
    run)
      case $prev in
        --slots) :; return ;;
        --shed) _sched_words never preemptible any; return ;;
        --progress) _sched_words auto bar plain none; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --slots --shed --until-idle --standby --pin --progress; else :; fi ;;
    worker)
      if [[ $cur == -* ]]; then _sched_words --help --store --wait --json; else :; fi ;;
    start)
      if [[ $cur == -* ]]; then _sched_words --help --store --wait --exit-code -q --quiet; else _sched_live tasks; fi ;;
    cancel)
      case $prev in
        --tag) _sched_live tags; return ;;
        --queue) _sched_live queues; return ;;
        --state) _sched_words waiting queued running held finished; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --tag --queue --state --all; else _sched_live targets; fi ;;
    retry)
      case $prev in
        --tag) _sched_live tags; return ;;
        --queue) _sched_live queues; return ;;
        --outcome) _sched_words succeeded failed timed_out cancelled skipped missed lost; return ;;
        --edit) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --tag --queue --outcome --all --downstream --edit; else _sched_live targets; fi ;;
    dead)
      case $prev in
        --tag) _sched_live tags; return ;;
        --queue) _sched_live queues; return ;;
        --outcome) _sched_words succeeded failed timed_out cancelled skipped missed lost; return ;;
        --since) :; return ;;
        -n|--limit) :; return ;;
        --note) :; return ;;
        --edit) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --tag --queue --outcome --all --since -n --limit --note --edit --downstream --json; else _sched_live targets; fi ;;
    breaker)
      case $prev in
        --for) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --for --json; else _sched_live breakers; fi ;;
    hold)
      case $prev in
        --tag) _sched_live tags; return ;;
        --queue) _sched_live queues; return ;;
        --state) _sched_words waiting queued running held finished; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --tag --queue --state --all; else _sched_live targets; fi ;;
    release)
      case $prev in
        --tag) _sched_live tags; return ;;
        --queue) _sched_live queues; return ;;
        --state) _sched_words waiting queued running held finished; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --tag --queue --state --all; else _sched_live targets; fi ;;
    pause)
      if [[ $cur == -* ]]; then _sched_words --help --store; else _sched_live tasks; fi ;;
    resume)
      if [[ $cur == -* ]]; then _sched_words --help --store; else _sched_live tasks; fi ;;
    status)
      if [[ $cur == -* ]]; then _sched_words --help --store --json; else :; fi ;;
    list)
      case $prev in
        --state) _sched_words waiting queued running held finished; return ;;
        --outcome) _sched_words succeeded failed timed_out cancelled skipped missed lost; return ;;
        --tag) _sched_live tags; return ;;
        --queue) _sched_live queues; return ;;
        -n|--limit) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --state --outcome --tag --queue -n --limit --json; else _sched_live tasks; fi ;;
    runs)
      case $prev in
        --state) _sched_words waiting queued running held finished; return ;;
        --outcome) _sched_words succeeded failed timed_out cancelled skipped missed lost; return ;;
        --tag) _sched_live tags; return ;;
        --queue) _sched_live queues; return ;;
        -n|--limit) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --state --outcome --tag --queue -n --limit --json; else _sched_live tasks; fi ;;
    show)
      if [[ $cur == -* ]]; then _sched_words --help --store --json; else _sched_live targets; fi ;;
    logs)
      case $prev in
        --attempt) :; return ;;
        -n|--tail) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store -f --follow --attempt -n --tail --stderr --json; else _sched_live targets; fi ;;
    wait)
      case $prev in
        --timeout) :; return ;;
        --tag) _sched_live tags; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --all --any --timeout --exit-code --tag --json; else _sched_live targets; fi ;;
    explain)
      if [[ $cur == -* ]]; then _sched_words --help --store --json; else _sched_live targets; fi ;;
    next)
      case $prev in
        -n|--number) :; return ;;
        --from) :; return ;;
        --until) :; return ;;
        --at) :; return ;;
        --cron) :; return ;;
        --calendar) :; return ;;
        --every) :; return ;;
        --anchor) :; return ;;
        --zone) :; return ;;
        --dialect) :; return ;;
        --not-before) :; return ;;
        --not-after) :; return ;;
        --count) :; return ;;
        --except) :; return ;;
        --except-on) _sched_paths -f; return ;;
        --only) :; return ;;
        --only-on) _sched_paths -f; return ;;
        --jitter) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store -n --number --from --until --at --cron --calendar --every --anchor --zone --dialect --not-before --not-after --count --except --except-on --only --only-on --jitter --json; else _sched_live tasks; fi ;;
    check)
      if [[ $cur == -* ]]; then _sched_words --help --store --json; else _sched_live tasks; fi ;;
    import)
      case $prev in
        --format) :; return ;;
        --root) _sched_paths -d; return ;;
        --spool) _sched_paths -d; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --user --system --format --root --spool --keep-going --prune --dry-run --json; else _sched_paths -f; fi ;;
    export)
      case $prev in
        --directory) _sched_paths -d; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --directory --force; else _sched_live tasks; fi ;;
    backup)
      case $prev in
        --keep) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --keep; else _sched_paths -d; fi ;;
    restore)
      if [[ $cur == -* ]]; then _sched_words --help --store; else _sched_paths -f; fi ;;
    doctor)
      if [[ $cur == -* ]]; then _sched_words --help --store --fix --json; else :; fi ;;
    prune)
      case $prev in
        --older-than) :; return ;;
        --keep) :; return ;;
        --max-size) :; return ;;
      esac
      if [[ $cur == -* ]]; then _sched_words --help --store --older-than --keep --max-size --dead --dry-run --json; else :; fi ;;
    salvage)
      if [[ $cur == -* ]]; then _sched_words --help --store; else _sched_paths -d; fi ;;
    completions)
      if [[ $cur == -* ]]; then _sched_words --help --store; else _sched_words bash zsh fish; fi ;;
    manual)
      if [[ $cur == -* ]]; then _sched_words --help --store --list; else _sched_live pages; fi ;;
    '')
      _sched_words add edit queue resource tag rm run worker start cancel retry dead breaker hold release pause resume status list runs show logs wait explain next check import export backup restore doctor prune salvage completions manual --help --version --store ;;
  esac
}
complete -F _sched sched
