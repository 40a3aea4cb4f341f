"""Storms: kill -9 of workers, launchers and both while many tasks run (rows 1 to 5, 32)."""
import glob
import os
import random
import signal
import time

from ground import Broken, until
from scenario import expect, judge, scenario

# Leaves a process in a session of its own, and one that has wiped its mark as well.
LEFTOVERS = ("(setsid sleep 301 >/dev/null 2>&1 &); "
             "(env -u SCHED_STORE -u SCHED_RUN_ID sleep 302 >/dev/null 2>&1 &); ")


class Storm:
    """Workers on one ground, and what strikes them each time that the history has grown so far."""

    def __init__(self, ground, workers, tasks, slots=8):
        self.ground, self.slots = ground, slots
        self.tasks = tasks
        self.killed_launchers = set()
        self.struck_open = set()
        self.workers = [ground.worker(slots=slots, idle=False) for _ in range(workers)]
        self.first_claims = []

    def replace(self, victim):
        self.workers[victim] = self.ground.worker(slots=self.slots, idle=False)

    def strike_worker(self):
        victim = self.ground.rng.randrange(len(self.workers))
        self.ground.kill(self.workers[victim])
        self.replace(victim)

    def strike_launcher(self, chosen=None):
        pid, launchers = chosen, self.ground.launchers()
        if chosen is not None and pid not in launchers:
            return  # It died of itself, and its worker stands still.
        while pid not in launchers:
            busy = until(self.busy_launchers, "some launcher has work")
            if busy == [0]:
                return
            pid, launchers = self.ground.rng.choice(sorted(busy)), self.ground.launchers()
        os.kill(pid, signal.SIGSTOP)  # Nothing begins or ends between our look and its death.
        self.struck_open |= set(self.ground.query(
            "SELECT run_id, number FROM attempts WHERE outcome IS NULL AND launcher_id = ?", launchers[pid]))
        self.killed_launchers.add(launchers[pid])
        self.ground.kill_pid(pid)

    def busy_launchers(self):
        """Those that run something just now; [0] when all is over."""
        at_work = {row[0] for row in self.ground.query("SELECT launcher_id FROM attempts WHERE outcome IS NULL")}
        return [pid for pid, id in self.ground.launchers().items() if id in at_work] or (
            not self.ground.query("SELECT 1 FROM runs WHERE state <> 'finished' LIMIT 1") and [0])

    def strike_both(self):
        victim = self.ground.rng.randrange(len(self.workers))
        worker = self.workers[victim]
        if worker.poll() is None:
            os.kill(worker.pid, signal.SIGSTOP)  # So that it starts no other launcher in between.
        for pid, launcher in self.ground.launchers().items():
            if self.ground.worker_of(launcher) == worker.pid:
                self.strike_launcher(pid)
        self.ground.kill(worker)
        began = time.time()
        self.replace(victim)
        if self.is_queued():  # Others may be quicker to claim all that is there.
            until(lambda: self.claimed_since(began) or not self.is_queued(), "a first claim")
            self.first_claims.append(time.time() - began)

    def is_queued(self):
        return self.ground.query("SELECT 1 FROM runs WHERE state = 'queued' LIMIT 1")

    def claimed_since(self, moment):
        return self.ground.query("SELECT max(claimed_at_ms) >= ? FROM attempts", int(moment * 1000))[0][0]

    def rage(self, strikes):
        """Each strike with work at hand: a share of the tasks is added for each, and it falls when so
        many of them, drawn from the seed, have been claimed."""
        ground, added = self.ground, 0
        ground.rng.shuffle(strikes)
        for number, strike in enumerate(strikes, 1):
            share = self.tasks[added:len(self.tasks) * number // len(strikes)]
            ground.add(share)
            moment = added + ground.rng.randrange(len(share)) + 1
            added += len(share)
            until(lambda: ground.query("SELECT count(*) FROM attempts")[0][0] >= moment, "the work goes on",
                  pause=0.003)
            self.check_workers()
            strike()

    def check_workers(self):
        for i, worker in enumerate(self.workers):
            if worker.poll() is not None:
                raise Broken(f"worker {i} ended with {worker.returncode}: {self.ground.last_words()}")

    def end(self, seconds=300):
        try:
            self.ground.sched("wait", "--all", "--timeout", f"{seconds}s", code=None, timeout=seconds + 30)
            for worker in self.workers:
                worker.terminate()
                worker.wait(60)
        finally:
            for worker in self.workers:
                if worker.poll() is None:
                    worker.kill()
                    worker.wait()
        self.ground.finish()

    def lost_is_what_died(self):
        """Lost are attempts of launchers that were killed, of those that were open then; each says why."""
        for run, number, launcher, reason in self.ground.query(
                "SELECT run_id, number, launcher_id, reason FROM attempts WHERE outcome = 'lost'"):
            name = f"run-{run} attempt {number}"
            expect(self.ground, launcher in self.killed_launchers, f"{name} is lost; its launcher was not killed")
            expect(self.ground, (run, number) in self.struck_open, f"{name} is lost and was not open then")
            expect(self.ground, "launcher" in (reason or ""), f"{name} is lost without a word why: {reason}")


def many(ground, count, **more):
    return [ground.standard(f"t{i}", work=ground.rng.uniform(0, 0.09), **more) for i in range(count)]


def each_ran_once(ground):
    starts = sum(line.startswith("S ") for line in ground.lines())
    tasks = ground.query("SELECT count(*) FROM tasks")[0][0]
    expect(ground, starts == tasks, f"{tasks} tasks began {starts} times")
    bad = ground.query("SELECT count(*) FROM runs WHERE outcome <> 'succeeded'")[0][0]
    expect(ground, bad == 0, f"{bad} runs have not succeeded")


def kill_workers(ground, tasks, kills, workers):
    storm = Storm(ground, workers, many(ground, tasks))
    storm.rage([storm.strike_worker] * kills)
    storm.end()
    judge(ground, ground.verdict)
    each_ran_once(ground)
    expect(ground, ground.faults == kills, f"{ground.faults} kills only, of {kills}")


@scenario("1", quick={"tasks": 300, "kills": 30}, full={"tasks": 2000, "kills": 200})
def one_worker_killed(ground, tasks, kills):
    """kill -9 of the worker, again and again"""
    kill_workers(ground, tasks, kills, 1)


@scenario("2", quick={"tasks": 300, "kills": 30}, full={"tasks": 2000, "kills": 200})
def four_workers_killed(ground, tasks, kills):
    """kill -9 of one of four workers, again and again"""
    kill_workers(ground, tasks, kills, 4)


@scenario("3", quick={"tasks": 60, "kills": 8}, full={"tasks": 400, "kills": 100})
def launchers_killed(ground, tasks, kills):
    """kill -9 of the launcher, with leftovers; what is lost is retried"""
    storm = Storm(ground, 1, many(ground, tasks, before=LEFTOVERS, retries=100, backoff="fixed:0s",
                                  **{"retry-on": "lost", "grace-kill": "500ms"}), slots=2)
    cgroups = set()

    def strike():
        cgroups.update(glob.glob(f"{ground.store}/launchers/*/cgroup"))
        storm.strike_launcher()
    storm.rage([strike] * kills)
    storm.end()
    judge(ground, ground.verdict)
    storm.lost_is_what_died()
    # Who wipes his mark and outlives launcher and leader is found by the launcher's cgroup alone.
    left = ground.processes(b"302")
    if cgroups:
        expect(ground, not left, f"{len(left)} that wiped their mark live on: {left[:5]}")
    else:
        ground.notes.append(f"{len(left)} that wiped their mark live on: no launcher has a cgroup of its own here")
    bad = ground.query("SELECT count(*) FROM runs WHERE outcome <> 'succeeded'")[0][0]
    expect(ground, bad == 0, f"{bad} runs have not succeeded")


@scenario("4", quick={"tasks": 60, "kills": 8}, full={"tasks": 400, "kills": 100})
def launchers_killed_for_good(ground, tasks, kills):
    """the same where nothing lost is retried: it stays, is seen, and never runs again"""
    storm = Storm(ground, 1, many(ground, tasks, before=LEFTOVERS, retries=5, backoff="fixed:0s",
                                  **{"grace-kill": "500ms"}), slots=2)
    storm.rage([storm.strike_launcher] * kills)
    storm.end()
    judge(ground, ground.verdict)
    storm.lost_is_what_died()
    lost = ground.query("SELECT run_id FROM attempts WHERE outcome = 'lost'")
    seen = {run["id"] for run in ground.json("runs", "--outcome", "lost")}
    expect(ground, {row[0] for row in lost} == seen, "'runs --outcome lost' shows not what is lost")
    again = ground.query("SELECT run_id FROM attempts GROUP BY run_id HAVING count(*) > 1")
    expect(ground, not again, f"lost ones ran again: {again[:5]}")


@scenario("5", quick={"tasks": 120, "kills": 10}, full={"tasks": 600, "kills": 50})
def worker_and_launcher_killed(ground, tasks, kills):
    """worker and launcher at once; the next worker claims within two seconds"""
    storm = Storm(ground, 1, many(ground, tasks, retries=100, backoff="fixed:0s", **{"retry-on": "lost"}))
    storm.rage([storm.strike_both] * kills)
    storm.end()
    judge(ground, ground.verdict)
    storm.lost_is_what_died()
    slowest = max(storm.first_claims, default=0)
    ground.notes.append(f"restart to first claim: at most {slowest:.2f} s of {len(storm.first_claims)}")
    expect(ground, slowest < 2, f"restart to first claim took {slowest:.2f} s")


def kill_everything(ground, tasks, worker_kills, launcher_kills, both_kills, workers):
    storm = Storm(ground, workers, many(ground, tasks), slots=8 // workers)
    storm.rage([storm.strike_worker] * worker_kills + [storm.strike_launcher] * launcher_kills +
               [storm.strike_both] * both_kills)
    storm.end()
    found = judge(ground, ground.verdict)
    storm.lost_is_what_died()
    ground.notes.append(f"{found.attempts} attempts, {found.lost} lost with {len(storm.killed_launchers)} launchers")


FEW = {"tasks": 200, "worker_kills": 12, "launcher_kills": 6, "both_kills": 6}
MANY = {"tasks": 2000, "worker_kills": 200, "launcher_kills": 100, "both_kills": 100}


@scenario("1, 4, 5", quick=FEW, full=MANY)
def everything_killed(ground, **size):
    """worker, launcher or both, one worker"""
    kill_everything(ground, workers=1, **size)


@scenario("2, 4, 5", quick=FEW, full=MANY)
def everything_of_four_killed(ground, **size):
    """worker, launcher or both, four workers"""
    kill_everything(ground, workers=4, **size)


def layers(ground, count):
    """Layers of up to 50, each step after up to three of the layer above; 1 % fail, half of them for
    good, and what comes after takes any end."""
    rng = random.Random(ground.seed)
    tasks, rows = [], [[]]
    for i in range(count):
        if len(rows[-1]) >= 50:
            rows.append([])
        above = rng.sample(rows[-2], min(3, len(rows[-2]))) if len(rows) > 1 else []
        rows[-1].append(f"t{i}")
        fails = rng.choice([1, 99]) if rng.random() < 0.01 else 0
        task = ground.standard(f"t{i}", work=rng.uniform(0, 0.09), fails=fails, retries=2, backoff="fixed:50ms")
        if above:
            task["after"] = [f"{name}:done" for name in above]
        if fails == 99:
            task["tag"] = ["standard", "bad"]
        tasks.append(task)
    return tasks


@scenario("32", quick={"tasks": 400, "kills": 20, "workers": 2}, full={"tasks": 1000, "kills": 100, "workers": 2})
def graph_under_storm(ground, tasks, kills, workers):
    """a layered graph while workers are killed: nothing before its time, nothing stuck"""
    storm = Storm(ground, workers, layers(ground, tasks))
    storm.rage([storm.strike_worker] * kills)
    storm.end()
    judge(ground, ground.verdict)
    wrong = ground.query(
        "SELECT t.name, r.outcome FROM runs AS r JOIN tasks AS t ON t.id = r.task_id LEFT JOIN tags AS g"
        " ON g.task_id = t.id AND g.tag = 'bad' WHERE r.outcome <> iif(g.tag IS NULL, 'succeeded', 'failed')")
    expect(ground, not wrong, f"wrong ends: {wrong[:5]}")
