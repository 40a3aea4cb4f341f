"""The judge: reads a history, a store and /proc, and says which promise broke.

It shares nothing with the program and nothing with the harness: SQL of its own, read-only; the marks
in the environments of living processes; the lines that standard tasks (tag `standard`) appended:

    S task run attempt    it began
    E task run attempt    it did what it was to do, and then succeeds
    F task run attempt    the same, but then it fails

The promises, by number:
  1  no (run, attempt) starts twice
  2  every success has its E, in the same attempt
  3  an E that is no success is lost, timed out or cancelled; an F likewise, or failed
  4  every task came to an end
  5  integrity, foreign keys, states that belong together; every end has a reason
  6  no process carries the mark of what has ended (state Z is dead)
  7  no stray journal, log or half-made file; what a success printed is in its log
"""
import collections
import dataclasses
import os
import pathlib
import sqlite3
import time

EXCUSED = {"lost", "timed_out", "cancelled"}
STATES = {"waiting", "queued", "running", "held", "finished"}


@dataclasses.dataclass
class Verdict:
    complaints: list = dataclasses.field(default_factory=list)  # (promise, text)
    runs: int = 0
    attempts: int = 0
    lost: int = 0
    doubled: int = 0
    orphans: int = 0
    false_successes: int = 0

    def say(self, promise, text):
        self.complaints.append((promise, text))


def read_history(path):
    """[(kind, task, run, attempt)] in order; what is no whole line is a complaint of its own."""
    lines, torn = [], []
    with open(path, encoding="ascii", errors="replace") as file:
        for line in file:
            words = line.split(" ")
            whole = len(words) == 4 and words[0] in ("S", "E", "F") and line.endswith("\n")
            if whole and words[2].isdigit() and words[3].strip().isdigit():
                lines.append((words[0], words[1], int(words[2]), int(words[3])))
            else:
                torn.append(line)
    return lines, torn


