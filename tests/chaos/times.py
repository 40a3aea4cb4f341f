"""Time that jumps, and time that nobody was there for (rows 20 and 21)."""
import os
import time

import shim
from ground import until
from scenario import expect, judge, scenario

DAY_MS = 86_400_000


@scenario("21", quick={"cap": 20}, full={"cap": 300})
def worker_off_for_a_day(ground, cap):
    """a one-minute schedule and no worker for 24 h: none, last and all with its cap; every firing has a row"""
    policies = {"none": 0, "last": 1, f"all:{cap}": cap}
    for policy in policies:
        ground.add([ground.standard(f"off-{policy.split(':')[0]}", work=0, cron=["* * * * *"], **{"catch-up": policy})])
    began_ms = int(time.time() * 1000)
    ground.alter(("UPDATE tasks SET next_at_ms = next_at_ms - ?", DAY_MS))
    ground.faults += 1
    ground.finish(slots=4)
    for policy, wanted in policies.items():
        name = f"off-{policy.split(':')[0]}"
        rows = ground.query("SELECT r.outcome, r.firings, r.reason FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"
                            " WHERE t.name = ?", name)
        ran = sum(outcome == "succeeded" for outcome, _, _ in rows)
        fired = sum(firings for _, firings, _ in rows)
        # A minute may have come while this ran: then its firing was in time and ran in any case.
        late = (int(time.time() * 1000) // 60_000) - (began_ms // 60_000)
        expect(ground, wanted <= ran <= wanted + late, f"{policy}: {ran} ran")
        expect(ground, 1440 <= fired <= 1440 + late, f"{policy}: {fired} firings have a row, of 1440")
        expect(ground, {outcome for outcome, _, _ in rows} <= {"succeeded", "missed"}, f"{policy}: {rows[:3]}")
        missed = [row for row in rows if row[0] == "missed"]
        expect(ground, len(missed) == 1, f"{policy}: what was missed is in {len(missed)} rows")
    judge(ground, ground.verdict)


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@scenario("20", quick={"jumps": [3600, -3600]}, full={"jumps": [3600, -3600, 31_536_000, -31_536_000, 63_072_000]})
def clock_jumps(ground, jumps):
    """the wall clock is set by hours and years: each firing once, timeouts as they were, no busy loop"""
    clock = os.path.join(ground.directory, "clock")

    def set_clock(seconds):
        with open(f"{clock}.new", "w", encoding="ascii") as file:
            file.write(str(seconds))
        os.rename(f"{clock}.new", clock)
    set_clock(0)
    lie = shim.build(ground, "clock", shim.CLOCK, f'-DCLOCK_FILE="{clock}"')
    ground.environment.update(lie)
    ground.add([ground.standard("every", work=0, every="1s", **{"catch-up": "last"}),
                ground.standard("minutes", work=0, cron=["* * * * *"], **{"catch-up": "none"})])
    worker = ground.worker(idle=False, slots=8)
    ground.until_listening(worker)
    offset = highest = 0
    for number, jump in enumerate(jumps):
        ground.add([ground.standard(f"limited{number}", work=30, timeout="3s", **{"grace-kill": "1s"}),
                    ground.standard(f"whole{number}", work=2, timeout="30s")])
        until(lambda: sum(line.split()[1] in (f"limited{number}", f"whole{number}") for line in ground.lines()) >= 2,
              "both have begun")
        began, cpu = time.monotonic(), cpu_seconds(worker.pid)
        offset += jump
        set_clock(offset)
        ground.faults += 1
        ground.sched("wait", f"limited{number}", f"whole{number}", "--timeout", "60s", code=1)
        seconds = time.monotonic() - began
        expect(ground, 1.5 < seconds < 6, f"{jump} s: a timeout of 3 s came after {seconds:.1f} s")
        # Let the schedules show what they make of it, in the time that is now.
        fired = ground.query("SELECT coalesce(max(id), 0) FROM runs")[0][0]
        if offset > highest:  # A moment that has been is waited for till it is over once more.
            highest = offset
            until(lambda: ground.query("SELECT 1 FROM runs WHERE id > ? AND outcome = 'succeeded'", fired),
                  f"every fires again after {jump} s", 20)
        used, span = cpu_seconds(worker.pid) - cpu, time.monotonic() - began
        expect(ground, used < 0.5 * span, f"{jump} s: the worker used {used:.1f} s of {span:.1f}")
    ground.sched("pause", "every", "minutes")
    ground.sched("wait", "--all", "--timeout", "60s", code=None)
    worker.terminate()
    expect(ground, worker.wait(30) == 0, "the worker does not drain")
    ends = dict(ground.query("SELECT substr(t.name, 1, 5), group_concat(DISTINCT r.outcome) FROM runs AS r"
                             " JOIN tasks AS t ON t.id = r.task_id GROUP BY 1"))
    expect(ground, ends["limit"] == "timed_out" and ends["whole"] == "succeeded", f"{ends}")
    twice = ground.query("SELECT task_id, trigger, nominal_ms FROM runs GROUP BY 1, 2, 3 HAVING count(*) > 1")
    expect(ground, not twice, f"fired twice: {twice[:3]}")
    ground.notes.append(f"ends: {ends}")
    judge(ground, ground.verdict)
