"""Figures 16 to 18: what the store keeps, how long its log grows, what a firing costs."""
import os
import sqlite3
import threading
import time

import measure
from table import Line


def figure_16(place):
    count = place.size(100_000, 1000)
    empty = place.store_with_none()
    base = empty.bytes()
    store = place.true_tasks(count).copy()
    waiting = (store.bytes() - base) / count
    store.cycle(64, 0)
    finished = (store.bytes() - base) / count
    yield Line(16, "store, a waiting task", f"{waiting:.0f} B", target="≤ 250 B", held=waiting <= 250)
    yield Line("16.", "store, a task with a finished run", f"{finished:.0f} B", target="≤ 400 B",
               held=finished <= 400)
    store.drop()
    empty.drop()


class LogWatch(threading.Thread):
    """The longest that the write-ahead log was; reads long statements meanwhile."""

    def __init__(self, store):
        super().__init__(daemon=True)
        self.store, self.longest, self.over = store, 0, False

    def run(self):
        db = sqlite3.connect(f"file:{self.store.path}/sched.db?mode=ro", uri=True)
        while not self.over:
            db.execute("SELECT count(*), max(reason) FROM runs").fetchall()
            try:
                self.longest = max(self.longest, os.path.getsize(self.store.path + "/sched.db-wal"))
            except OSError:
                pass
            time.sleep(0.01)
        db.close()


def figure_17(place):
    count = place.size(20_000, 50)
    store = place.true_tasks(count).copy()
    watch = LogWatch(store)
    watch.start()
    try:
        store.drain(os.cpu_count())
    finally:
        watch.over = True
        watch.join()
    yield Line(17, f"write-ahead log, {count} runs beside a reader", f"{watch.longest / 2**20:.1f} MiB",
               target="≤ 16 MiB", held=watch.longest <= 16 * 2**20)
    lines = place.lines("bulk", ({"command": ["/bin/true"]} for _ in range(place.size(100_000, 100))))
    watch = LogWatch(store)
    watch.start()
    try:
        store.run("add", "-q", "--from", lines)
    finally:
        watch.over = True
        watch.join()
    yield Line("17.", "the same beside a bulk add", f"{watch.longest / 2**20:.1f} MiB", target="≤ 16 MiB",
               held=watch.longest <= 16 * 2**20)
    store.drop()


def figure_18(place):
    count = place.size(100_000, 100)

    def a_day(store, *words):
        store = store.copy()
        cpu_us, _, runs, longest = store.cycle(64, 0, *words)
        if runs != count:
            raise RuntimeError(f"{runs:.0f} of {count} ran")
        store.drop()
        return cpu_us, longest
    # The same runs at the same moments, but each was written when its task was added.
    fired_us, longest = a_day(place.filled(f"cron-{count}", lambda: (
        {"command": ["/bin/true"], "cron": f"{i % 60} {i // 60 % 24} * * *"} for i in range(count))), "--day")
    written_us, _ = a_day(place.filled(f"at-{count}", lambda: (
        {"command": ["/bin/true"], "at": f"+{i % 1440 + 1}m"} for i in range(count))), "--day")
    at_once_us, _ = a_day(place.true_tasks(count))
    yield Line(18, f"{count} firings of {count} cron tasks in a day, processor time each",
               f"{fired_us:.1f} µs", floor=f"{written_us:.1f} µs a run that was written before",
               target="≤ +10 µs", held=fired_us - written_us <= 10)
    yield Line("18.", "the same beside runs that are all queued", f"{fired_us:.1f} µs",
               floor=f"{at_once_us:.1f} µs, 64 in a commit")
    yield Line("18.", "the longest pass of that day", f"{longest:.0f} ms", target="≤ 50 ms", held=longest <= 50)
