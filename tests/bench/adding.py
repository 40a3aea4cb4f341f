"""Figures 5 and 6: what it costs to hand a task over, one or very many."""
import os
import subprocess

import measure
from table import Line, against


def figure_5(place):
    store = place.store()
    insert = place.path("insert.db")
    rest = place.path("tsp")
    os.mkdir(rest)
    spooler = {**place.environment, "TS_SOCKET": rest + "/socket", "TMPDIR": rest, "TS_SLOTS": "1"}
    add = store.words("add", "-q", "--", "/bin/true")
    ways = {"ours": lambda: measure.timed(add, env=store.environment)}
    if measure.is_there("sqlite3"):
        subprocess.run(["sqlite3", insert, "PRAGMA journal_mode=WAL; CREATE TABLE t (id INTEGER PRIMARY KEY,"
                        " what TEXT)"], check=True, stdout=subprocess.DEVNULL)
        ways["sqlite3 shell"] = lambda: measure.timed(
            ["sqlite3", insert, "PRAGMA synchronous=FULL; INSERT INTO t (what) VALUES ('/bin/true')"])
    if measure.is_there("tsp"):
        subprocess.run(["tsp", "-n", "sleep", "1000"], env=spooler, check=True, stdout=subprocess.DEVNULL)
        ways["task-spooler"] = lambda: measure.timed(["tsp", "-n", "/bin/true"], env=spooler)
    with store.busy_worker():
        try:
            rounds = measure.Rounds(place.size(60, 2), **ways)
        finally:
            if measure.is_there("tsp"):
                subprocess.run(["tsp", "-k"], env=spooler, check=False)  # what runs, then the server
                subprocess.run(["tsp", "-K"], env=spooler, check=False)
        counted = measure.instructions(add, store.environment)
    for peer, target, kept in (("task-spooler", 1.6, "kept in memory alone"), ("sqlite3 shell", 0.8, "durable")):
        if peer in ways:
            yield against(5, f"add, worker running, beside {peer} ({kept})", rounds, "ours", peer, target)
        else:
            yield Line(5, f"add beside {peer}", f"{rounds.of('ours') * 1e3:.3g} ms", floor="absent: not installed")
    if counted is None:
        yield Line(5, "instructions of an add", "", floor="absent: valgrind is not installed")
    else:
        loaded = measure.instructions([place.sched, "--version"], store.environment)
        yield Line(5, "instructions of an add", f"{counted / 1e6:.2f} M",
                   floor=f"{loaded / 1e6:.2f} M --version", ratio=counted / loaded, target="≤ 1.0 M",
                   held=counted <= 1.0e6)


def figure_6(place):
    for count, rate in ((place.size(100_000, 500), 150_000), (place.size(1_000_000, 1000), 60_000)):
        lines = place.lines("bulk", ({"command": ["/bin/true"]} for _ in range(count)))
        source = place.true_tasks(count)

        def bulk():
            store = place.store()
            taken = store.timed("add", "-q", "--from", lines)
            store.drop()
            return taken

        def bare():
            target = place.path("rows.db")
            taken = place.floor_seconds("rows", source.path + "/sched.db", target)
            for tail in ("", "-wal", "-shm"):
                if os.path.exists(target + tail):
                    os.unlink(target + tail)
            return taken
        rounds = measure.Rounds(place.size(3, 1), ours=bulk, floor=bare)
        os.unlink(lines)
        yield against(6, f"add --from of {count} tasks", rounds, "ours", "floor", 2, named="the rows by SQL")
        reached = count / rounds.of("ours")
        yield Line("6.", "the same, tasks a second", f"{reached:.0f}/s", target=f"≥ {rate}/s",
                   held=reached >= rate)
