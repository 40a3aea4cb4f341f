"""A crash at every system call that leaves a trace, of the worker and the launcher (row 6)."""
import os

from ground import state_of
from scenario import expect, judge, scenario
from strace import Prepared, attach, count, counting, killing, points, strace_or_skip


def some_work(ground):
    """Side by side, after each other, and one that succeeds with its second attempt."""
    more = {"retries": 9, "backoff": "fixed:0s", "retry-on": "1,lost"}
    return [ground.standard("a", **more), ground.standard("b", fails=1, **more),
            ground.standard("c", after=["a", "b"], **more), ground.standard("d", after=["c"], **more)]


def judge_at(ground, where):
    """Q, with the place of the crash told in each complaint."""
    known = len(ground.verdict.complaints)
    judge(ground, ground.verdict)
    bad = ground.query("SELECT count(*) FROM runs WHERE outcome <> 'succeeded'")[0][0]
    expect(ground, bad == 0, f"{bad} runs have not succeeded")
    ground.verdict.complaints[known:] = [(p, f"{where}: {text}") for p, text in ground.verdict.complaints[known:]]


@scenario("6", quick={"some": 25}, full={"some": None})
def worker_dies_at_every_call(ground, some):
    """the worker is killed at its Nth write, sync, open, unlink, fork; for every N"""
    strace_or_skip()
    ground.add(some_work(ground))
    prepared = Prepared(ground)
    calls = os.path.join(ground.directory, "calls")
    ground.worker(before=counting(calls), slots=2).wait()
    chosen = points(ground, count(calls), some)
    ground.notes.append(f"{len(chosen)} of {sum(count(calls).values())} calls")
    for call, number in chosen:
        prepared.restore()
        worker = ground.worker(before=killing(call, number), slots=2)
        worker.wait(60)
        ground.faults += worker.returncode not in (0, 1)
        ground.finish(60, slots=2)
        judge_at(ground, f"{call} {number}")


@scenario("6", quick={"some": 12}, full={"some": None})
def launcher_dies_at_every_call(ground, some):
    """the launcher is killed at its Nth write, open, fork; for every N"""
    strace_or_skip()
    work = some_work(ground)
    ground.sched("list")
    prepared = Prepared(ground)
    calls = os.path.join(ground.directory, "calls")

    def one_round(words):
        worker = ground.worker(idle=False, slots=2)
        pid = ground.until_listening(worker)
        tracer = attach(ground, pid, words)
        ground.add(work)
        ground.sched("wait", "--all", "--timeout", "60s", code=None)
        died = state_of(pid) in "ZX"
        worker.terminate()
        worker.wait(30)
        tracer.wait(30)
        return died

    one_round(counting(calls))
    chosen = points(ground, count(calls), some)
    ground.notes.append(f"{len(chosen)} of {sum(count(calls).values())} calls")
    for call, number in chosen:
        prepared.restore()
        ground.faults += one_round(killing(call, number))
        ground.finish(60, slots=2)
        judge_at(ground, f"{call} {number}")
