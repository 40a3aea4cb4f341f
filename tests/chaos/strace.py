"""Death at the Nth of one system call, by strace's hand: before the call, so that it is not done."""
import collections
import os
import shutil
import subprocess

from ground import state_of, until
from scenario import Skipped

# What leaves a trace outside the process: writes, syncs, names, processes, and what opens them.
CALLS = ["write", "pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate", "rename", "unlink",
         "unlinkat", "mkdir", "openat", "sendto", "sendmsg", "vfork", "clone", "clone3"]


class Prepared:
    """A store that is set back to the same beginning for each crash."""

    def __init__(self, ground):
        self.ground = ground
        self.kept = os.path.join(ground.directory, "kept")
        if os.path.exists(ground.store):
            shutil.copytree(ground.store, self.kept)

    def restore(self):
        shutil.rmtree(self.ground.store, ignore_errors=True)
        if os.path.exists(self.kept):
            shutil.copytree(self.kept, self.ground.store)
        open(self.ground.history, "w", encoding="ascii").close()


def strace_or_skip():
    if not shutil.which("strace"):
        raise Skipped("strace is not there")
    done = subprocess.run(["strace", "-o", "/dev/null", "-e", "trace=write", "true"], capture_output=True,
                          check=False)
    if done.returncode != 0:
        raise Skipped(f"strace may not trace here: {done.stderr.decode().strip()[:100]}")


def counting(path):
    """Words that run a command and note its calls in the file."""
    return ["strace", "-qq", "-o", path, "-e", f"trace={','.join(CALLS)}"]


def count(path):
    """{call: how often} out of such a file. The loader's own opens come before all that matters."""
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [line.split("(")[0] for line in file if "(" in line and "/lib/" not in line]
    return collections.Counter(call for call in lines if call in CALLS)


def killing(call, number):
    """Words that run a command and kill it at its Nth such call."""
    return ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
            f"inject={call}:signal=KILL:when={number}"]


def failing(call, number, error):
    """Words that run a command whose Nth such call fails."""
    return ["strace", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
            f"inject={call}:error={error}:when={number}"]


def attach(ground, pid, words):
    """The same for a process that runs already; answers strace itself, once it holds it."""
    tracer = subprocess.Popen([*words, "-p", str(pid)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    ground.children.append(tracer)

    def holds():
        if state_of(pid) in "ZX":  # it may have met its death before we could look
            return True
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return any(line.startswith("TracerPid") and line.split()[1] != "0" for line in file)
    until(holds, "strace holds the process")
    return tracer


def points(ground, counts, some):
    """[(call, N)] for every N; or the last N of each call, and so many more drawn from the seed."""
    every = [(call, n) for call in CALLS for n in range(1, counts[call] + 1)]
    if some is None or some >= len(every):
        return every
    last = {(call, counts[call]) for call in CALLS if counts[call] > 0}
    return sorted(last | set(ground.rng.sample(every, some)))