def marked_processes(store):
    """[(pid, run, attempt)] of all living processes that carry a mark of this store."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/environ", "rb") as file:
                environ = dict(pair.split(b"=", 1) for pair in file.read().split(b"\0") if b"=" in pair)
            with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as file:
                state = file.read().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if environ.get(b"SCHED_STORE") != str(store).encode() or b"SCHED_RUN_ID" not in environ:
            continue
        if state not in "ZX":
            found.append((int(entry), int(environ[b"SCHED_RUN_ID"]), int(environ[b"SCHED_ATTEMPT"])))
    return found


class Checker:
    """One look at one store. `seconds` is how long what has ended may take to be gone."""

    def __init__(self, store, history, seconds=0.0):
        self.store, self.history, self.seconds = pathlib.Path(store), history, seconds
        self.verdict = Verdict()
        db = sqlite3.connect(f"file:{self.store}/sched.db?mode=ro", uri=True, timeout=30)
        db.row_factory = sqlite3.Row
        db.execute("BEGIN")
        self.integrity = [row[0] for row in db.execute("PRAGMA integrity_check")]
        self.foreign = [tuple(row) for row in db.execute("PRAGMA foreign_key_check")]
        self.runs = {row["id"]: row for row in db.execute("SELECT * FROM runs")}
        self.attempts = {(row["run_id"], row["number"]): row for row in db.execute("SELECT * FROM attempts")}
        self.tasks = {row["id"]: row for row in db.execute("SELECT * FROM tasks")}
        self.standard = {row[0] for row in db.execute("SELECT task_id FROM tags WHERE tag = 'standard'")}
        self.edges = db.execute("SELECT d.task_id, d.upstream_id, b.run_id, b.upstream_run_id FROM bindings AS b"
                                " JOIN dependencies AS d ON d.id = b.dependency_id").fetchall()
        db.close()

    def check(self):
        lines, torn = read_history(self.history)
        for line in torn:
            self.verdict.say(1, f"the history has a torn line {line!r}")
        self.check_starts_and_ends(lines)
        self.check_order(lines)
        self.check_all_ended()
        self.check_rows()
        self.check_processes()
        self.check_files()
        self.verdict.runs = len(self.runs)
        self.verdict.attempts = len(self.attempts)
        self.verdict.lost = sum(row["outcome"] == "lost" for row in self.attempts.values())
        return self.verdict

    def check_starts_and_ends(self, lines):
        told = {kind: collections.Counter((r, a) for k, _, r, a in lines if k == kind) for kind in "SEF"}
        for (run, attempt), times in told["S"].items():
            if times > 1:
                self.verdict.doubled += 1
                self.verdict.say(1, f"run-{run} attempt {attempt} started {times} times")
            if (run, attempt) not in self.attempts:
                self.verdict.say(1, f"run-{run} attempt {attempt} started and the store knows nothing of it")
        for kind, excused in (("E", EXCUSED | {"succeeded"}), ("F", EXCUSED | {"failed"})):
            for key in told[kind]:
                row = self.attempts.get(key)
                if key not in told["S"]:
                    self.verdict.say(1, f"run-{key[0]} attempt {key[1]} ended without a start")
                if row is not None and row["outcome"] is not None and row["outcome"] not in excused:
                    self.verdict.say(3, f"run-{key[0]} attempt {key[1]} wrote {kind} and is {row['outcome']}")
        for key, row in self.attempts.items():
            task = self.runs[key[0]]["task_id"] if key[0] in self.runs else None
            if task in self.standard and row["outcome"] == "succeeded" and key not in told["E"]:
                self.verdict.false_successes += 1
                self.verdict.say(2, f"run-{key[0]} attempt {key[1]} succeeded without its end")

    def check_order(self, lines):
        """What comes after something begins after its end."""
        began, ended = {}, {}
        for position, (kind, _, run, _) in enumerate(lines):
            if kind == "S":
                began.setdefault(run, position)
            else:
                ended[run] = position
        for edge in self.edges:
            above, below = edge["upstream_run_id"], edge["run_id"]
            if below in began and above in ended and began[below] < ended[above]:
                self.verdict.say(4, f"run-{below} began before run-{above}, after which it comes, had ended")
            if below in began and above in self.runs and self.runs[above]["state"] != "finished":
                self.verdict.say(4, f"run-{below} began though run-{above} has not ended")

    def check_all_ended(self):
        with_runs = {row["task_id"] for row in self.runs.values()}
        for task, row in self.tasks.items():
            if task not in with_runs and row["trigger"] in ("once", "upstream"):
                self.verdict.say(4, f"task {row['name'] or task} has no run")
        for run, row in self.runs.items():
            if row["state"] != "finished":
                self.verdict.say(4, f"run-{run} is {row['state']} still")

    def check_rows(self):
        if self.integrity != ["ok"]:
            self.verdict.say(5, f"integrity: {self.integrity[:3]}")
        for row in self.foreign:
            self.verdict.say(5, f"foreign key: {row}")
        numbers = collections.defaultdict(list)
        for run, number in self.attempts:
            numbers[run].append(number)
        for run, row in self.runs.items():
            say = lambda text, run=run: self.verdict.say(5, f"run-{run} {text}")
            state, tries = row["state"], sorted(numbers[run])
            open_ones = [n for n in tries if self.attempts[run, n]["outcome"] is None]
            if state not in STATES:
                say(f"is in a state {state!r}")
            if (state == "finished") != (row["outcome"] is not None):
                say(f"is {state} with outcome {row['outcome']}")
            if state == "finished" and not row["reason"]:
                say("ended without a reason")
            if tries != list(range(1, len(tries) + 1)) or row["attempts"] != len(tries):
                say(f"counts {row['attempts']} attempts and has {tries}")
            if len(open_ones) != (state == "running"):
                say(f"is {state} with open attempts {open_ones}")
            last = self.attempts[run, tries[-1]]["outcome"] if tries else None
            if state == "finished" and row["outcome"] == "succeeded" and last != "succeeded":
                say(f"succeeded, its last attempt {last}")
            if state == "finished" and row["outcome"] in ("lost", "timed_out") and last != row["outcome"]:
                say(f"is {row['outcome']}, its last attempt {last}")
            if not 0 <= row["edges_open"] + row["edges_satisfied"] <= row["edges_total"]:
                say("miscounts its edges")
        for (run, number), row in self.attempts.items():
            if row["outcome"] is not None and not row["reason"]:
                self.verdict.say(5, f"run-{run} attempt {number} ended without a reason")

    def is_over(self, run, attempt):
        row = self.attempts.get((run, attempt))
        return row is None or row["outcome"] is not None

    def check_processes(self):
        deadline = time.monotonic() + self.seconds
        while True:
            left = [(pid, r, a) for pid, r, a in marked_processes(self.store) if self.is_over(r, a)]
            if not left or time.monotonic() >= deadline:
                break
            time.sleep(0.05)
        for pid, run, attempt in left:
            self.verdict.orphans += 1
            self.verdict.say(6, f"process {pid} goes on though run-{run} attempt {attempt} has ended")

    def check_files(self):
        launchers = self.store / "launchers"
        for path in sorted(launchers.iterdir()) if launchers.is_dir() else []:
            if not holder_lives(path / "journal") and not holder_lives(path / "worker"):
                self.verdict.say(7, f"stray journal {path.name}")
        for path in self.store.iterdir():
            if path.name.startswith("sched.db.") or path.name.endswith("-journal"):
                self.verdict.say(7, f"half-made file {path.name}")
        logs = set()
        for path in (self.store / "logs").rglob("*.*"):
            run, attempt = path.name.split(".")[:2]
            logs.add((int(run), int(attempt)))
            if (int(run), int(attempt)) not in self.attempts:
                self.verdict.say(7, f"stray log {path.name}")
        for (run, number), row in self.attempts.items():
            if row["outcome"] == "succeeded" and self.runs[run]["task_id"] in self.standard:
                path = self.store / "logs" / str(run // 1000) / f"{run}.{number}.out"
                said = path.read_text(errors="replace") if path.exists() else ""
                if f"said {run} {number}\n" not in said:
                    self.verdict.say(7, f"run-{run} attempt {number} printed what its log has not: {said!r}")


def holder_lives(path):
    """Whether somebody holds a flock on the file, as /proc/locks tells."""
    try:
        inode = os.stat(path).st_ino
    except OSError:
        return False
    with open("/proc/locks", encoding="ascii") as file:
        return any(line.split()[1] == "FLOCK" and line.split()[5].endswith(f":{inode}")
                   for line in file if line.split()[1] != "->")


def check(store, history, seconds=0.0):
    """The verdict about a store whose work is done."""
    return Checker(store, history, seconds).check()
