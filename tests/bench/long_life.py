"""Figure 20: a store that has been in use for years, with very much behind it and before it."""
import os
import subprocess
import threading
import time

import measure
from sharing import Probe, waited
from table import Line, against


def kinds(count, crons):
    """Waiting, future and recurring tasks, each kind after the other."""
    yield from ({"command": ["/bin/true"]} for _ in range(count))
    yield from ({"command": ["/bin/true"], "at": "+30d"} for _ in range(count))
    yield from ({"command": ["/bin/true"], "cron": f"{i % 60} {i // 60 % 24} 1 1 *"}
                for i in range(crons))


class Adding(threading.Thread):
    """Adds a task again and again while something else works: the seconds of each."""

    def __init__(self, store):
        super().__init__(daemon=True)
        self.store, self.times, self.over = store, [], False

    def run(self):
        while not self.over:
            self.times.append(self.store.timed("add", "-q", "--", "/bin/true"))


def old(place, count):
    """A store with `count` finished runs, the first half of which ended before the moment that is told,
    as many that wait and that are to come, and a tenth as many recurring tasks."""
    store = place.true_tasks(count).copy()
    store.cycle(64, count // 2)
    between = time.time()
    time.sleep(2)
    store.cycle(64, 0)
    lines = place.lines("kinds", kinds(count, count // 10))
    store.run("add", "-q", "--from", lines)
    os.unlink(lines)
    store.settle()
    return store, between


READS = (["show", "1"], ["list"], ["runs"], ["status"], ["queue", "list"], ["explain", "1"], ["next"],
         ["dead", "list"], ["worker", "list"])


def figure_20(place):
    count = place.size(1_000_000, 400)
    store, between = old(place, count)
    small = place.true_tasks(1)
    named = f"{count} finished, waiting, to come"
    for words in READS:
        rounds = measure.Rounds(place.size(11, 1), full=lambda w=words: store.timed(*w, stderr=subprocess.DEVNULL),
                                small=lambda w=words: small.timed(*w, stderr=subprocess.DEVNULL))
        yield against("20.", f"{' '.join(words)}, {named}", rounds, "full", "small", 2, named="with 1")
    twin = small.copy()
    rounds = measure.Rounds(place.size(41, 2), full=lambda: store.timed("add", "-q", "--", "/bin/true"),
                            small=lambda: twin.timed("add", "-q", "--", "/bin/true"))
    yield against("20.", f"add, {named}", rounds, "full", "small", 1.5, named="with 1")
    few = place.true_tasks(place.size(10_000, 100)).copy()
    part = place.size(1000, 20)
    rounds = measure.Rounds(place.size(5, 1), full=lambda: store.cycle(1, part)[0], few=lambda: few.cycle(1, part)[0])
    yield against("20.", f"claim and end, {named}, processor time", rounds, "full", "few", 1.5, unit=1, word="µs",
                  named="with 10000 waiting")
    few.drop()
    adding = Adding(store)
    with Probe(store) as probe:
        adding.start()
        store.run("prune", "--older-than", f"{int(time.time() - between) - 1}s")
        adding.over = True
        adding.join()
    yield waited(f"prune of {count // 2} of {count} runs", probe, figure="20.")
    slow = measure.quantile(adding.times, 0.99) * 1e3
    yield Line("20.", "add beside that prune, p99", f"{slow:.1f} ms", target="≤ 100 ms", held=slow <= 100)
    store.drop()
    twin.drop()
