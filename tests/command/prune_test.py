#!/usr/bin/env python3
"""sched prune: what is over and old goes, rows and logs together, never what lives or is needed."""
import os
import random
import threading
import time

from care import CareTest
from support import main


class Prune(CareTest):
    def age(self, days, where="1"):
        """Makes finished runs look older."""
        self.change(f"UPDATE runs SET finished_at_ms = finished_at_ms - {days * 86_400_000}"
                    f" WHERE finished_at_ms IS NOT NULL AND {where}")

    def logs_on_disk(self):
        return sorted(name for _, _, names in os.walk(self.store + "/logs") for name in names)

    def names(self):
        return sorted(task["name"] for task in self.json("list"))

    def prune(self, *words):
        """The same set is told by a dry run, and then goes; the tasks of its runs."""
        would = self.json("prune", "--dry-run", *words)
        before = self.snapshot(), self.logs_on_disk()
        self.assertEqual(self.json("prune", "--dry-run", *words), would)
        self.assertEqual((self.snapshot(), self.logs_on_disk()), before)
        self.assertEqual(self.json("prune", *words), would)
        self.assert_sound()
        self.assertEqual(self.json("doctor")["ailments"], [])
        left = {run["id"] for run in self.json("runs")}
        self.assertFalse(left & {run["run_id"] for run in would})
        return [run["task"] for run in would]

    def test_old_runs_go_with_their_one_time_tasks_and_logs(self):
        self.add("old", "--", "echo", "old")
        self.add("bad", "--retries", "1", "--backoff", "fixed:0s", "--split-output", "--shell",
                 "echo out; echo err >&2; exit 1")
        self.work(code=1)
        self.age(40)
        self.add("new", "--", "echo", "new")
        self.work()
        self.assertEqual(self.logs_on_disk(),
                         ["1.1.out", "2.1.err", "2.1.out", "2.2.err", "2.2.out", "3.1.out"])
        self.assertEqual(self.prune("--older-than", "50d"), [])
        self.assertEqual(self.prune("--older-than", "30d", "--dead"), ["old", "bad"])
        self.assertEqual((self.names(), self.logs_on_disk()), (["new"], ["3.1.out"]))
        for table in ("tasks", "runs", "attempts", "surroundings"):
            self.assertEqual(self.query(f"SELECT count(*) FROM {table}"), [(1,)], table)
        self.add("old", "--", "true")

    def test_dead_letters_stay_until_somebody_has_seen_to_them(self):
        self.add("good", "--", "true")
        self.add("seen", "--", "false")
        self.add("dead", "--", "false")
        self.work(code=1)
        self.age(40)
        self.sched("dead", "resolve", "seen", "--note", "known")
        done = self.sched("prune", "--older-than", "30d", "--dry-run")
        self.assertIn("1 dead letter kept", done.err)
        self.assertEqual(self.prune("--older-than", "30d"), ["good", "seen"])
        self.assertEqual(self.prune("--max-size", "0"), [])
        self.assertEqual(self.names(), ["dead"])
        self.assertEqual(self.prune("--max-size", "0", "--dead"), ["dead"])

    def test_what_lives_and_what_it_needs_stays(self):
        self.add("a", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        self.add("waits", "--after", "b", "--at", "+1h", "--", "true")
        self.add("c", "--", "true")
        self.add("c2", "--after", "c", "--", "true")
        self.add("held", "--", "true")
        self.sched("hold", "held")
        self.work()
        self.age(40)
        self.assertEqual(self.prune("--older-than", "30d"), ["c", "c2"])
        self.assertEqual(self.names(), ["a", "b", "held", "waits"])
        self.sched("edit", "waits", "--at", "now")
        self.work()
        self.assertEqual(self.end_of("waits")[0], "succeeded")
        self.age(40)
        self.assertEqual(self.prune("--older-than", "30d"), ["a", "b", "waits"])

    def test_of_a_task_that_fires_again_the_newest_stay(self):
        self.add("m", "--manual", "--", "echo", "x")
        self.add("below", "--after", "m", "--", "true")
        for _ in range(5):
            self.sched("start", "m")
            self.work()
        self.age(40)
        self.assertEqual(self.prune("--keep", "3"), ["m", "below", "m", "below"])
        self.assertEqual(len(self.json("runs", "m")), 3)
        self.assertEqual(self.prune("--older-than", "1d"), ["m", "below", "m", "below"])
        self.assertEqual(self.logs_on_disk(), ["9.1.out"])
        self.assertEqual(self.prune("--keep", "0"), [])
        self.assertEqual(self.end_of("below")[0], "succeeded")
        self.sched("start", "m")
        self.work()
        self.assertEqual(len(self.json("runs", "below")), 2)

    def test_a_size_takes_the_oldest_first(self):
        for i in range(10):
            self.add(f"t{i}", "--", "head", "-c", "200000", "/dev/zero")
        self.work(slots=1)
        self.change("UPDATE runs SET finished_at_ms = 1700000000000 + id")
        self.assertEqual(self.prune("--max-size", "100M"), [])
        gone = self.prune("--max-size", "1M")
        self.assertEqual(gone, [f"t{i}" for i in range(len(gone))])
        self.assertIn(len(gone), range(5, 8))
        left = sum(os.path.getsize(os.path.join(at, name))
                   for at, _, names in os.walk(self.store + "/logs") for name in names)
        self.assertLess(left, 1 << 20)

    def test_what_is_wrong_is_said_and_nothing_removed(self):
        self.assert_refused("prune", "--keep", "1", code=5, says="there is none")
        self.add("a", "--", "true")
        self.work()
        self.assert_refused("prune", says="nothing says what may go")
        for words in (("--older-than", "30"), ("--keep", "-1"), ("--max-size", "big")):
            self.assert_refused("prune", *words, says=words[0])
        done = self.sched("prune", "--keep", "0", "--dry-run")
        self.assertIn("a ", done.out)
        self.assertEqual(done.err, "would remove 1 run and 1 task, with 0 B of logs\n")
        self.assertEqual(self.sched("prune", "--keep", "0").out,
                         "removed 1 run and 1 task, with 0 B of logs\n")

    def test_killed_in_a_storm_it_never_takes_what_is_new_or_leaves_halves(self):
        draw = random.Random(5)
        tasks = "\n".join('{"command": ["sh", "-c", "echo %d"]%s}' % (
            i, f', "name": "n{i}"' + (f', "after": ["n{i - 1}"]' if i % 4 else ""))
            for i in range(1200))
        self.add("--from", "-", "-q", stdin=tasks)
        self.work(slots=8, timeout=120)
        self.age(40)
        stop = threading.Event()
        added, slowest = [], [0.0]

        def add():
            while not stop.is_set():
                began = time.monotonic()
                added.append(self.add("-q", "--", "true").out.strip())
                slowest[0] = max(slowest[0], time.monotonic() - began)

        self.worker(slots=2)
        storm = threading.Thread(target=add)
        storm.start()

        def look(_):
            rows = self.query("SELECT count(*) FROM runs WHERE task_id <= 1200")[0][0]
            self.assertEqual(self.query("SELECT count(*) FROM attempts AS a JOIN runs AS r ON"
                                        " r.id = a.run_id WHERE r.task_id <= 1200")[0][0], rows)

        self.kill_some(draw, 12, 0.02, lambda: ("prune", "--older-than", "30d"), look)
        self.sched("prune", "--older-than", "30d")
        stop.set()
        storm.join()
        self.assertEqual(self.query("SELECT count(*) FROM tasks WHERE id <= 1200"), [(0,)])
        self.assertEqual(self.query("SELECT count(*) FROM tasks WHERE id > 1200"), [(len(added),)])
        self.sched("wait", "--all", "--timeout", "60s")
        self.assertEqual(self.logs_on_disk(), [])
        self.assertEqual(self.json("doctor")["ailments"], [])
        self.assert_sound()
        self.assertLess(slowest[0], 5)


if __name__ == "__main__":
    main()
