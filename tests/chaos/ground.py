"""The ground of a scenario: a store of its own, commands, workers, the standard task, and faults.

Every fault that is put in is counted. Nothing sleeps in hope: until() looks until something is so.
"""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

# Standard task: tells that it begins, prints a line, works a while, tells that it did what it was to
# do. $1 is how long; $2 says until which attempt it fails then.
STANDARD = r"""
printf 'S %s %s %s\n' "$SCHED_TASK" "$SCHED_RUN_ID" "$SCHED_ATTEMPT" >> "$HISTORY"
echo "said $SCHED_RUN_ID $SCHED_ATTEMPT"
sleep "$1"
if [ "$SCHED_ATTEMPT" -gt "$2" ]; then kind=E code=0; else kind=F code=1; fi
printf '%s %s %s %s\n' $kind "$SCHED_TASK" "$SCHED_RUN_ID" "$SCHED_ATTEMPT" >> "$HISTORY"
exit $code
"""
PATIENCE = 120.0


class Broken(Exception):
    """What was to hold does not."""


def until(holds, what, seconds=PATIENCE, pause=0.01):
    """The first true answer; Broken with `what` when none comes in time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = holds()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Broken(f"not within {seconds:g} s: {what() if callable(what) else what}")
        time.sleep(pause)


def state_of(pid):
    """The letter in /proc/PID/stat, or Z for what is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


class Ground:
    def __init__(self, program, seed, parent=None):
        self.program = program
        self.seed = seed
        self.rng = random.Random(seed)
        self.directory = os.path.realpath(tempfile.mkdtemp(prefix="sched-chaos-", dir=parent))
        self.store = os.path.join(self.directory, "store")
        self.history = os.path.join(self.directory, "history")
        self.faults = 0
        self.figures = {}
        self.children = []
        self.environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": self.directory, "TZ": "UTC",
                            "LANG": "C.UTF-8", "SCHED_STORE": self.store}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        open(self.history, "w", encoding="ascii").close()

    # Commands.

    def sched(self, *words, code=0, stdin="", before=(), timeout=PATIENCE, **more):
        """Runs a command to its end, `before` it what executes it; `code` None takes any end."""
        try:
            done = subprocess.run([*before, self.program, *words], env={**self.environment, **more.pop("env", {})},
                                  cwd=self.directory, input=stdin, capture_output=True, text=True,
                                  errors="backslashreplace", timeout=timeout, check=False, **more)
        except subprocess.TimeoutExpired:
            raise Broken(f"sched {' '.join(words)[:200]} has not ended after {timeout:g} s") from None
        if code is not None and done.returncode != code:
            raise Broken(f"sched {' '.join(words)[:200]} ended with {done.returncode}, not {code}: {done.stderr[:500]}")
        return done

    def json(self, *words):
        return json.loads(self.sched(*words, "--json").stdout)

    def query(self, sql, *values):
        """Rows out of the store, read beside the program."""
        db = sqlite3.connect(f"file:{self.store}/sched.db?mode=ro", uri=True, timeout=30)
        try:
            return db.execute(sql, values).fetchall()
        finally:
            db.close()

    def alter(self, *changes, checks=True):
        """Changes the store by hand, as no command can: SQL, or (SQL, values...). Without `checks`
        what the schema forbids is done too."""
        db = sqlite3.connect(f"{self.store}/sched.db", timeout=30, isolation_level=None)
        try:
            db.execute("PRAGMA wal_autocheckpoint=0")
            db.execute(f"PRAGMA ignore_check_constraints={'OFF' if checks else 'ON'}")
            for change in changes:
                sql, *values = (change,) if isinstance(change, str) else change
                db.execute(sql, values)
        finally:
            db.close()

    # Tasks.

    def standard(self, name, work=0.02, fails=0, before="", **more):
        """A standard task as `add --from` takes it; `before` is more shell text, ahead of it."""
        return {"name": name, "command": ["/bin/sh", "-c", before + STANDARD, "standard", f"{work:.3f}", str(fails)],
                "env": {"HISTORY": self.history}, "tag": ["standard"], **more}

    def add(self, tasks):
        self.sched("add", "--from", "-", "--quiet", stdin="\n".join(json.dumps(task) for task in tasks))

    def begun(self):
        """How many attempts have told that they began."""
        with open(self.history, "rb") as file:
            return file.read().count(b"S ")

    def lines(self):
        with open(self.history, encoding="ascii") as file:
            return file.read().splitlines()

    # Processes.

    def start(self, *words, before=(), **more):
        """A command in the background; what it says goes to a file."""
        with open(os.path.join(self.directory, "said"), "a", encoding="utf-8") as said:
            child = subprocess.Popen([*before, self.program, *words], cwd=self.directory,
                                     env={**self.environment, **more.pop("env", {})},
                                     **{"stdin": subprocess.DEVNULL, "stdout": said, "stderr": said, **more})
        self.children.append(child)
        return child

    def worker(self, *words, slots=8, idle=True, **more):
        return self.start("run", "--slots", str(slots), "--progress", "none",
                          *(["--until-idle"] if idle else []), *words, **more)

    def until_listening(self, worker):
        """Waits until the worker has its launcher; answers the launcher's pid."""
        def look():
            if worker.poll() is not None:
                raise Broken(f"the worker ended with {worker.returncode}")
            return [pid for pid in self.launchers() if parent_of(pid) == worker.pid]
        return until(look, "the worker has a launcher")[0]

    def kill(self, child):
        """kill -9, as a fault, of a process of ours."""
        self.faults += 1
        child.kill()
        child.wait()

    def kill_pid(self, pid):
        self.faults += 1
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        until(lambda: state_of(pid) in "ZX", f"{pid} is dead")

    def launchers(self):
        """{pid: launcher id} of the launchers of this store that live."""
        found = {}
        for pid in self.processes(b"--launcher"):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
            except OSError:
                continue
            if len(words) > 5 and words[1] == b"--launcher":
                found[pid] = int(words[3])
        # A child between fork and exec still looks like its parent.
        return {pid: launcher for pid, launcher in found.items() if parent_of(pid) not in found}

    def worker_of(self, launcher):
        """The pid of the worker that holds this launcher."""
        try:
            with open(f"{self.store}/launchers/{launcher}/worker", encoding="ascii") as file:
                return int(file.read().split()[0])
        except (OSError, IndexError):
            return 0

    def processes(self, word=b""):
        """What lives and belongs to this store, by environment or words."""
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit() or int(entry) == os.getpid():
                continue
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    words = file.read()
                with open(f"/proc/{entry}/environ", "rb") as file:
                    environ = file.read()
            except OSError:
                continue
            if self.directory.encode() in words + environ and word in words and state_of(entry) not in "ZX":
                found.append(int(entry))
        return found

    def finish(self, seconds=PATIENCE, slots=8):
        """A last worker does what is left, and everything is gone afterwards."""
        worker = self.worker(slots=slots)
        try:
            worker.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Broken(f"not done after {seconds:g} s: {self.sched('status').stdout}") from None
        if worker.returncode not in (0, 1):
            raise Broken(f"the last worker ended with {worker.returncode}: {self.last_words()}")

    def last_words(self):
        with open(os.path.join(self.directory, "said"), encoding="utf-8", errors="replace") as file:
            return file.read()[-500:]

    def close(self, keep):
        for child in self.children:
            if child.poll() is None:
                child.kill()
            child.wait()
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if not keep:
            shutil.rmtree(self.directory, ignore_errors=True)


def parent_of(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return 0
