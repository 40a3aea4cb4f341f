#!/usr/bin/env bash
# Imports what Debian 12 ships (crontabs, cron.d, timers) in a root of its own, and runs it all there.
# usage: scripts/debian_imports.sh [SCHED] [DIRECTORY]
#   SCHED      the program (default: build-test/sched)
#   DIRECTORY  where the root is made, about 400 MB, and left when it is named (default: a new one)
# Wants root, debootstrap and a mirror of Debian; where one of them is missing it says so and ends
# with 77. Nothing outside the directory is touched.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(readlink -f "${1:-build-test/sched}")
packages=(cron at sysstat logrotate man-db certbot mdadm e2fsprogs procps)

skip() {
  echo "skipped: $*"
  exit 77
}
[ "$(id -u)" -eq 0 ] || skip 'only root can make a root directory of a system'
command -v debootstrap >/dev/null || skip 'debootstrap is not installed'

if [ $# -ge 2 ]; then
  root=$2
else
  root=$(mktemp -d)
  trap 'rm -rf --one-file-system "$root"' EXIT
fi

# What the program is linked with; dpkg knows those of the base system by other paths.
libraries=$(ldd "$program" | awk '$3 ~ /^\// { print $3 }' | xargs -n1 readlink -f |
  { xargs dpkg -S 2>/dev/null || true; } | cut -d: -f1 | sort -u)
# In namespaces of its own, so that its processes end with it; without the machine's devices.
in_root() {
  unshare --mount --pid --fork --kill-child --uts bash -c '
    mount --bind "$0" "$0" && cd "$0" && mount -t proc proc proc &&
      exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
        DEBIAN_FRONTEND=noninteractive TZ=Etc/UTC "$@"' "$root" "$@"
}
if [ ! -e "$root/etc/cron.d/certbot" ]; then
  log=$(mktemp)
  {
    debootstrap --variant=minbase bookworm "$root" &&
      printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" &&  # No service is started.
      chmod +x "$root/usr/sbin/policy-rc.d" &&
      in_root apt-get install --yes --no-install-recommends "${packages[@]}" $libraries
  } >"$log" 2>&1 || skip "the packages can't be had, see $log: is a mirror of Debian reachable?"
  rm -f "$log"
fi
install -D "$program" "$root/opt/sched"
mkdir -p "$root/run/systemd/system"  # Jobs of cron that timers do instead end at once.
install "$(dirname "$0")/debian_imports_inside.sh" "$root/opt/inside.sh"
in_root bash /opt/inside.sh
