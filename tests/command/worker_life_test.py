#!/usr/bin/env python3
"""`sched worker`, standby, take-over, and workers of two versions on one store."""
import os
import signal
import sqlite3
import subprocess
import time

from support import SCHED, CommandTest, main, until

STEP = ('echo "S $SCHED_TASK $SCHED_ATTEMPT" >> history; until [ -e go ]; do sleep 0.02; done; '
        'echo "E $SCHED_TASK $SCHED_ATTEMPT" >> history')


class Life(CommandTest):
    def standby(self, slots=2):
        child = self.start("run", "--standby", "--slots", str(slots), "--progress", "none",
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(lambda: child.pid in self.states(), "it is there")
        return child

    def states(self):
        return {worker["pid"]: worker["state"] for worker in self.json("worker", "list")}

    def until_begun(self, name):
        self.until_file("history", f"S {name} 1")

    def history(self):
        with open(self.path("history"), encoding="ascii") as file:
            return sorted(file.read().splitlines())


class List(Life):
    def test_it_says_who_lives_and_what_each_does(self):
        self.assertEqual(self.json("worker", "list"), [])
        self.assertIn("no worker", self.sched("worker", "list").err)
        first, second = self.worker(slots=3), self.standby(slots=5)
        self.add("a", "--shell", STEP)
        self.until_begun("a")
        workers = {worker["pid"]: worker for worker in self.json("worker", "list")}
        self.assertEqual(set(workers), {first.pid, second.pid})
        worker = workers[first.pid]
        self.assertEqual((worker["state"], worker["slots"], worker["running"]), ("working", 3, 1))
        self.assertEqual([(launcher["pid"], launcher["alive"]) for launcher in worker["launchers"]],
                         [(self.launchers()[0], True)])
        waiting = workers[second.pid]
        self.assertEqual((waiting["state"], waiting["running"], waiting["launchers"]),
                         ("standby", 0, []))
        table = self.sched("worker", "list").out
        self.assertRegex(table, rf"{first.pid} +working +3 +1 ")
        self.assertRegex(table, rf"{second.pid} +standby +5 +0 ")
        self.assertIn(f"(1 standby), 1 of 3 slots busy", self.sched("status").out)
        self.assertEqual(len(self.json("worker", "list", str(first.pid))), 1)

    def test_a_dead_launcher_is_called_dead(self):
        worker = self.worker()
        self.add("a", "--shell", STEP)
        self.until_begun("a")
        self.stop(worker)
        os.kill(self.launchers()[0], signal.SIGKILL)
        until(lambda: not self.json("worker", "list")[0]["launchers"][0]["alive"], "it is seen")
        self.assertIn("(dead)", self.sched("worker", "list").out)
        worker.send_signal(signal.SIGCONT)
        self.sched("wait", "a", "--timeout", "20s", code=1)

    def test_a_worker_that_drains_is_none_for_what_waits(self):
        worker = self.worker()
        self.add("a", "--shell", STEP)
        self.until_begun("a")
        worker.terminate()
        until(lambda: self.states() == {worker.pid: "draining"}, "it drains")
        self.add("b", "--", "true")
        self.assertIn("sched run", self.sched("explain", "b").out)
        self.assertIn("draining", self.sched("status").out)
        self.write("go", "")
        worker.wait(20)


class Tell(Life):
    def test_drain_ends_all_workers_when_what_they_run_has_ended(self):
        workers = [self.worker(slots=1), self.worker(slots=1)]
        for name in "ab":
            self.add(name, "--shell", STEP)
            self.until_begun(name)
        out = self.sched("worker", "drain").out
        for worker in workers:
            self.assertIn(f"worker {worker.pid} drains", out)
        until(lambda: set(self.states().values()) == {"draining"}, "both drain")
        waiting = self.start("worker", "drain", "--wait")
        self.write("go", "")
        # Told twice, they end what runs; here it has just been let go.
        self.finish(waiting)
        for worker in workers:
            self.assertIn(worker.wait(20), (0, 130))
        self.assertEqual(self.states(), {})

    def test_stop_ends_what_runs_too(self):
        worker, other = self.worker(slots=1), self.worker(slots=1)
        for name in "ab":
            self.add(name, "--shell", STEP)
            self.until_begun(name)
        self.sched("worker", "stop", "--wait", str(worker.pid))
        self.assertEqual(worker.wait(0.5), 130)
        ended = [run["task"] for run in self.json("runs", "--outcome", "cancelled")]
        self.assertEqual(len(ended), 1)
        self.assertEqual(self.end_of(ended[0]),
                         ("cancelled", "ended with its worker, which was told to stop at once"))
        self.assertEqual(self.states(), {other.pid: "working"})

    def test_stop_ends_one_that_drains(self):
        worker = self.worker()
        self.add("a", "--shell", STEP)
        self.until_begun("a")
        self.sched("worker", "drain")
        until(lambda: self.states() == {worker.pid: "draining"}, "it drains")
        self.sched("worker", "stop", "--wait")
        self.assertEqual(worker.wait(0.5), 130)

    def test_wrong_words_change_nothing(self):
        worker = self.worker()
        self.assert_refused("worker", "kill", says="unknown action 'kill'")
        self.assert_refused("worker", says="no list|drain|stop is given")
        self.assert_refused("worker", "drain", "1", code=3, says="'1': no worker of this store",
                            hint="sched worker list")
        self.assert_refused("worker", "list", "--wait", says="--wait")
        self.assertIn("--json", self.sched("worker", "drain", "--json", code=2).err)
        self.assert_refused("run", "--standby", "--until-idle", says="exclude each other")
        self.assertEqual(self.states(), {worker.pid: "working"})

    def test_none_is_no_error(self):
        self.assertIn("no worker", self.sched("worker", "drain").err)

    def test_a_process_that_has_the_number_of_a_dead_worker_is_left_alone(self):
        worker = self.worker()
        worker.kill()
        worker.wait()
        innocent = subprocess.Popen(["sleep", "600"])
        self._children.append(innocent)
        left = f"{self.store}/workers/{worker.pid}"
        os.rename(left, f"{self.store}/workers/{innocent.pid}")
        self.sched("worker", "stop")
        self.assert_refused("worker", "stop", str(innocent.pid), code=3)
        self.assertIsNone(innocent.poll())

    def test_it_works_when_the_database_does_not(self):
        worker = self.worker()
        os.rename(self.store + "/sched.db", self.store + "/away")
        self.sched("worker", "drain", "--wait")
        self.assertEqual(worker.wait(1), 0)


class Standby(Life):
    def assert_takes_over(self, end):
        """`end` is done to the first worker; the second has the run a second later at most."""
        first, second = self.worker(), self.standby()
        self.add("a", "--shell", STEP)
        self.until_begun("a")
        began = time.monotonic()
        end(first)
        until(lambda: self.states().get(second.pid) == "working", "it works", 1)
        self.add("b", "--", "true")
        until(lambda: self.run_of("b")["outcome"] == "succeeded", "it starts runs", 1)
        self.assertLess(time.monotonic() - began, 1)
        return first, second

    def test_it_is_in_the_place_of_one_that_dies_within_a_second(self):
        first, second = self.assert_takes_over(lambda worker: worker.kill())
        until(lambda: any(worker["running"] for worker in self.json("worker", "list")
                          if worker["pid"] == second.pid), "it has what ran", 1)
        self.write("go", "")
        self.sched("wait", "a")
        self.assertEqual(self.history(), ["E a 1", "S a 1"])

    def test_it_is_in_the_place_of_one_that_drains(self):
        first, _ = self.assert_takes_over(lambda worker: worker.terminate())
        self.assertIsNone(first.poll())
        self.write("go", "")
        self.assertEqual(first.wait(20), 0)

    def test_it_starts_nothing_while_another_works(self):
        first, second = self.worker(slots=1), self.standby(slots=8)
        for name in "abc":
            self.add(name, "--shell", STEP)
        self.until_begun("a")
        time.sleep(2.5)  # longer than it takes to look round
        self.assertEqual(self.states(), {first.pid: "working", second.pid: "standby"})
        self.assertEqual(self.history(), ["S a 1"])
        # Stopped is not dead: only the kernel's word counts.
        self.stop(first)
        time.sleep(2.5)
        self.assertEqual(self.states()[second.pid], "standby")
        first.send_signal(signal.SIGCONT)

    def test_of_two_that_stand_by_one_begins(self):
        first = self.worker()
        others = [self.standby(), self.standby()]
        first.kill()
        until(lambda: "working" in self.states().values(), "one works", 2)
        time.sleep(2.5)
        self.assertEqual(sorted(self.states().values()), ["standby", "working"])
        states = self.states()
        working = next(other for other in others if states[other.pid] == "working")
        working.kill()
        working.wait()
        until(lambda: list(self.states().values()) == ["working"], "the other works", 2)

    def test_alone_it_works_and_told_to_end_it_ends(self):
        first = self.standby()
        self.add("a", "--wait", "--", "true")
        second = self.standby()
        second.terminate()
        self.assertEqual(second.wait(5), 0)
        self.assertEqual(self.states(), {first.pid: "working"})


class TakeOver(Life):
    def test_a_worker_has_what_a_dead_one_ran_within_a_second(self):
        for _ in range(3):
            first, second = self.worker(slots=4), self.worker(slots=4)
            for name in ("a", "b"):
                self.add(name, "--if-exists", "replace", "--shell", STEP)
            until(lambda: len(self.json("runs", "--state", "running")) == 2, "both run")
            running = {w["pid"]: w["running"] for w in self.json("worker", "list")}
            victim, heir = (first, second) if running[first.pid] else (second, first)
            began = time.monotonic()
            victim.kill()
            until(lambda: {w["pid"]: w["running"] for w in self.json("worker", "list")}
                  == {heir.pid: 2}, "the other has them", 1)
            self.assertLess(time.monotonic() - began, 1)
            victim.wait()
            self.write("go", "")
            self.sched("wait", "--all", "--timeout", "20s")
            os.unlink(self.path("go"))
            heir.terminate()
            heir.wait(20)


class Versions(Life):
    def migrate(self, hold=0.0, version=99):
        """What a newer version does: another schema, in one transaction."""
        database = sqlite3.connect(self.store + "/sched.db", isolation_level=None, timeout=20)
        database.execute("BEGIN IMMEDIATE")
        database.execute(f"PRAGMA user_version={version}")
        time.sleep(hold)
        database.execute("COMMIT")
        return database

    def test_an_old_worker_starts_nothing_in_a_migrated_store_and_says_why(self):
        worker = self.start("run", "--slots", "2", "--progress", "none")
        self.add("a", "--shell", STEP)
        self.until_begun("a")
        version = sqlite3.connect(self.store + "/sched.db").execute(
            "PRAGMA user_version").fetchone()[0]
        adding = None
        database = sqlite3.connect(self.store + "/sched.db", isolation_level=None, timeout=20)
        database.execute("BEGIN IMMEDIATE")
        try:
            # It comes while the migration is under way: the store that it opened is an old one.
            adding = self.start("add", "b", "--", "true")
            until(lambda: self.waits_for_lock(adding.pid), "it waits for the lock")
            time.sleep(0.3)
            database.execute("PRAGMA user_version=99")
            database.execute("COMMIT")
        finally:
            database.close()
        done = self.finish(adding, code=5)
        self.assert_one_error(done, says=["migrated by a newer sched", "schema 99"])
        done = self.finish(worker, code=5)
        self.assertIn("migrated by a newer sched (schema 99, this one knows", done.err)
        # What ran went on, and nothing of it is lost to the version that knows the schema.
        self.assertTrue(self.processes("history"))
        self.migrate(version=version).close()
        self.worker()
        self.write("go", "")
        self.sched("wait", "a")
        self.assertEqual(self.history(), ["E a 1", "S a 1"])
        self.assertEqual([task["name"] for task in self.json("list")], ["a"])

    def waits_for_lock(self, pid):
        """It has opened the database, and sleeps between its tries for the lock."""
        try:
            opened = [os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")]
        except OSError:
            return False
        return self.store + "/sched.db-shm" in opened

    def test_nothing_starts_while_another_version_migrates(self):
        worker = self.start("run", "--slots", "2", "--progress", "none")
        self.add("a", "--at", "+2s", "--shell", "echo > begun")
        until(lambda: self.states(), "the worker is there")
        self.migrate(hold=3).close()
        self.assertIn("migrated by a newer sched", self.finish(worker, code=5).err)
        self.assertFalse(os.path.exists(self.path("begun")))


if __name__ == "__main__":
    main()
