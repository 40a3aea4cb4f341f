"""A machine that lacks memory, for those that are executed with files of ours in the place of the kernel's."""
import os
import subprocess
import threading
import time


def has_pressure():
    try:
        with open("/proc/pressure/cpu", encoding="ascii") as file:
            return file.read().startswith("some ")
    except OSError:
        return False


def tells_by_itself():
    """Whether this kernel wakes who asks it to as soon as something became too much."""
    try:
        with open("/proc/pressure/cpu", "r+b", buffering=0) as file:
            return file.write(b"some 1200000 2000000\0") > 0
    except OSError:
        return False


def cpu_pressure(seconds):
    """In percent, over so long."""
    def total():
        with open("/proc/pressure/cpu", encoding="ascii") as file:
            return int(file.readline().rpartition("=")[2])
    before = total()
    time.sleep(seconds)
    return (total() - before) / seconds / 1e4


def may_mount():
    try:
        return has_pressure() and subprocess.run(
            ["unshare", "-m", "mount", "--bind", "/proc/loadavg", "/proc/pressure/memory"],
            stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


def pressure(total_us, line="some"):
    """A line of a pressure file, always of the same length."""
    return f"{line} avg10=0.00 avg60=0.00 avg300=0.00 total={int(total_us):012d}\n"


class Pressed:
    """Lacks memory for 80% of the time, and wholly for a share `full` of it, while it is said to."""

    def __init__(self, directory, full=0.0):
        self.paths = {kind: os.path.join(directory, kind) for kind in ("cpu", "memory", "io")}
        self.full = full
        for path in self.paths.values():
            with open(path, "w", encoding="ascii") as file:
                file.write(pressure(0))

    def before(self):
        """What is to stand before a command that is to see these files."""
        mounts = "".join(f"mount --bind '{path}' /proc/pressure/{kind}\n" for kind, path in self.paths.items())
        return ["unshare", "-m", "sh", "-ec", mounts + 'exec "$0" "$@"']

    def press(self, over):
        """Until `over(seconds)`, which waits so long, says so."""
        began = time.monotonic()
        with open(self.paths["memory"], "r+b", buffering=0) as file:
            while not over(0.05):
                stalled = (time.monotonic() - began) * 1e6
                text = pressure(stalled * 0.8) + pressure(stalled * self.full, "full")
                os.pwrite(file.fileno(), text.encode(), 0)

    def begin(self, test, over=None, when=None):
        """Presses in a thread, from when `when()` holds until over; answers the event that ends it."""
        end = threading.Event()

        def work():
            while when is not None and not when():
                if end.wait(0.05):
                    return
            self.press(lambda seconds: end.wait(seconds) or (over is not None and over()))
        presser = threading.Thread(target=work)
        test.addCleanup(presser.join)
        test.addCleanup(end.set)
        presser.start()
        return end
