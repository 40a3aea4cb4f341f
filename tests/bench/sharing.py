"""Figures 11 and 12: how long anybody holds the write lock, and how several workers share."""
import contextlib
import sqlite3
import subprocess
import time

import measure
from table import Line


class Probe:
    """Asks for the write lock all the time while the block works: the longest wait in ms, the 99th
    percentile, how often."""

    def __init__(self, store):
        self.store = store

    def __enter__(self):
        self.process = subprocess.Popen([self.store.place.floor, "probe", self.store.path + "/sched.db"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *failure):
        self.longest, self.p99, self.asked = (
            float(word) for word in self.process.communicate("over\n")[0].split())


def waited(what, probe, bound=50, figure="11."):
    return Line(figure, what, f"{probe.longest:.1f} ms, p99 {probe.p99:.1f}", target=f"≤ {bound} ms",
                held=probe.longest <= bound)


def figure_11(place):
    count = place.size(100_000, 200)
    store = place.true_tasks(count).copy()
    with Probe(store) as probe:
        store.cycle(64, count)
    yield waited(f"longest wait for the write lock: {count} runs in batches of 64", probe, figure=11)
    with Probe(store) as probe:
        store.run(*PRUNE)
    yield waited(f"prune of {count}", probe)
    store.drop()

    store = place.store_with_none()
    lines = place.lines("bulk", ({"command": ["/bin/true"]} for _ in range(count)))
    with Probe(store) as probe:
        store.run("add", "-q", "--from", lines)
    yield waited(f"add --from of {count}", probe)
    for words in BULK:
        with Probe(store) as probe:
            store.run(*words)
        yield waited(f"{' '.join(words)} of {count}", probe)
    store.drop()

    count = place.size(4000, 40)
    store = place.true_tasks(count).copy()
    with Probe(store) as probe, contextlib.ExitStack() as others:
        for _ in range(3):
            others.enter_context(store.worker("--slots", "1"))
        store.run("run", "--until-idle", "--progress", "none", "--slots", "1")
    yield Line("11.", "the same with 4 workers, p99", f"{probe.p99:.1f} ms", target="≤ 100 ms",
               held=probe.p99 <= 100)
    store.drop()


PRUNE = ["prune", "--keep", "0"]
BULK = [["hold", "--all"], ["release", "--all"], ["cancel", "--all"], ["retry", "--outcome", "cancelled"],
        ["rm", "--all"]]


def drained_by(place, source, workers, slots):
    """Seconds, and the most and the least that a worker did."""
    store = source.copy()
    words = store.words("run", "--until-idle", "--progress", "none", "--slots", slots)

    def all_of_them():
        running = [subprocess.Popen(words, env=store.environment, stdout=subprocess.DEVNULL)
                   for _ in range(workers)]
        for each in running:
            if each.wait():
                raise RuntimeError("a worker failed")
    begun = time.perf_counter()
    all_of_them()
    taken = time.perf_counter() - begun
    with contextlib.closing(sqlite3.connect(store.path + "/sched.db")) as db:
        shares = [row[0] for row in db.execute("SELECT count(*) FROM attempts GROUP BY launcher_id")]
    store.drop()
    return taken, shares


def figure_12(place):
    count = place.size(4000, 40)
    source = place.true_tasks(count)
    spread = []

    def four():
        taken, shares = drained_by(place, source, 4, 1)
        spread.append(max(shares) / min(shares) if len(shares) == 4 else float(len(shares)) * 10)
        return taken
    rounds = measure.Rounds(place.size(5, 1), four=four, one=lambda: drained_by(place, source, 1, 4)[0])
    share = 1 / rounds.ratio("four", "one")
    yield Line(12, f"{count} × /bin/true by 4 workers with a slot each", f"{count / rounds.of('four'):.0f}/s",
               floor=f"{count / rounds.of('one'):.0f}/s by 1 with 4 slots", ratio=share,
               noise=rounds.noise("four", "one"), target="≥ 0.8", held=share >= 0.8)
    worst = measure.median(spread)
    yield Line("12.", "the most that one did beside the least", f"{worst:.2f}", target="≤ 3", held=worst <= 3)
    adds = place.size(50, 5)
    store = place.true_tasks(count).copy()
    with contextlib.ExitStack() as others:
        for _ in range(4):
            others.enter_context(store.worker("--slots", "1"))
        words = store.words("add", "-q", "--", "/bin/true")
        running = [subprocess.Popen(words, env=store.environment, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE) for _ in range(adds)]
        failed = sum(1 for each in running if each.wait() != 0)
        for each in running:
            each.stderr.close()
    kept = store.value("SELECT count(*) FROM tasks") - count
    yield Line("12.", f"{adds} concurrent adds beside them: failed, kept", f"{failed}, {kept}",
               target=f"0, {adds}", held=failed == 0 and kept == adds)
    store.drop()
