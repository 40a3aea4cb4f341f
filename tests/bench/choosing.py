"""Figure 19: what it costs to choose who starts, when very much waits in many queues."""
import subprocess

import measure
from table import Line

POLICIES = ("fifo", "priority", "shortest", "deadline", "fair", "fair,priority", "priority,shortest",
            "priority,deadline", "fair,deadline", "priority,shortest,deadline")
QUEUES, RESOURCES, SLOTS = 100, 20, 8


def mixed(count):
    """Tasks over all queues and resources, a third of them without needs, some with a lock."""
    for i in range(count):
        task = {"queue": f"q{i % QUEUES}", "priority": i % 7 - 3, "command": ["/bin/true"]}
        kind = i // QUEUES % (RESOURCES * 3 // 2)
        if kind < RESOURCES:
            task["need"] = [f"r{kind}={1 + kind % 2}"]
        if kind == RESOURCES:
            task["lock"] = [f"lock{i % 5}"]
        if i % 3 == 0:
            task["deadline"] = ["1d"]
        task["tag"] = [f"team{i % 4}"]
        yield task


def crowd(place, count):
    store = place.store("crowd")
    store.run("list", stderr=subprocess.DEVNULL)
    for i in range(QUEUES):
        policy = POLICIES[i % len(POLICIES)]
        more = ["--fair-by", "tag"] if "fair" in policy else []
        store.run("queue", "add", f"q{i}", "--policy", policy, "--weight", 1 + i % 3, *more)
    for i in range(RESOURCES):
        store.run("resource", "add", f"r{i}", 4)
    store.run("add", "-q", "--from", place.lines("crowd", mixed(count)))
    store.settle()
    return store


def figure_19(place):
    many, few = place.size(1_000_000, 2000), place.size(2000, 1000)
    crowds = {count: crowd(place, count) for count in (many, few)}
    rounds = {}
    for count, store in crowds.items():
        values = []
        for _ in range(place.size(3, 1)):
            twin = store.copy()
            values.append(twin.choose(SLOTS, place.size(100, 5)))
            twin.drop()
        rounds[count] = [measure.median(column) for column in zip(*values)]
    names = (f"a pass that starts {SLOTS} runs", f"one that settles {SLOTS} ends too",
             f"the choice of {SLOTS} alone", "a look when nothing of it may start")
    for what, value, small in zip(names, rounds[many], rounds[few]):
        bounded = what in (names[0], names[2])
        yield Line(19 if bounded else "19.", f"{what}: {many} waiting in {QUEUES} queues, processor time", f"{value:.0f} µs",
                   floor=f"{small:.0f} µs with {few}", ratio=value / small,
                   target="< 1000 µs" if bounded else "", held=value < 1000 if bounded else None)
    for store in crowds.values():
        store.drop()
