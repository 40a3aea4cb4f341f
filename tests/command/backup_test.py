#!/usr/bin/env python3
"""sched backup: whole or not there, while all goes on; the newest are kept; also as a task."""
import os
import random
import stat
import threading
import time

from care import CareTest
from support import main


class Backup(CareTest):
    def test_a_backup_is_one_private_file_with_all_that_the_store_has(self):
        self.add("a", "--tag", "t", "--", "echo", "out")
        self.add("b", "--after", "a", "--", "false")
        self.work(code=1)
        done = self.sched("backup", self.backups)
        file = done.out.strip()
        self.assertEqual(self.names(), [os.path.basename(file)])
        self.assertRegex(os.path.basename(file), r"^sched-[0-9a-f]{8}-\d{8}T\d{6}\.\d{3}Z\.db$")
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.backups).st_mode), 0o700)
        self.assertRegex(done.err, r"^2 tasks, 2 runs, [\d.]+ KiB\n$")
        self.assert_sound(file)
        for table in ("tasks", "runs", "attempts", "dependencies", "bindings", "tags"):
            rows = f"SELECT * FROM {table} ORDER BY 1, 2"
            self.assertEqual(self.query(rows, file), self.query(rows), table)

    def test_keep_leaves_the_newest_of_this_store_and_what_is_not_a_backup_of_it(self):
        self.add("a", "--", "true")
        other = self.path("other")
        self.sched("--store", other, "add", "b", "--", "true")
        of_other = self.sched("--store", other, "backup", self.backups).out.strip()
        made = [self.backup() for _ in range(4)]
        with open(os.path.join(self.backups, "notes.db"), "w", encoding="ascii"):
            pass
        made.append(self.backup("--keep", "2"))
        self.assertEqual(set(self.names()), {os.path.basename(path) for path in
                                             [of_other, made[-2], made[-1]]} | {"notes.db"})
        done = self.sched("backup", self.backups, "--keep", "1")
        self.assertIn("; 2 older backups removed", done.err)
        self.assertIn(os.path.basename(done.out.strip()), self.names())

    def test_it_can_be_a_task(self):
        self.add("backup", "--calendar", "daily", "--", os.environ["SCHED_UNDER_TEST"], "backup",
                 self.backups, "--keep", "2")
        for _ in range(3):
            self.sched("start", "backup")
            self.work()
        self.assertEqual(len(self.names()), 2)
        self.assertIn(self.names()[-1], self.logs("backup"))

    def test_what_is_wrong_is_said_and_no_file_is_left(self):
        self.assert_refused("backup", self.backups, code=5, says="there is none")
        self.assertFalse(os.path.exists(self.store))
        self.add("a", "--", "true")
        self.assert_refused("backup", code=2)
        self.assert_refused("backup", self.backups, "--keep", "0", code=2, says="--keep")
        self.assert_refused("backup", self.write("file", ""), code=2, says="it is no directory")
        self.assert_refused("backup", "/proc/nowhere", code=2)
        self.assertEqual(self.names(), [])

    def test_a_damaged_store_is_not_backed_up_and_no_older_one_removed(self):
        for i in range(300):
            self.add(f"task-of-some-length-{i}", "-q", "--", "true")
        before = self.backup()
        self.sched("run", "--until-idle", "--progress", "none", "--slots", "8", timeout=120)
        self.assertEqual(os.path.getsize(self.database + "-wal"), 0)
        root = self.query("SELECT rootpage FROM sqlite_schema WHERE name = 'runs'")[0][0]
        self.damage((root - 1) * 4096, count=16)
        self.assert_refused("backup", self.backups, "--keep", "1", code=5)
        self.assertEqual(self.names(), [os.path.basename(before)])
        self.assertEqual([name for name in os.listdir(self.backups) if name.endswith("part")], [])

    def test_under_load_and_killed_every_backup_that_has_its_name_is_whole(self):
        draw = random.Random(7)
        self.add("tick", "--every", "1s", "--", "true")
        for i in range(200):
            self.add("-q", "--", "true", str(i))
        self.worker(slots=2)
        stop = threading.Event()
        added = []

        def add():
            while not stop.is_set():
                added.append(self.add("-q", "--", "true").out.strip())

        storm = [threading.Thread(target=add) for _ in range(2)]
        for thread in storm:
            thread.start()
        began = time.monotonic()
        self.backup()
        whole = time.monotonic() - began
        announced = 1 + self.kill_some(draw, 12, whole, lambda: ("backup", self.backups))
        last = self.backup()
        stop.set()
        for thread in storm:
            thread.join()
        names = self.names()
        self.assertGreaterEqual(len(names), announced + 1)
        for name in names:
            self.assert_sound(os.path.join(self.backups, name))
        self.assertEqual([name for name in os.listdir(self.backups) if name.startswith(".")], [])
        self.assertGreater(self.query("SELECT count(*) FROM tasks", last)[0][0], 200)


if __name__ == "__main__":
    main()
