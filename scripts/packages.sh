# What the scripts need of Debian 12, and how they get it. Sourced by bash, not run.

# To build sched. tzdata: time zones are read from the system's files.
build_packages=(
  g++ cmake ninja-build pkg-config
  libcli11-dev libfmt-dev libhowardhinnant-date-dev libical-dev libsqlitecpp-dev libsqlite3-dev
  nlohmann-json3-dev tzdata
)

# To test it. git: a test asks which files are kept.
test_packages=(
  "${build_packages[@]}"
  bash-completion ccache clang doctest-dev e2fsprogs fish git libclang-rt-14-dev man-db mandoc mount
  procps sqlite3
  python3 strace tmux zsh
)

# To measure it (scripts/bench.sh): what counts instructions, and what it is measured beside.
bench_packages=(
  "${build_packages[@]}"
  findutils make nq parallel procps python3 sqlite3 task-spooler valgrind
)

# To look over its text (scripts/lint.sh).
lint_packages=("${build_packages[@]}" clang clang-format clang-tidy doctest-dev python3)

# missing_packages PACKAGE...: those that are not installed, one a line.
missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query --show --showformat '${db:Status-Status}\n' "$package" 2>/dev/null |
      grep -qx installed || echo "$package"
  done
}

# need_packages PACKAGE...: installs what is missing. Where that can't be done, says what to install
# and ends with exit code 3, having changed nothing.
need_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "no apt-get on this system: going on with what is there; needed is what Debian 12 calls"
    echo "  $*"
    return 0
  fi
  local -a missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  local -a as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    # Without a password, or where there is a terminal on which to ask for one.
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && [ -t 2 ]; }; }; then
      as_root=(sudo)
    else
      {
        echo "$0: these packages are missing, and only root can install them:"
        echo "  apt-get install --no-install-recommends ${missing[*]}"
        echo "Have it done, then try again."
      } >&2
      exit 3
    fi
  fi
  local apt_options=(-qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
  step "Installing ${#missing[@]} packages: ${missing[*]}" \
    install_packages "${missing[@]}" || {
      echo "$0: the packages can't be installed; 'apt-get update' has to reach a mirror of Debian 12" >&2
      exit 3
    }
}

install_packages() {
  "${as_root[@]}" apt-get "${apt_options[@]}" update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get "${apt_options[@]}" install --yes --no-install-recommends "$@"
}
