#!/usr/bin/env python3
"""The judge is judged: it finds nothing in a sound store, and each planted violation.

usage: checker_test.py [SCHED]   (else SCHED_UNDER_TEST)
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import unittest

import checker
from ground import Ground, state_of, until

SCHED = os.path.abspath(os.environ.get("SCHED_UNDER_TEST", "build-test/sched"))


class CheckerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A sound store: good ones, one that comes after, one that fails, one that is cancelled."""
        cls.sound = Ground(SCHED, 1)
        cls.sound.add([cls.sound.standard("a"), cls.sound.standard("b", after=["a"]),
                       cls.sound.standard("bad", fails=9), cls.sound.standard("off", at="+1h")])
        cls.sound.sched("cancel", "off")
        cls.sound.finish()

    @classmethod
    def tearDownClass(cls):
        cls.sound.close(keep=False)

    def setUp(self):
        self.ground = Ground(SCHED, 1)
        shutil.copytree(self.sound.store, self.ground.store)
        shutil.copy(self.sound.history, self.ground.history)
        self.addCleanup(self.ground.close, keep=False)
        self.runs = dict(self.ground.query("SELECT t.name, r.id FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"))

    def verdict(self):
        return checker.check(self.ground.store, self.ground.history)

    def tell(self, *lines):
        with open(self.ground.history, "a", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in lines)

    def untell(self, kind, task):
        kept = [line for line in self.ground.lines() if not line.startswith(f"{kind} {task} ")]
        with open(self.ground.history, "w", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in kept)

    def plant(self, sql, *values):
        self.ground.alter((sql, *values), checks=False)

    def assert_flags(self, promise, pattern):
        found = self.verdict()
        self.assertTrue(any(p == promise and re.search(pattern, text) for p, text in found.complaints),
                        f"Q{promise} {pattern} is not among {found.complaints}")
        return found

    def test_a_sound_store_has_nothing_to_complain_of(self):
        found = self.verdict()
        self.assertEqual(found.complaints, [])
        self.assertEqual((found.runs, found.attempts, found.lost, found.orphans), (4, 3, 0, 0))

    def test_a_second_start(self):
        self.tell(f"S a {self.runs['a']} 1")
        self.assertEqual(self.assert_flags(1, "started 2 times").doubled, 1)

    def test_a_start_of_which_the_store_knows_nothing(self):
        self.tell(f"S a {self.runs['a']} 2")
        self.assert_flags(1, "knows nothing")

    def test_an_end_without_a_start(self):
        self.untell("S", "a")
        self.assert_flags(1, "without a start")

    def test_a_torn_line(self):
        self.tell("S a")
        self.assert_flags(1, "torn")

    def test_a_success_without_its_end(self):
        self.untell("E", "a")
        self.assertEqual(self.assert_flags(2, "succeeded without its end").false_successes, 1)

    def test_an_end_that_is_called_a_failure(self):
        run = self.runs["a"]
        self.plant("UPDATE attempts SET outcome = 'failed' WHERE run_id = ?", run)
        self.plant("UPDATE runs SET outcome = 'failed' WHERE id = ?", run)
        self.assert_flags(3, "wrote E and is failed")

    def test_a_failure_that_is_called_a_success(self):
        run = self.runs["bad"]
        self.plant("UPDATE attempts SET outcome = 'succeeded' WHERE run_id = ?", run)
        self.plant("UPDATE runs SET outcome = 'succeeded' WHERE id = ?", run)
        self.assert_flags(3, "wrote F and is succeeded")
        self.assert_flags(2, "without its end")

    def test_a_lost_one_may_have_its_end_and_is_counted(self):
        run = self.runs["b"]
        self.plant("UPDATE attempts SET outcome = 'lost' WHERE run_id = ?", run)
        self.plant("UPDATE runs SET outcome = 'lost' WHERE id = ?", run)
        found = self.verdict()
        self.assertEqual((found.complaints, found.lost), ([], 1))

    def test_what_has_not_ended(self):
        self.plant("UPDATE runs SET state = 'queued', outcome = NULL, finished_at_ms = NULL WHERE id = ?",
                   self.runs["off"])
        self.assert_flags(4, "is queued still")

    def test_a_task_whose_run_is_gone(self):
        self.plant("DELETE FROM runs WHERE id = ?", self.runs["off"])
        self.assert_flags(4, "has no run")

    def test_a_start_before_what_it_comes_after_has_ended(self):
        lines = self.ground.lines()
        first = [line for line in lines if line.split()[1] == "b"]
        with open(self.ground.history, "w", encoding="ascii") as file:
            file.writelines(f"{line}\n" for line in first + [line for line in lines if line not in first])
        self.assert_flags(4, "began before")

    def test_a_damaged_index(self):
        """One that lacks its rows, which integrity_check alone can see."""
        self.ground.alter("PRAGMA writable_schema = ON",
                          "UPDATE sqlite_schema SET sql = 'CREATE INDEX runs_task ON runs (id)'"
                          " WHERE name = 'runs_task'")
        self.assert_flags(5, "integrity")

    def test_an_edge_to_a_run_that_is_gone(self):
        self.plant("UPDATE bindings SET upstream_run_id = 99")
        self.assert_flags(5, "foreign key")

    def test_states_that_do_not_belong_together(self):
        run = self.runs["a"]
        for sql, pattern in (
                ("UPDATE runs SET outcome = NULL WHERE id = ?", "finished with outcome None"),
                ("UPDATE runs SET state = 'resting' WHERE id = ?", "in a state 'resting'"),
                ("UPDATE runs SET reason = NULL WHERE id = ?", "without a reason"),
                ("UPDATE runs SET attempts = 2 WHERE id = ?", "counts 2 attempts"),
                ("UPDATE attempts SET number = 2 WHERE run_id = ?", "counts 1 attempts"),
                ("UPDATE attempts SET outcome = NULL, kind = NULL WHERE run_id = ?", "open attempts"),
                ("UPDATE attempts SET outcome = 'lost' WHERE run_id = ?", "its last attempt lost"),
                ("UPDATE attempts SET reason = '' WHERE run_id = ?", "attempt 1 ended without a reason"),
                ("UPDATE runs SET edges_open = -1 WHERE id = ?", "miscounts its edges")):
            with self.subTest(sql):
                shutil.rmtree(self.ground.store)
                shutil.copytree(self.sound.store, self.ground.store)
                self.plant(sql, run)
                self.assert_flags(5, pattern)

    def marked(self, run, attempt, **more):
        mark = {"SCHED_STORE": self.ground.store, "SCHED_RUN_ID": str(run), "SCHED_ATTEMPT": str(attempt)}
        child = subprocess.Popen(["sleep", "60"], env={**os.environ, **mark}, **more)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        until(lambda: any(pid == child.pid for pid, _, _ in checker.marked_processes(self.ground.store)),
              "the process has its mark")
        return child

    def test_a_process_of_an_attempt_that_has_ended(self):
        self.marked(self.runs["a"], 1, start_new_session=True)
        self.assertEqual(self.assert_flags(6, "goes on").orphans, 1)

    def test_a_process_of_an_attempt_that_nobody_knows(self):
        self.marked(self.runs["a"], 7)
        self.assert_flags(6, "goes on")

    def test_a_dead_process_that_nobody_reaped_is_none(self):
        child = self.marked(self.runs["a"], 1)
        os.kill(child.pid, signal.SIGKILL)
        until(lambda: state_of(child.pid) == "Z", "it is dead")
        self.assertEqual(self.verdict().complaints, [])

    def test_a_stray_journal(self):
        os.makedirs(f"{self.ground.store}/launchers/7")
        open(f"{self.ground.store}/launchers/7/journal", "w").close()
        self.assert_flags(7, "stray journal 7")

    def test_a_half_removed_launcher(self):
        os.makedirs(f"{self.ground.store}/launchers/.gone-7")
        self.assert_flags(7, "stray journal .gone-7")

    def test_a_stray_log(self):
        open(f"{self.ground.store}/logs/0/99.1.out", "w").close()
        self.assert_flags(7, "stray log 99.1.out")

    def test_a_log_that_lacks_what_was_printed(self):
        open(f"{self.ground.store}/logs/0/{self.runs['a']}.1.out", "w").close()
        self.assert_flags(7, "printed what its log has not")

    def test_a_log_that_is_gone(self):
        os.remove(f"{self.ground.store}/logs/0/{self.runs['a']}.1.out")
        self.assert_flags(7, "printed what its log has not")

    def test_a_half_made_database(self):
        open(f"{self.ground.store}/sched.db.new", "w").close()
        self.assert_flags(7, "half-made")


if __name__ == "__main__":
    if len(sys.argv) > 1 and os.path.exists(sys.argv[1]):
        SCHED = os.path.abspath(sys.argv.pop(1))
    unittest.main()
