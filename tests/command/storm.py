#!/usr/bin/env python3
"""A layered graph under kill -9 of the worker: every task runs to the right end, none twice.

Each task appends `S task run attempt` and `E task run attempt` to a history file opened O_APPEND. The
history and the store are compared at the end: no (run, attempt) starts twice, every success has its
end, nothing that comes after something starts before it, nothing is stuck or lost.

usage: storm.py SCHED [--tasks N] [--seed N] [--period SECONDS] [--workers N] [--keep]
"""
import argparse
import collections
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

STEP = r"""
printf 'S %s %s %s\n' "$SCHED_TASK" "$SCHED_RUN_ID" "$SCHED_ATTEMPT" >> "$HISTORY"
sleep 0.0$1
printf 'E %s %s %s\n' "$SCHED_TASK" "$SCHED_RUN_ID" "$SCHED_ATTEMPT" >> "$HISTORY"
[ "$SCHED_ATTEMPT" -gt "$2" ]
"""


def make_tasks(count, seed, history):
    """Layers of up to 50; 1 % of the steps fail, half of those for good."""
    rng = random.Random(seed)
    tasks, layers = [], [[]]
    for i in range(count):
        if len(layers[-1]) >= 50:
            layers.append([])
        name = f"t{i}"
        failures = rng.choice([1, 99]) if rng.random() < 0.01 else 0
        above = rng.sample(layers[-2], min(3, len(layers[-2]))) if len(layers) > 1 else []
        layers[-1].append(name)
        tasks.append({
            "name": name, "command": ["/bin/sh", "-c", STEP, "step", str(rng.randint(0, 9)), str(failures)],
            "retries": 2, "backoff": "fixed:50ms", "after": [f"{a}:done" for a in above],
            "env": {"HISTORY": history}, "tag": ["bad" if failures == 99 else "good"],
        })
        if not above:
            del tasks[-1]["after"]
    return tasks


class Storm:
    def __init__(self, options):
        self.options = options
        self.directory = tempfile.mkdtemp(prefix="sched-storm-")
        self.history = os.path.join(self.directory, "history")
        open(self.history, "w").close()
        self.environment = dict(os.environ, SCHED_STORE=os.path.join(self.directory, "store"))
        self.kills = 0

    def sched(self, *words, **more):
        return subprocess.run([self.options.sched, *words], env=self.environment, check=True,
                              capture_output=True, text=True, **more).stdout

    def worker(self):
        return subprocess.Popen([self.options.sched, "run", "--slots", "8", "--until-idle", "--progress", "none"],
                                env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=open(os.path.join(self.directory, "worker.out"), "a"),
                                stderr=subprocess.STDOUT)

    def run(self):
        tasks = make_tasks(self.options.tasks, self.options.seed, self.history)
        self.sched("add", "--from", "-", "--quiet", input="\n".join(json.dumps(t) for t in tasks))
        workers = [self.worker() for _ in range(self.options.workers)]
        deadline = time.monotonic() + 600
        while True:
            victim = random.randrange(len(workers))
            try:
                workers[victim].wait(self.options.period)
                if all(w.poll() is not None and w.returncode in (0, 1) for w in workers):
                    return tasks
            except subprocess.TimeoutExpired:
                workers[victim].send_signal(signal.SIGKILL)
                workers[victim].wait()
                self.kills += 1
                workers[victim] = self.worker()
            if time.monotonic() > deadline:
                raise SystemExit(f"not done after ten minutes: {self.sched('status')}")

    def check(self, tasks):
        complaints = []
        starts, ends, order = collections.Counter(), set(), {}
        for position, line in enumerate(open(self.history)):
            kind, task, run, attempt = line.split()
            if kind == "S":
                starts[(run, attempt)] += 1
                order.setdefault(task, [position, None])
            else:
                ends.add((run, attempt))
                order[task][1] = position
        complaints += [f"run-{r} attempt {a} started {n} times" for (r, a), n in starts.items() if n > 1]
        runs = {r["task"]: r for r in json.loads(self.sched("runs", "--json"))}
        for task in tasks:
            run = runs.get(task["name"])
            wanted = "failed" if "bad" in task["tag"] else "succeeded"
            if run is None or run["state"] != "finished":
                complaints.append(f"{task['name']} has not ended: {run}")
                continue
            if run["outcome"] != wanted:
                complaints.append(f"{task['name']} is {run['outcome']}, not {wanted}: {run['reason']}")
            if run["outcome"] == "succeeded" and (str(run["id"]), str(run["attempt"])) not in ends:
                complaints.append(f"{task['name']} succeeded without its end")
            for above in task.get("after", []):
                if order[task["name"]][0] < order[above.split(":")[0]][1]:
                    complaints.append(f"{task['name']} began before {above}")
        return complaints, starts

    def close(self):
        shutil.rmtree(self.directory)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sched")
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--period", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    options.sched = os.path.abspath(options.sched)
    random.seed(options.seed)
    storm = Storm(options)
    began = time.monotonic()
    complaints, starts = storm.check(storm.run())
    print(f"{options.tasks} tasks, {sum(starts.values())} attempts, {storm.kills} kills of "
          f"{options.workers} worker(s), {time.monotonic() - began:.1f} s, {len(complaints)} complaints")
    for complaint in complaints[:20]:
        print("  " + complaint)
    if complaints:
        print(f"  kept in {storm.directory}; again with --seed {options.seed}")
        return 1
    if not options.keep:
        storm.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
