"""Figures 1 to 4: a list of short commands, from the first start to the last end."""
import os
import subprocess

import measure
import peers
from table import Line, against

SLOW = {"tsp", "nq", "pueue", "dagu"}  # A client or a file a task: so many fewer are asked of them.


def drained(place, count, slots):
    def once():
        store = place.true_tasks(count).copy()
        taken = store.drain(slots)
        store.drop()
        return taken
    return once


def with_width(place, figure, width, target):
    count = place.size(1000, 20)
    ways = {"ours": drained(place, count, width),
            "floor": lambda: place.floor_seconds("spawn", count, width)}
    others = {}
    if width > 1:
        for name, (program, _) in peers.DRAINERS.items():
            if measure.is_there(program) and program not in SLOW:
                others[name] = peers.Peer(place, name, count, width)
                ways[name] = others[name].drain
    rounds = measure.Rounds(place.size(5, 1), **ways)
    what = f"{count} × /bin/true, {width} at once, each end durable"
    yield against(figure, what, rounds, "ours", "floor", target, named="bare vfork")
    for name, peer in others.items():
        # Beside make is where the figure asks it to stand.
        ratio = rounds.ratio("ours", name)
        yield Line(f"{figure}.", f"beside {name} ({peers.survives(name)})", f"{rounds.of('ours') * 1e3:.4g} ms",
                   floor=f"{rounds.of(name) * 1e3:.4g} ms", ratio=ratio, noise=rounds.noise("ours", name),
                   target="≤ 1" if program_of(name) == "make" else "",
                   held=ratio <= 1 if program_of(name) == "make" else None)
        peer.close()


def program_of(name):
    return peers.DRAINERS[name][0]


def figure_1(place):
    yield from with_width(place, 1, os.cpu_count(), 1.20)
    count = place.size(300, 5)
    for name, (program, kept) in peers.DRAINERS.items():
        if not measure.is_there(program):
            yield Line("1.", f"beside {name}", "", floor="absent: not installed")
        elif program in SLOW:
            peer = peers.Peer(place, name, count, os.cpu_count())
            try:
                rounds = measure.Rounds(place.size(3, 1), ours=drained(place, count, os.cpu_count()),
                                        peer=peer.drain)
            except subprocess.CalledProcessError as failure:
                yield Line("1.", f"beside {name}", "", floor=f"absent: it failed ({failure})")
                continue
            finally:
                peer.close()
            yield Line("1.", f"{count} of them beside {name}, its adds included ({kept})",
                       f"{rounds.of('ours') * 1e3:.4g} ms", floor=f"{rounds.of('peer') * 1e3:.4g} ms",
                       ratio=rounds.ratio("ours", "peer"), noise=rounds.noise("ours", "peer"))


def figure_2(place):
    yield from with_width(place, 2, 1, 1.10)


def figure_3(place):
    for width, target in ((os.cpu_count(), 2.0), (1, 1.3)):
        count = place.size(1000, 20)
        synced = place.path("synced")
        rounds = measure.Rounds(place.size(5, 1), ours=drained(place, count, width),
                                floor=lambda: place.floor_seconds("spawn", count, width, synced))
        yield against(3, f"the same beside a sync a task, {width} at once", rounds, "ours", "floor", target,
                      named="bare vfork + fdatasync")


def figure_4(place):
    count = place.size(2000, 20)
    used = []  # To be dropped at last: ext4 looks long for an inode that was not freed just now.

    def saying(where):
        source = place.filled(f"say-{where}-{count}", lambda: (
            {"command": [place.floor, "say", where]} for _ in range(count)))

        def once():
            store = source.copy()
            used.append(store)
            return store.drain(os.cpu_count())
        return once
    rounds = measure.Rounds(place.size(5, 1), out=saying("out"), null=saying("null"))
    for store in used:
        store.drop()
    yield against(4, f"{count} × a line of output kept", rounds, "out", "null", 1.10, named="to /dev/null")

    size = place.size(1 << 30, 1 << 20)
    source = place.path("flood")
    with open(source, "wb") as file:
        block = os.urandom(1 << 20)
        for _ in range(size >> 20):
            file.write(block)

    def ready():
        """Nothing waits for the disk, and the memory for it was in use just now: a virtual machine gives
        back what is free, and who is the first to touch it again waits for the host."""
        os.sync()
        target = place.path("warm")
        with open(target, "wb") as file:
            for _ in range(size + (size >> 2) >> 20):
                file.write(block)
        os.unlink(target)

    def through():
        ready()
        store = place.store()
        store.run("add", "-q", "--log-limit", "4G", "--", "cat", source)
        taken = store.drain(1)
        store.drop()
        return taken

    def bare():
        ready()
        target = place.path("cat")
        with open(target, "wb") as file:
            taken = measure.timed(["cat", source], stdout=file)
        os.unlink(target)
        return taken

    def piped():
        ready()
        target = place.path("cat")
        taken = measure.timed(["sh", "-c", 'cat "$0" | cat > "$1"', source, target])
        os.unlink(target)
        return taken
    rounds = measure.Rounds(place.size(7, 1), ours=through, floor=bare, piped=piped)
    share = 1 / rounds.ratio("ours", "floor")
    os.unlink(source)
    yield Line(4, f"{size >> 20} MiB of output through to the log",
               f"{size / rounds.of('ours') / 1e6:.0f} MB/s",
               floor=f"{size / rounds.of('floor') / 1e6:.0f} MB/s cat > file", ratio=share,
               noise=rounds.noise("ours", "floor"), target="≥ 0.8", held=share >= 0.8)
    yield Line("4.", "the same beside a bare pipe", f"{size / rounds.of('ours') / 1e6:.0f} MB/s",
               floor=f"{size / rounds.of('piped') / 1e6:.0f} MB/s cat | cat > file",
               ratio=1 / rounds.ratio("ours", "piped"), noise=rounds.noise("ours", "piped"))
