#!/usr/bin/env python3
"""sched restore: the drill, into empty, living and damaged stores, beside a stale log, killed."""
import os
import random
import shutil
import signal
import time

from care import CareTest
from support import main, until


class Restore(CareTest):
    def tables(self, file=None):
        return {table: self.query(f"SELECT * FROM {table} ORDER BY 1, 2", file) for table in (
            "surroundings", "tasks", "tags", "dependencies", "runs", "bindings", "attempts")}

    def fill(self):
        self.add("a", "--tag", "t", "--", "echo", "from a")
        self.add("late", "--at", "+1h", "--", "true")
        self.add("b", "--after", "a", "--after", "late", "--", "sh", "-c", "echo ran >> ran")
        self.add("nightly", "--calendar", "daily", "--", "true")
        self.work()

    def test_the_drill_a_new_machine_goes_on_where_the_backup_stood(self):
        self.fill()
        file, before = self.backup(), (self.snapshot(), self.tables())
        shutil.rmtree(self.store)
        done = self.sched("restore", file)
        self.assertEqual((done.out, done.err), ("restored 4 tasks and 3 runs\n", ""))
        self.assertEqual((self.snapshot(), self.tables()), before)
        self.assertEqual(self.query("PRAGMA journal_mode"), [("wal",)])
        self.assert_sound()
        self.sched("edit", "late", "--at", "now")
        self.work()
        self.assertEqual(self.end_of("b")[0], "succeeded")
        self.assertEqual(self.until_file("ran"), "ran\n")

    def test_a_store_that_is_in_use_is_left_alone(self):
        self.fill()
        file = self.backup()
        worker = self.worker()
        before = self.snapshot()
        self.assert_refused("restore", file, code=5, says=["in use", str(worker.pid)])
        self.stop(worker)
        self.assert_refused("restore", file, code=5, says=["in use", str(worker.pid)])
        os.kill(worker.pid, signal.SIGCONT)
        self.assertEqual(self.snapshot(), before)
        self.assertFalse(os.path.exists(self.store + "/restore.part"))

    def test_a_launcher_that_still_runs_commands_is_in_the_way_too(self):
        self.add("busy", "--", "sleep", "600")
        worker = self.worker()
        self.until_started("busy", "sleep")
        file = self.backup()
        worker.kill()
        worker.wait()
        launcher, = self.launchers()
        self.assert_refused("restore", file, code=5,
                            says=["still runs commands", str(launcher)])
        os.kill(launcher, signal.SIGKILL)
        until(lambda: not self.launchers(), "the launcher is gone")
        self.sched("restore", file)
        self.assertEqual(self.end_of("busy")[0], "lost")
        until(lambda: not self.processes("sleep"), "what it left running was ended")
        self.assertEqual(os.listdir(self.store + "/launchers"), [])

    def test_what_ran_is_lost_and_tried_again_only_where_that_was_asked_for(self):
        self.add("once", "--", "sleep", "600")
        self.add("again", "--retries", "1", "--retry-on", "lost", "--backoff", "fixed:1h", "--",
                 "sleep", "600")
        self.worker(slots=2)
        for name in ("once", "again"):
            self.until_state(name, "running")
        file = self.backup()
        other = self.path("other")
        done = self.sched("--store", other, "restore", file)
        self.assertIn("2 runs ran when the backup was made", done.err)
        self.store, kept = other, self.store
        self.environment["SCHED_STORE"] = other
        self.assertEqual(self.end_of("once"), (
            "lost", "it still ran in the copy that the store was restored from: nobody knows how it ended"))
        again = self.run_of("again")
        self.assertEqual((again["state"], again["attempts"][0]["cause"]), ("waiting", "restored"))
        self.store = kept

    def test_a_stale_log_is_not_replayed_into_what_was_restored(self):
        self.fill()
        file, before = self.backup(), self.tables()
        for i in range(20):
            self.add(f"later-{i}", "-q", "--", "true")
        self.assertGreater(os.path.getsize(self.database + "-wal"), 0)
        os.remove(self.database)
        self.assert_refused("list", code=5, says="the file is gone")
        self.sched("restore", file)
        self.assertEqual(self.tables(), before)
        self.assert_sound()

    def test_over_a_damaged_store_and_back(self):
        self.fill()
        file, before = self.backup(), self.tables()
        self.add("later", "--", "echo", "later")
        self.work()
        after = self.tables()
        done = self.sched("restore", file)
        kept = self.store + "/replaced/sched.db"
        self.assertIn(f"what was there before: {kept}\n", done.err)
        self.assertEqual(self.tables(), before)
        later = after["runs"][-1][0]
        self.assertEqual(os.listdir(self.store + "/logs/0"), ["1.1.out"])
        self.assertEqual(os.listdir(self.store + "/replaced/logs/0"), [f"{later}.1.out"])
        self.sched("restore", kept)
        self.assertEqual(self.tables(), after)
        self.damage(0, count=4096)
        self.assert_refused("list", code=5)
        self.sched("restore", file)
        self.assertEqual(self.tables(), before)

    def test_what_is_no_good_backup_changes_nothing(self):
        self.fill()
        file = self.backup()
        before = self.snapshot()
        size = os.path.getsize(file)
        with open(file, "rb") as whole:
            content = whole.read()

        def variant(name, text):
            return self.write(name, text)

        newer = variant("newer", content)
        self.change("PRAGMA user_version = 99", newer)
        foreign = variant("foreign", b"")
        self.change("CREATE TABLE notes (a)", foreign)
        root = self.query("SELECT rootpage FROM sqlite_schema WHERE name = 'runs'", file)[0][0]
        flipped = variant("flipped", content)
        self.damage((root - 1) * 4096, flipped, 16)
        for path, code, says in (
                (self.path("nowhere"), 3, "no such file"), (self.home, 2, "not a file"),
                (variant("empty", b""), 5, "empty"), (variant("text", b"x" * 9000), 5, "no store"),
                (foreign, 5, "another program"), (newer, 5, "newer sched"),
                (variant("short", content[:size // 2]), 5, "damaged"), (flipped, 5, "damaged"),
                (variant("header", b"?" + content[1:]), 5, "no store")):
            with self.subTest(path=path):
                self.assert_refused("restore", path, code=code, says=says)
                self.assertEqual(self.snapshot(), before)
        self.assertFalse(os.path.exists(self.store + "/restore.part"))

    def test_killed_at_any_moment_it_has_happened_wholly_or_not_at_all(self):
        draw = random.Random(11)
        self.fill()
        for i in range(300):
            self.add("-q", "--", "true", "x" * 1000)
        file, old = self.backup(), self.tables()
        for i in range(5):
            self.add(f"later-{i}", "--", "true")
        new = self.tables()
        new_file = self.backup()
        began = time.monotonic()
        self.sched("restore", file)
        whole = time.monotonic() - began
        is_old, changed = True, 0

        def look(code):
            nonlocal is_old, changed
            self.sched("list", "--limit", "1")  # whoever comes next
            now = self.tables()
            self.assertIn(now, (old, new))
            if code == 0:
                self.assertEqual(now, new if is_old else old)
            changed += now != (old if is_old else new)
            is_old = now == old
            self.assertFalse(os.path.exists(self.store + "/restore.ready"))

        self.kill_some(draw, 25, whole, lambda: ("restore", new_file if is_old else file), look)
        self.assertGreater(changed, 3)
        self.assert_sound()


if __name__ == "__main__":
    main()
