"""What commands do to whoever runs them (rows 23, 25, 26)."""
import os
import time

from scenario import expect, judge, scenario
from storms import many

MIB = 1 << 20

STUBBORN = {
    "deaf": "trap '' TERM HUP INT; while :; do sleep 0.2; done; ",
    "forks": "trap '' TERM; for i in 1 2 3; do (trap '' TERM; sleep 771) & done; sleep 771; ",
    "sessions": "(setsid sh -c \"trap '' TERM; while :; do sleep 0.2; done\" >/dev/null 2>&1 &); sleep 771; ",
    "stops": "(sleep 771 &); kill -STOP $$; ",
    "stopped_child": "(kill -STOP $(sh -c 'echo $PPID'); sleep 771) & sleep 771; ",
    "closed": "exec <&- >&- 2>&-; sleep 771; ",
}


@scenario("23", quick={"each": 2}, full={"each": 10})
def stubborn_commands(ground, each):
    """ignores TERM, forks, stops itself, closes descriptors: ended within timeout + grace + 1 s"""
    ground.add([ground.standard(f"{kind}{i}", before=text, timeout="1s", **{"grace-kill": "1s"})
                for kind, text in STUBBORN.items() for i in range(each)])
    worker = ground.worker(slots=len(STUBBORN) * each)
    ground.faults += len(STUBBORN) * each
    expect(ground, worker.wait(60) == 1, "the worker tells of no bad end")
    judge(ground, ground.verdict, seconds=1.0)
    for name, outcome, elapsed in ground.query(
            "SELECT t.name, a.outcome, a.elapsed_ms FROM attempts AS a JOIN runs AS r ON r.id = a.run_id"
            " JOIN tasks AS t ON t.id = r.task_id"):
        expect(ground, outcome == "timed_out", f"{name} is {outcome}")
        expect(ground, elapsed <= 3000, f"{name} took {elapsed} ms")


def peak_memory(pid):
    """The most memory that the process ever had, in bytes."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))


FLOODS = {  # name: (shell text that prints `bytes`, exact count)
    "lines": ("yes 0123456789abcde | head -c {bytes}", 1),
    "one_line": ("head -c {bytes} /dev/zero | tr '\\0' x", 1),
    "nuls": ("head -c {bytes} /dev/zero", 1),
}


@scenario("25", quick={"size": 64 * MIB}, full={"size": 1024 * MIB})
def floods(ground, size):
    """floods, a line without an end, NULs: the log within its cap, what was dropped exact, memory flat"""
    cap = 4 * MIB
    worker = ground.worker(idle=False, slots=3)
    launcher = ground.until_listening(worker)
    ground.add([{"name": "small", "command": ["echo", "small"]}])
    ground.sched("wait", "small", "--timeout", "20s")
    before = peak_memory(launcher), peak_memory(worker.pid)
    ground.add([{"name": name, "shell": text.format(bytes=size * (5 if name == "lines" and size > 500 * MIB else 1)),
                 "log-limit": f"{cap}"} for name, (text, _) in FLOODS.items()])
    ground.faults += len(FLOODS)
    ground.sched("wait", "--all", "--timeout", "600s", timeout=700)
    after = peak_memory(launcher), peak_memory(worker.pid)
    for what, old, new in zip(("launcher", "worker"), before, after):
        ground.notes.append(f"{what}: {old >> 10} KiB at most before, {new >> 10} KiB after")
        expect(ground, new - old < 4 * MIB, f"the {what} grew from {old} to {new} bytes")
    for name, run, total, dropped in ground.query(
            "SELECT t.name, r.id, a.log_bytes, a.dropped_bytes FROM attempts AS a JOIN runs AS r ON r.id = a.run_id"
            " JOIN tasks AS t ON t.id = r.task_id WHERE t.name <> 'small'"):
        wanted = size * (5 if name == "lines" and size > 500 * MIB else 1)
        directory = f"{ground.store}/logs/{run // 1000}"
        kept = sum(os.path.getsize(f"{directory}/{file}") for file in os.listdir(directory)
                   if file.startswith(f"{run}.1."))
        expect(ground, total == wanted, f"{name} printed {wanted} bytes, counted are {total}")
        expect(ground, kept <= cap, f"{name}: {kept} bytes kept, {cap} allowed")
        expect(ground, kept + dropped == total, f"{name}: {kept} kept and {dropped} dropped make no {total}")
    worker.terminate()
    worker.wait(30)
    judge(ground, ground.verdict)


@scenario("25", quick={})
def pipes_kept_and_closed(ground):
    """stdout closed, or kept open by a daemon: neither holds a run open"""
    ground.add([ground.standard("daemon", before="(setsid sh -c 'while echo more; do sleep 0.1; done' &); "),
                {"name": "closed", "shell": "exec >&- 2>&-; sleep 0.3"},
                {"name": "after", "shell": "exec >&- 2>&-; echo no > /dev/null; exit 3"}])
    began = time.monotonic()
    ground.finish(30, slots=3)
    ground.faults += 3
    expect(ground, time.monotonic() - began < 15, "they took too long")
    ends = dict(ground.query("SELECT t.name, r.outcome FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"))
    expect(ground, ends == {"daemon": "succeeded", "closed": "succeeded", "after": "failed"}, f"{ends}")
    judge(ground, ground.verdict)


@scenario("26", quick={"good": 180, "bad": 20}, full={"good": 900, "bad": 100})
def bad_among_good(ground, good, bad):
    """missing programs and directories, no permission, wrong format: each with its reason, the good unaffected"""
    script, text = os.path.join(ground.directory, "script"), os.path.join(ground.directory, "text")
    for path, mode in ((script, 0o644), (text, 0o755)):
        with open(path, "w", encoding="ascii") as file:
            file.write("this is no program\n")
        os.chmod(path, mode)
    kinds = [({"command": ["no-such-program"]}, "no-such-program"),
             ({"command": ["true"], "cwd": "/no/such/directory"}, "/no/such/directory"),
             ({"command": [script]}, "not executable"), ({"command": [text]}, "format")]
    tasks = many(ground, good) + [{"name": f"bad{i}", **kinds[i % 4][0]} for i in range(bad)]
    ground.rng.shuffle(tasks)
    ground.add(tasks)
    ground.faults += bad
    ground.finish()
    judge(ground, ground.verdict)
    for name, outcome, reason in ground.query(
            "SELECT t.name, r.outcome, r.reason FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"):
        if not name.startswith("bad"):
            expect(ground, outcome == "succeeded", f"{name} is {outcome}: {reason}")
            continue
        says = kinds[int(name[3:]) % 4][1]
        expect(ground, outcome == "failed" and says in reason, f"{name} is {outcome}: {reason!r}, not {says!r}")
