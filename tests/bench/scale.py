"""Figures 7 to 10: whether work stays the same when there is very much of it."""

import measure
from table import Line, against


def cycles(source, batch, count):
    """Processor time of a run's claim and end, in a store of its own each time."""
    def once():
        store = source.copy()
        cpu_us = store.cycle(batch, count)[0]
        store.drop()
        return cpu_us
    return once


def figure_7(place):
    many, few = place.size(1_000_000, 1000), place.size(1000, 100)
    for batch, target in ((1, 1.5), (64, 3.5)):
        count = few - few % 64
        rounds = measure.Rounds(place.size(5, 1), many=cycles(place.true_tasks(many), batch, count),
                                few=cycles(place.true_tasks(few), batch, count))
        yield against(7, f"claim and end, {many} waiting, batches of {batch}, processor time", rounds,
                      "many", "few", target, unit=1, word="µs", named=f"with {few}")


def figure_8(place):
    many, due = place.size(1_000_000, 1000), place.size(1000, 100)
    rows = place.lines("due", ({"command": ["/bin/true"]} for _ in range(due)))

    def with_due(source):
        store = source.copy()
        store.run("add", "-q", "--from", rows)
        store.settle()
        return store
    crowded, alone = with_due(place.future_tasks(many)), with_due(place.store_with_none())
    rounds = measure.Rounds(place.size(5, 1), many=cycles(crowded, 1, due), none=cycles(alone, 1, due))
    yield against(8, f"claim and end beside {many} that are to come, processor time", rounds, "many", "none",
                  1.2, unit=1, word="µs", named="beside none")
    crowded.drop()


def figure_9(place):
    many = place.size(1_000_000, 1000)
    full, small = place.true_tasks(many), place.true_tasks(1)
    for words, target in ((["show", "1"], 1.1), (["list"], 1.1), (["status"], 2)):
        rounds = measure.Rounds(place.size(21, 1), full=lambda w=words: full.timed(*w),
                                small=lambda w=words: small.timed(*w))
        yield against(9, f"{words[0]} with {many} tasks", rounds, "full", "small", target, named="with 1")
    # A list of one task shows one line; what the others are shows beside as many lines.
    page = place.true_tasks(50)
    rounds = measure.Rounds(place.size(21, 1), full=lambda: full.timed("list"),
                            page=lambda: page.timed("list"))
    yield against("9.", f"list with {many} tasks", rounds, "full", "page", 1.1,
                  named="with 50, as many lines")


def layered(layers, width):
    for layer in range(layers):
        for place in range(width):
            task = {"name": f"n{layer}.{place}", "command": ["/bin/true"]}
            if layer:
                task["after"] = [f"n{layer - 1}.{above}" for above in range(width)]
            yield task


def figure_10(place):
    layers, width = place.size(100, 4), place.size(100, 4)
    edges = (layers - 1) * width * width
    graph = place.filled("layers", lambda: layered(layers, width))

    def ours():
        store = graph.copy()
        cpu_us, _, runs, _ = store.cycle(width, 0)
        if runs != layers * width:
            raise RuntimeError(f"{runs:.0f} of {layers * width} ran")
        store.drop()
        return cpu_us * runs / 1e6

    def steps():
        store = place.true_tasks(layers * width).copy()
        cpu_us, _, runs, _ = store.cycle(width, 0)
        store.drop()
        return cpu_us * runs / 1e6

    def bare():
        return place.floor_in_a_database("layers", layers, width)
    rounds = measure.Rounds(place.size(3, 1), ours=ours, steps=steps, floor=bare)
    # A run costs what it costs without edges too; the figure is about the edges.
    edges_s = max(rounds.of("ours") - rounds.of("steps"), 0)
    ratio = edges_s / rounds.of("floor")
    yield Line(10, f"{edges} edges in {layers} layers, processor time beyond that of the runs",
               f"{edges_s * 1e3:.0f} ms", floor=f"{rounds.of('floor') * 1e3:.0f} ms by SQL",
               ratio=ratio or 1e-3, noise=rounds.noise("ours", "floor"), target="≤ 1.5", held=ratio <= 1.5)
    length = place.size(100_000, 50)
    chain = place.filled("chain", lambda: (
        {"name": f"c{i}", "command": ["/bin/true"], **({"after": [f"c{i - 1}"]} if i else {})}
        for i in range(length))).copy()
    cpu_us, _, _, _ = chain.cycle(1, 0)
    commits = place.size(20_000, 50)
    bare_us = place.floor_in_a_database("commits", commits, 5) / commits * 1e6
    yield Line("10.", f"a chain of {length}, processor time a step", f"{cpu_us:.1f} µs",
               floor=f"{bare_us:.1f} µs a commit of 5 pages by SQL", ratio=cpu_us / bare_us,
               target="≤ 80 µs", held=cpu_us <= 80)
    chain.drop()
