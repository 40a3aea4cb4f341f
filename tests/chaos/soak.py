"""Long work at an even pace: nothing grows (row 35)."""
import os
import time

from scenario import expect, judge, scenario


def sample(ground, worker, launcher):
    def resident(pid):
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def size(path):
        return os.path.getsize(path) if os.path.exists(path) else 0
    journals = [f"{ground.store}/launchers/{name}/journal" for name in os.listdir(f"{ground.store}/launchers")]
    return {"descriptors of the worker": len(os.listdir(f"/proc/{worker}/fd")),
            "descriptors of the launcher": len(os.listdir(f"/proc/{launcher}/fd")),
            "memory of the worker": resident(worker), "memory of the launcher": resident(launcher),
            "WAL": size(f"{ground.store}/sched.db-wal"), "journals": sum(size(path) for path in journals)}


# What may come on top of the first third's highest: a run more at that moment, a page of a cache.
SLACK = {"descriptors of the worker": 2, "descriptors of the launcher": 24, "memory of the worker": 2 << 20,
         "memory of the launcher": 1 << 20, "journals": 0}
WAL_BOUND = 10 << 20  # It is cut back past 8 MiB.


@scenario("35", full={"seconds": 120, "rate": 50}, quick={"seconds": 9, "rate": 50})
def soak(ground, seconds, rate):
    """so many runs a second for long: descriptors, memory, WAL and journals stay flat"""
    worker = ground.worker(idle=False, slots=8)
    launcher = ground.until_listening(worker)
    samples, began, number = [], time.monotonic(), 0
    while time.monotonic() < began + seconds:
        ground.add([ground.standard(f"s{number}.{i}", work=0) for i in range(rate)])
        number += 1
        samples.append(sample(ground, worker.pid, launcher))
        time.sleep(max(0, began + number - time.monotonic()))  # The pace is the subject.
    ground.sched("wait", "--all", "--timeout", "120s", timeout=130)
    third = len(samples) // 3
    for what, slack in SLACK.items():
        first = max(one[what] for one in samples[:third])
        last = max(one[what] for one in samples[-third:])
        ground.notes.append(f"{what}: {first} at most in the first third, {last} in the last")
        expect(ground, last <= first + slack, f"{what} grew from {first} to {last}")
    wal = max(one["WAL"] for one in samples)
    ground.notes.append(f"WAL: {wal} bytes at most")
    expect(ground, wal <= WAL_BOUND, f"the WAL grew to {wal} bytes")
    done = ground.query("SELECT count(*) FROM runs WHERE outcome = 'succeeded'")[0][0]
    ground.notes.append(f"{done} runs, {done / (time.monotonic() - began):.0f} a second")
    expect(ground, done == number * rate, f"{done} of {number * rate} have succeeded")
    worker.terminate()
    worker.wait(30)
    judge(ground, ground.verdict)
