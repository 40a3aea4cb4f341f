"""Figures 13 to 15: how fast a worker wakes, what it costs asleep, how much it remembers."""
import os
import subprocess
import time

import measure
from table import Line


def stamps(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="ascii") as file:
        return [int(line) for line in file.read().split()]


def figure_13(place):
    store = place.store()
    ours_file, alone_file = place.path("ours"), place.path("alone")
    waits = []
    alone = []
    with store.worker("--slots", "2"):
        for number in range(place.size(200, 3)):
            store.run("add", "-q", "--", place.floor, "stamp", ours_file)
            returned = time.monotonic_ns()
            while len(stamps(ours_file)) <= number:
                time.sleep(0.0005)
            waits.append((stamps(ours_file)[number] - returned) / 1e6)
            begun = time.monotonic_ns()
            subprocess.run([place.floor, "stamp", alone_file], check=True)
            alone.append((stamps(alone_file)[number] - begun) / 1e6)
    base = measure.median(alone)
    for name, ours, bound in (("median", measure.median(waits), 1), ("p99", measure.quantile(waits, 0.99), 5)):
        yield Line(13, f"from add's return to the command's first line, {name}", f"{ours:.2f} ms",
                   floor=f"{base:.2f} ms exec alone", target=f"≤ +{bound} ms", held=ours <= base + bound)


def figure_14(place):
    seconds = place.size(20, 1)
    for what, store in (("idle worker and launcher", place.store()),
                        (f"the same with {place.size(100_000, 100)} runs to come",
                         place.future_tasks(place.size(100_000, 100)).copy())):
        with store.worker() as pid:
            time.sleep(place.size(5, 0.5))
            cpu, wakes, written = measure.idle_cost([pid] + measure.children(pid), seconds)
        yield Line(14, f"{what}: processor", f"{cpu:.0f} µs/s", target="≤ 100 µs/s", held=cpu <= 100)
        yield Line("14.", "the same: wake-ups, written", f"{wakes:.2f}/s, {written} B", target="≤ 2/s, 0 B",
                   held=wakes <= 2 and written == 0)
        store.drop()


def figure_15(place):
    count = place.size(1_000_000, 1000)
    sizes = []
    for store in (place.store(), place.true_tasks(count).copy()):
        with store.busy_worker() as pid:
            time.sleep(place.size(5, 0.5))
            sizes.append(measure.resident(pid))
        store.drop()
    ratio = sizes[1] / sizes[0]
    yield Line(15, f"memory of the worker, {count} waiting", f"{sizes[1] / 2**20:.1f} MiB",
               floor=f"{sizes[0] / 2**20:.1f} MiB with none", ratio=ratio, target="≤ 12 MiB, ≤ 1.2",
               held=sizes[1] <= 12 * 2**20 and ratio <= 1.2)
