"""A directory for all stores of a whole run, and what the program does in them."""
import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

import measure


class Place:
    """Where everything is made: programs, stores, sizes."""

    def __init__(self, sched, programs, quick):
        self.sched = os.path.abspath(sched)
        self.floor = os.path.abspath(programs) + "/sched_bench_floor"
        self.cycle_program = os.path.abspath(programs) + "/sched_bench_cycle"
        self.choose_program = os.path.abspath(programs) + "/sched_bench_choose"
        self.quick = quick
        self.directory = tempfile.mkdtemp(prefix="sched-bench-", dir=os.environ.get("TMPDIR", "/var/tmp"))
        self.environment = {"PATH": os.environ["PATH"], "HOME": self.directory, "TZ": "UTC",
                            "LANG": "C.UTF-8"}
        self._made = {}
        self._number = 0

    def close(self):
        shutil.rmtree(self.directory, ignore_errors=True)

    def size(self, full, quick):
        return quick if self.quick else full

    def path(self, name):
        self._number += 1
        return f"{self.directory}/{self._number}-{name}"

    def lines(self, name, objects):
        """A file of JSON lines, for add --from."""
        path = self.path(name + ".jsonl")
        with open(path, "w", encoding="ascii") as file:
            for each in objects:
                file.write(json.dumps(each) + "\n")
        return path

    def store(self, name="store"):
        return Store(self, self.path(name))

    def filled(self, name, objects):
        """The store of that name with these tasks, made once; to be left as it is."""
        if name not in self._made:
            store = self.store(name)
            lines = self.lines(name, objects())
            store.run("add", "--from", lines)
            os.unlink(lines)
            store.settle()
            self._made[name] = store
        return self._made[name]

    def true_tasks(self, count):
        return self.filled(f"true-{count}", lambda: ({"command": ["/bin/true"]} for _ in range(count)))

    def future_tasks(self, count):
        return self.filled(f"future-{count}",
                           lambda: ({"command": ["/bin/true"], "at": "+30d"} for _ in range(count)))

    def store_with_none(self):
        """A store of its own, made and empty."""
        store = self.store()
        store.run("list", stderr=subprocess.DEVNULL)
        store.settle()
        return store

    def floor_seconds(self, *words):
        done = subprocess.run([self.floor, *map(str, words)], check=True, capture_output=True, text=True)
        return float(done.stdout.split()[0])

    def floor_in_a_database(self, what, *words):
        """The same, of one that wants a new database; that goes again."""
        target = self.path(what + ".db")
        taken = self.floor_seconds(what, target, *words)
        for tail in ("", "-wal", "-shm"):
            if os.path.exists(target + tail):
                os.unlink(target + tail)
        return taken


class Store:
    """One store."""

    def __init__(self, place, path):
        self.place, self.path = place, path
        self.environment = {**place.environment, "SCHED_STORE": path}

    def copy(self):
        twin = self.place.store("copy")
        shutil.copytree(self.path, twin.path)
        for rest in ("launchers", "workers", "bells"):
            shutil.rmtree(f"{twin.path}/{rest}", ignore_errors=True)
        return twin

    def drop(self):
        shutil.rmtree(self.path, ignore_errors=True)

    def words(self, *words):
        return [self.place.sched, *map(str, words)]

    def run(self, *words, **how):
        how.setdefault("stdout", subprocess.DEVNULL)
        return subprocess.run(self.words(*words), env=self.environment, check=True, **how)

    def timed(self, *words, **how):
        return measure.timed(self.words(*words), env=self.environment, **how)

    def drain(self, slots):
        """Seconds until all is done; it has to be."""
        taken = self.timed("run", "--until-idle", "--progress", "none", "--slots", slots)
        left = self.value("SELECT count(*) FROM runs WHERE outcome IS NOT 'succeeded'")
        if left:
            raise RuntimeError(f"{left} runs did not succeed")
        return taken

    def cycle(self, slots, count, *more):
        """What sched_bench_cycle says: us of processor and of time a run, runs, longest pass in ms."""
        done = subprocess.run([self.place.cycle_program, self.path, str(slots), str(count), *more],
                              env=self.environment, check=True, capture_output=True, text=True)
        return [float(word) for word in done.stdout.split()]

    def choose(self, slots, passes):
        """What sched_bench_choose says, in us."""
        done = subprocess.run([self.place.choose_program, self.path, str(slots), str(passes)],
                              env=self.environment, check=True, capture_output=True, text=True)
        return [float(word) for word in done.stdout.split()]

    def value(self, sql):
        with contextlib.closing(sqlite3.connect(f"file:{self.path}/sched.db?mode=ro", uri=True)) as db:
            return db.execute(sql).fetchone()[0]

    def settle(self):
        """Everything in the database file, nothing in its write-ahead log."""
        with contextlib.closing(sqlite3.connect(self.path + "/sched.db", isolation_level=None)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def bytes(self):
        self.settle()
        return os.path.getsize(self.path + "/sched.db")

    @contextlib.contextmanager
    def worker(self, *words):
        """A worker that works while the block does."""
        process = subprocess.Popen(self.words("run", "--progress", "none", *words), env=self.environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + 30
            while not measure.children(process.pid):
                if time.monotonic() > deadline:
                    raise RuntimeError("the worker has no launcher")
                time.sleep(0.01)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGTERM)
                process.wait(30)

    @contextlib.contextmanager
    def busy_worker(self):
        """A worker with one slot, in which something runs for as long as the block takes."""
        self.run("add", "-q", "--priority", "1000", "--grace-kill", "1s", "--", "sleep", "1000")
        with self.worker("--slots", "1") as pid:
            deadline = time.monotonic() + 60
            while not self.value("SELECT count(*) FROM runs WHERE state = 'running'"):
                if time.monotonic() > deadline:
                    raise RuntimeError("nothing runs")
                time.sleep(0.02)
            try:
                yield pid
            finally:
                self.run("cancel", self.value("SELECT min(id) FROM tasks WHERE priority = 1000"))
