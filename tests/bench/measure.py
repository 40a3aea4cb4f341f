"""How things are measured: interleaved rounds, medians, and the noise that they had."""
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time


def median(values):
    return statistics.median(values)


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


class Rounds:
    """What several ways took, in rounds that each try every way once, one after the other: what else
    the machine does meanwhile falls on all of them."""

    def __init__(self, count, **ways):
        self.times = {name: [] for name in ways}
        for number in range(count):
            order = list(ways) if number % 2 == 0 else list(ways)[::-1]
            for name in order:
                self.times[name].append(ways[name]())

    def of(self, name):
        return median(self.times[name])

    def ratio(self, ours, floor):
        return median([a / b for a, b in zip(self.times[ours], self.times[floor])])

    def noise(self, ours, floor):
        """Half of the spread of the middle of the rounds' ratios, as a share of their median."""
        ratios = [a / b for a, b in zip(self.times[ours], self.times[floor])]
        if len(ratios) < 3:
            return None
        return (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / 2 / median(ratios)


def timed(words, **how):
    """The seconds that a command takes; it has to end well."""
    how.setdefault("stdout", subprocess.DEVNULL)
    begun = time.perf_counter()
    subprocess.run(words, check=True, **how)
    return time.perf_counter() - begun


def instructions(words, environment=None):
    """Those of one process, without its children; None without valgrind."""
    if not shutil.which("valgrind"):
        return None
    with tempfile.TemporaryDirectory() as place:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={place}/out"] + words,
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True)
        found = re.search(r"Collected : (\d+)", done.stderr)
        return int(found.group(1)) if found else None


def idle_cost(pids, seconds):
    """Processor time in us and voluntary switches, a second each, and bytes written, of processes."""
    def look():
        cpu = switches = written = 0
        for pid in pids:
            with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
                cpu += int(file.read().split()[0]) / 1e3
            with open(f"/proc/{pid}/status", encoding="ascii") as file:
                switches += int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)", file.read(), re.M)[1])
            with open(f"/proc/{pid}/io", encoding="ascii") as file:
                written += int(re.search(r"^write_bytes: (\d+)", file.read(), re.M)[1])
        return cpu, switches, written
    before = look()
    time.sleep(seconds)
    after = look()
    cpu, switches, written = (b - a for a, b in zip(before, after))
    return cpu / seconds, switches / seconds, written


def resident(pid):
    """What of a process is in memory, in bytes."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return int(re.search(r"^VmRSS:\s+(\d+)", file.read(), re.M)[1]) * 1024


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def is_there(name):
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin") is not None
