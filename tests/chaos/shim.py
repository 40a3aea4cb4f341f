"""What the system would have to lie about for a fault, in a library that is loaded before it."""
import os
import shutil
import subprocess

from scenario import Skipped

# The wall clock, set by so many seconds as a file says. Monotonic clocks go on as they are.
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec* value) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(id, value);
  if (result == 0 && id == CLOCK_REALTIME) {
    char text[32] = {0};
    int fd = open(CLOCK_FILE, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && read(fd, text, sizeof text - 1) > 0) value->tv_sec += atol(text);
    if (fd >= 0) close(fd);
  }
  return result;
}
"""

# Every file system is NFS.
NETWORK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/vfs.h>
int statfs(const char* path, struct statfs* value) {
  int (*real)(const char*, struct statfs*) = (int (*)(const char*, struct statfs*))dlsym(RTLD_NEXT, "statfs");
  int result = real(path, value);
  if (result == 0) value->f_type = 0x6969;
  return result;
}
"""


def build(ground, name, text, *options):
    """{variable: value} with which a command is told the lie."""
    if not shutil.which("cc"):
        raise Skipped("no C compiler to build the lie with")
    path = os.path.join(ground.directory, f"{name}.so")
    done = subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-x", "c", "-", "-o", path, *options], input=text,
                          text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise Skipped(f"no C compiler to build the lie with: {done.stderr[:80]}")
    return {"LD_PRELOAD": path}
