"""What the system refuses to commands and to the worker: reads, writes and syncs that fail (row 16,
and of row 17 what needs no more than a call that fails)."""
import os
import re

from command_crashes import contents, with_tasks
from crashes import judge_at, some_work
from ground import until
from scenario import expect, scenario
from strace import Prepared, count, counting, failing, points, strace_or_skip

ERRORS = {"pwrite64": ["EIO", "ENOSPC"], "fsync": ["EIO"], "fdatasync": ["EIO"], "ftruncate": ["EIO"],
          "fallocate": ["ENOSPC"], "openat": ["EMFILE"], "mkdir": ["ENOSPC"], "rename": ["EIO"],
          "unlink": ["EIO"], "clone": ["EAGAIN"], "clone3": ["EAGAIN"], "vfork": ["EAGAIN"]}
ONE_ERROR = re.compile(r"sched( [a-z]+)?: [^\n]+\n(  hint: [^\n]+\n)?")


def failures(ground, calls, some):
    return [(call, number, error) for call, number in points(ground, count(calls), some)
            for error in ERRORS.get(call, [])]


def fail_command(ground, some, words):
    """Each call of a command fails in turn: exit 0 means that it is done, and not done is told as 5."""
    strace_or_skip()
    prepared = Prepared(ground)
    before = contents(ground)
    calls = os.path.join(ground.directory, "calls")
    ground.sched(*words, before=counting(calls))
    after = contents(ground)
    for call, number, error in failures(ground, calls, some):
        prepared.restore()
        done = ground.sched(*words, before=failing(call, number, error), code=None)
        ground.faults += 1
        where = f"{' '.join(words)}, {call} {number} {error}"
        now = contents(ground)
        expect(ground, now in (before, after), f"{where}: neither done nor not: {now}")
        if done.returncode == 0:
            expect(ground, now == after, f"{where}: ended with 0 and is not done")
        elif call != "openat":  # Without a file of its own the loader may give up before we are asked.
            expect(ground, done.returncode == 5 and ONE_ERROR.fullmatch(done.stderr),
                   f"{where}: ended with {done.returncode}: {done.stderr[:200]!r}")
        expect(ground, done.returncode >= 0, f"{where}: died of signal {-done.returncode}")
        ground.sched("add", "next", "--manual", "--", "true")


@scenario("16, 17", quick={"some": 10}, full={"some": None})
def first_add_meets_errors(ground, some):
    """each write, sync and name of the very first add fails in turn"""
    fail_command(ground, some, ["add", "first", "--at", "+1h", "--", "true"])


@scenario("16, 17", quick={"some": 6}, full={"some": None})
def add_meets_errors(ground, some):
    """each write and sync of an add fails in turn"""
    with_tasks(ground)
    fail_command(ground, some, ["add", "d", "--after", "a", "--after", "c:done", "--", "true"])


@scenario("16, 17", quick={"some": 10}, full={"some": None})
def worker_meets_errors(ground, some):
    """each write, sync, open and fork of the worker fails once: it goes on, and nothing is lost or told falsely"""
    strace_or_skip()
    ground.add(some_work(ground))
    prepared = Prepared(ground)
    calls = os.path.join(ground.directory, "calls")
    ground.worker(before=counting(calls), slots=2).wait()
    for call, number, error in failures(ground, calls, some):
        prepared.restore()
        worker = ground.worker(before=failing(call, number, error), slots=2)
        until(lambda: worker.poll() is not None, f"the worker ends after {call} {number} {error}", 60)
        ground.faults += 1
        where = f"{call} {number} {error}"
        expect(ground, worker.returncode in (0, 1, 5), f"{where}: it ended with {worker.returncode}: "
               f"{ground.last_words()}")
        ground.finish(60, slots=2)
        judge_at(ground, where)


@scenario("17", quick={"calls": 6}, full={"calls": 12})
def worker_opens_without_descriptors(ground, calls):
    """no descriptor is free while the worker opens its store: it goes on or ends with the reason, and never
    stays there unable to write"""
    strace_or_skip()
    ground.add(some_work(ground))
    prepared = Prepared(ground)
    path = os.path.join(ground.directory, "opens")
    ground.worker(before=counting(path), slots=2).wait()
    with open(path, encoding="utf-8") as file:
        opens = [line for line in file if line.startswith("openat(")]
    first = next(i for i, line in enumerate(opens, 1) if '/sched.db"' in line)
    for number in range(first, first + calls):
        prepared.restore()
        worker = ground.worker(before=failing("openat", number, "EMFILE"), slots=2)
        until(lambda: worker.poll() is not None, f"the worker ends after openat {number}", 20)
        ground.faults += 1
        said = ground.last_words()
        expect(ground, worker.returncode in (0, 1, 5), f"openat {number}: it ended with {worker.returncode}: {said}")
        expect(ground, worker.returncode == 0 or "sched run: " in said, f"openat {number}: it ended without a word")
        ground.finish(60, slots=2)
        judge_at(ground, f"openat {number}")
