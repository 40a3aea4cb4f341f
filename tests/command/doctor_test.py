#!/usr/bin/env python3
"""sched doctor: what is wrong is found and named, what is safe is mended, and nothing is made up."""
import os
import signal
import sqlite3

from care import CareTest
from support import main, until


class Doctor(CareTest):
    def kinds(self, *words, code=1):
        return [one["kind"] for one in self.json("doctor", *words, code=code)["ailments"]]

    def assert_mended(self, kind):
        """It is found, mended, and then gone."""
        self.assertIn(kind, self.kinds())
        fixed = self.json("doctor", "--fix")["ailments"]
        self.assertEqual({one["fixed"] for one in fixed}, {True}, fixed)
        self.assertEqual(self.kinds(code=0), [])

    def test_a_store_at_work_is_well(self):
        self.add("a", "--", "echo", "x")
        self.add("b", "--after", "a", "--", "true")
        self.add("every", "--every", "1h", "--", "true")
        self.add("held", "--", "true")
        self.sched("hold", "held")
        self.add("late", "--at", "+1h", "--after", "b", "--", "true")
        self.work()
        self.worker()
        self.add("busy", "--", "sleep", "600")
        self.until_state("busy", "running")
        health = self.json("doctor")
        self.assertEqual(health["ailments"], [])
        self.assertEqual((health["tasks"], health["workers"], health["journal_mode"]),
                         (6, 1, "wal"))
        self.assertEqual(health["sqlite_version"], sqlite3.sqlite_version)
        page = self.sched("doctor").out
        self.assertIn("nothing is wrong\n", page)
        self.assertIn("SQLite " + sqlite3.sqlite_version, page)

    def test_no_store_is_no_healthy_store(self):
        self.assert_refused("doctor", code=5, says="there is none")
        self.assertFalse(os.path.exists(self.store))

    def test_what_others_can_reach_is_closed(self):
        self.add("a", "--", "echo", "x")
        self.work()
        for path in (self.database, self.store, self.store + "/logs/0/1.1.out"):
            with self.subTest(path=path):
                os.chmod(path, 0o755)
                self.assert_mended("permissions")
                self.assertEqual(os.stat(path).st_mode & 0o77, 0)

    def test_who_keeps_the_write_lock_is_named_though_it_is_stopped(self):
        self.add("a", "--", "true")
        holder = sqlite3.connect(self.database, isolation_level=None)
        pid = os.fork()
        if pid == 0:
            mine = sqlite3.connect(self.database, isolation_level=None)
            mine.execute("BEGIN IMMEDIATE")
            os.kill(os.getpid(), signal.SIGSTOP)
            os._exit(0)
        try:
            until(lambda: os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT),
                  "it is stopped")
            health = self.json("doctor", code=1)
            self.assertEqual(health["write_lock_pid"], pid)
            ailment, = health["ailments"]
            self.assertEqual(ailment["kind"], "lock")
            self.assertIn(f"process {pid} ", ailment["what"])
            self.assertIn("stopped", ailment["what"])
            self.assertEqual(ailment["remedy"], f"kill -CONT {pid}")
            self.assert_refused("add", "--", "true", code=5, timeout=60,
                                says=[f"process {pid} holds the write lock and is stopped"])
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            holder.close()
        self.assertEqual(self.kinds(code=0), [])

    def test_strays_are_removed_and_nothing_else(self):
        self.add("a", "--", "echo", "x")
        self.work()
        for name in ("0/1.2.out", "0/99.1.err", "7/7001.1.out.t2", "0/note"):
            path = os.path.join(self.store, "logs", name)
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            with open(path, "w", encoding="ascii"):
                os.chmod(path, 0o600)
        self.assertEqual(self.kinds(), ["log"] * 4)
        self.assert_mended("log")
        self.assertEqual(os.listdir(self.store + "/logs/0"), ["1.1.out"])
        os.mkdir(self.store + "/restore.part", 0o700)
        self.assert_mended("leftover")

    def test_what_dead_launchers_left_is_told_and_only_what_is_settled_goes(self):
        self.add("busy", "--", "sleep", "600")
        worker = self.worker()
        self.until_started("busy", "sleep")
        worker.kill()
        worker.wait()
        self.assertEqual(self.kinds(), ["launcher"])
        launcher, = self.launchers()
        os.kill(launcher, signal.SIGSTOP)
        self.assertIn("stopped", self.json("doctor", code=1)["ailments"][0]["what"])
        os.kill(launcher, signal.SIGKILL)
        until(lambda: not self.launchers(), "the launcher is gone")
        self.assertEqual(self.kinds("--fix"), ["journal"])
        self.assertEqual(len(os.listdir(self.store + "/launchers")), 1)
        self.work(code=1)
        self.assertEqual(self.kinds(code=0), [])

    def test_runs_that_stand_where_they_can_not(self):
        self.add("a", "--at", "+1h", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        self.add("c", "--at", "+1h", "--", "true")
        self.change("UPDATE runs SET edges_open = 0, edges_satisfied = 1 WHERE task_id = 2;"
                    "UPDATE runs SET due_at_ms = NULL WHERE task_id = 3")
        ailments = self.json("doctor", code=1)["ailments"]
        self.assertEqual([one["kind"] for one in ailments], ["state", "state"])
        self.assertIn("run-2 counts 1 edges, 0 open and 1 satisfied", ailments[0]["what"])
        self.assertIn("run-3 waits, and nothing stands in its way", ailments[1]["what"])
        self.assert_mended("state")
        self.assertEqual(self.query("SELECT edges_open, edges_satisfied FROM runs WHERE id = 2"),
                         [(1, 0)])

    def test_numbers_that_are_kept_are_counted_anew(self):
        self.add("a", "--", "true")
        self.add("b", "--", "true")
        self.change("UPDATE tallies SET number = 7 WHERE what IN ('tasks', 'held')")
        ailments = self.json("doctor", code=1)["ailments"]
        self.assertEqual([one["what"] for one in ailments], ["the store counts 7 held, and there are 0",
                                                             "the store counts 7 tasks, and there are 2"])
        self.assert_mended("state")
        self.assertEqual(self.query("SELECT number FROM tallies WHERE what IN ('tasks', 'held') ORDER BY what"), [(0,), (2,)])

    def test_contradictions_and_unreadable_tasks_are_told(self):
        self.add("a", "--", "true")
        self.change("UPDATE runs SET state = 'running', attempts = 1, due_at_ms = NULL; "
                    "UPDATE tasks SET spec = '{'")
        self.assertEqual(set(self.kinds()), {"state", "task"})
        self.assertEqual(set(self.kinds("--fix")), {"state", "task"})

    def test_a_queue_that_its_index_lost_is_damage_and_no_wrong_name(self):
        self.add("a", "--", "true")
        self.work()
        root = self.query("SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_queues_1'")[0][0]
        with open(self.database, "r+b") as file:
            file.seek((root - 1) * 4096 + 3)  # How many entries are in the page.
            file.write(b"\0\0")
        self.assert_refused("add", "--", "true", code=5, says="damaged", hint="sched restore")

    def test_damage_is_told_and_nothing_is_done_to_it(self):
        for i in range(50):
            self.add(f"task-with-a-name-{i}", "-q", "--", "true")
        self.work()
        with open(self.database, "rb") as file:
            good = file.read()
        root = self.query("SELECT rootpage FROM sqlite_schema WHERE name = 'runs_task'")[0][0]
        cases = {"header": (lambda: self.damage(0, count=16)),
                 "page": (lambda: self.damage((root - 1) * 4096, count=64)),
                 "row": (lambda: self.change("PRAGMA foreign_keys=OFF; UPDATE runs SET task_id=999"
                                             " WHERE id = 5; PRAGMA wal_checkpoint(TRUNCATE)")),
                 "index": (lambda: self.change("DROP INDEX runs_due;"
                                               "PRAGMA wal_checkpoint(TRUNCATE)")),
                 "truncated": (lambda: os.truncate(self.database, len(good) // 2)),
                 "empty": (lambda: os.truncate(self.database, 0)),
                 "newer": (lambda: self.change("PRAGMA user_version=99;"
                                               "PRAGMA wal_checkpoint(TRUNCATE)"))}
        for name, spoil in cases.items():
            with self.subTest(name):
                with open(self.database, "wb") as file:
                    file.write(good)
                for tail in ("-wal", "-shm"):
                    if os.path.exists(self.database + tail):
                        os.remove(self.database + tail)
                self.assertEqual(self.kinds(code=0), [])
                spoil()
                with open(self.database, "rb") as file:
                    bad = file.read()
                kinds = self.kinds("--fix")
                self.assertIn("schema" if name == "index" else "damage", kinds)
                with open(self.database, "rb") as file:
                    self.assertEqual(file.read(), bad)

    def test_a_database_out_of_its_mode_and_a_clock_set_back(self):
        self.add("a", "--", "true")
        self.change("PRAGMA journal_mode=DELETE")
        self.assert_mended("mode")
        self.change("UPDATE tasks SET created_at_ms = created_at_ms + 7200000")
        ailment, = self.json("doctor", code=1)["ailments"]
        self.assertEqual(ailment["kind"], "clock")
        self.assertIn("1h 59m", ailment["what"])

    def test_what_runs_outlives_the_removal_of_its_store(self):
        self.add("busy", "--", "sleep", "600")
        worker = self.start("run", "--slots", "2", "--progress", "plain")
        until(lambda: len(self.processes("sleep")) == 1, "the command runs")
        os.rename(self.database, self.database + ".away")
        self.sched("add", "more", "--", "true", code=5)
        worker.kill()
        done = self.finish(worker, code=None)
        self.assertEqual(len(self.processes("sleep")), 1)
        os.rename(self.database + ".away", self.database)
        self.worker()
        self.sched("cancel", "busy")
        self.until_state("busy", "finished")


if __name__ == "__main__":
    main()
