"""Many at the store (rows 18 and 19)."""
import os
import sqlite3
import subprocess
import time

from ground import until
from scenario import expect, judge, scenario

WRITER = r"""
n=0
while [ -e "$GO" ]; do
  n=$((n+1))
  "$SCHED" add "w$1.$n" --at +1h --quiet -- true >> "$ACKS" || echo "exit $?" >> "$BAD"
done
"""


@scenario("18", quick={"writers": 20, "seconds": 4}, full={"writers": 50, "seconds": 60})
def many_writers(ground, writers, seconds):
    """writers and a worker at once: nobody is told 'busy', claims keep flowing, each add is there"""
    paths = {name: os.path.join(ground.directory, name) for name in ("go", "acks", "bad")}
    for path in paths.values():
        open(path, "w", encoding="ascii").close()
    environment = {**ground.environment, "SCHED": ground.program, "GO": paths["go"], "ACKS": paths["acks"],
                   "BAD": paths["bad"]}
    worker = ground.worker(idle=False, slots=2)
    ground.until_listening(worker)
    children = [subprocess.Popen(["/bin/sh", "-c", WRITER, "writer", str(i)], env=environment)
                for i in range(writers)]
    ground.children += children
    end, slowest, number = time.monotonic() + seconds, 0.0, 0
    while time.monotonic() < end:
        began = time.monotonic()
        ground.add([ground.standard(f"t{number}", work=0)])
        ground.sched("wait", f"t{number}", "--timeout", "60s")
        slowest = max(slowest, time.monotonic() - began)
        number += 1
    os.remove(paths["go"])
    for child in children:
        child.wait(60)
    ground.faults += writers
    with open(paths["bad"], encoding="ascii") as file:
        bad = file.read().split("\n")
    expect(ground, bad == [""], f"refused: {bad[:5]}")
    with open(paths["acks"], encoding="ascii") as file:
        told = len(file.read().split())
    there = ground.query("SELECT count(*) FROM tasks WHERE name LIKE 'w%'")[0][0]
    expect(ground, told == there, f"{told} adds were acknowledged, {there} are there")
    ground.notes.append(f"{there} adds; {number} tasks beside them, the slowest from add to its end {slowest:.2f} s")
    expect(ground, slowest < 30, f"a task took {slowest:.1f} s among the writers")
    worker.terminate()
    worker.wait(30)
    ground.alter("PRAGMA foreign_keys = ON", "DELETE FROM tasks WHERE name LIKE 'w%'")  # What is to run in an hour is not Q's matter.
    judge(ground, ground.verdict)


@scenario("19", quick={"seconds": 3}, full={"seconds": 60})
def reader_holds_a_snapshot(ground, seconds):
    """a reader that will not end: writers go on, the WAL is cut back when it is gone"""
    worker = ground.worker(idle=False, slots=8)
    ground.until_listening(worker)
    ground.add([ground.standard("first", work=0)])
    reader = sqlite3.connect(f"file:{ground.store}/sched.db?mode=ro", uri=True)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM runs").fetchall()
    ground.faults += 1
    end, most, number = time.monotonic() + seconds, 0.0, 0
    while time.monotonic() < end:
        began = time.monotonic()
        ground.add([ground.standard(f"t{number}.{i}", work=0) for i in range(100)])
        most = max(most, time.monotonic() - began)
        number += 1
        until(lambda: ground.begun() >= number * 100 - 50, "the work goes on")
    high = os.path.getsize(f"{ground.store}/sched.db-wal")
    expect(ground, most < 5, f"an add took {most:.1f} s")
    reader.close()
    ground.sched("wait", "--all", "--timeout", "120s")
    worker.terminate()
    worker.wait(30)
    low = os.path.getsize(f"{ground.store}/sched.db-wal")
    ground.notes.append(f"{number * 100} tasks; WAL {high} bytes beside the reader, {low} after; slowest add {most:.2f} s")
    expect(ground, low == 0, f"the WAL has still {low} bytes")
    judge(ground, ground.verdict)
