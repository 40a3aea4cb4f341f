#!/usr/bin/env python3
"""Full, broken and vanished disks, and want of memory, descriptors and processes: a worker stops
starting, goes on to look after what runs, and recovers by itself. Nothing succeeds falsely."""
import ctypes
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import time
import unittest

from support import SCHED, CommandTest, main, until

CLONE_NEWNS = 0x20000
STEP = ('echo "S $SCHED_TASK $SCHED_ATTEMPT" >> history; until [ -e go ]; do sleep 0.02; done; '
        'echo "E $SCHED_TASK $SCHED_ATTEMPT" >> history')
MIB = 1 << 20


def own_mounts():
    """Why this process can't mount for itself alone; empty when it can from now on."""
    if os.getuid() != 0:
        return "only root may mount"
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        return f"no mounts of our own: {os.strerror(ctypes.get_errno())}"
    done = subprocess.run(["mount", "--make-rprivate", "/"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "no mounts of our own"


CANNOT_MOUNT = own_mounts()


class Pressure(CommandTest):
    def setUp(self):
        super().setUp()
        self.log = self.path("log")

    def serve(self, *before, slots=2, words=()):
        """A worker whose words go to a file; `before` is what executes it (strace)."""
        with open(self.log, "ab") as log:
            child = subprocess.Popen([*before, SCHED, "run", "--slots", str(slots), "--progress",
                                      "none", *words], cwd=self.home, env=self.environment,
                                     stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self._children.append(child)
        until(lambda: child.poll() is not None or self.json("status")["workers"],
              "the worker is there")
        self.assertIsNone(child.poll(), self.said())
        return child

    def said(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read()

    def until_said(self, text):
        until(lambda: text in self.said(), f"it says {text!r}; so far {self.said()!r}")

    def begin(self, name):
        self.add(name, "--shell", STEP)
        self.until_file("history", f"S {name} 1")

    def history(self):
        with open(self.path("history"), encoding="ascii") as file:
            return sorted(file.read().splitlines())

    def assert_rests(self, pid, seconds=1.5):
        """It does not burn a processor while it can do nothing."""
        def used():
            with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        before = used()
        time.sleep(seconds)
        self.assertLess(used() - before, seconds / 5)


@unittest.skipIf(CANNOT_MOUNT, CANNOT_MOUNT)
class Disk(Pressure):
    def mount(self, *words):
        os.makedirs(self.store, mode=0o700, exist_ok=True)
        done = subprocess.run(["mount", *words, self.store], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            self.skipTest(f"mount {' '.join(words)}: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", self.store], check=False)
        os.chmod(self.store, 0o700)

    def small_disk(self, mib):
        self.mount("-t", "tmpfs", "-o", f"size={mib}m,mode=700", "tmpfs")

    def fill(self, leave=0):
        """Takes the disk of the store but for `leave` bytes."""
        free = os.statvfs(self.store)
        size = free.f_bavail * free.f_frsize - leave
        with open(self.store + "/filler", "wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(size, 1))

    def empty(self):
        os.unlink(self.store + "/filler")

    def test_a_full_disk(self):
        self.small_disk(40)
        worker = self.serve()
        self.begin("a")
        self.add("late", "--at", "+1s", "--shell", "echo > late")
        before = self.snapshot()
        self.fill()
        # What changes something is refused with the reason, and changes nothing; reading goes on.
        done = self.sched("add", "b", "--", "true", code=5)
        self.assert_one_error(done, says="the disk is full")
        self.assertEqual(self.snapshot()[0], before[0])
        self.sched("status")
        self.until_said("starts nothing new: less than 16 MiB are free")
        self.until_said("the disk is full")
        # What runs ends, and is not said to have succeeded before that is in the store.
        self.write("go", "")
        self.until_file("history", "E a 1")
        self.assert_rests(worker.pid)
        self.assertEqual(self.run_of("a")["state"], "running")
        self.assertFalse(os.path.exists(self.path("late")))
        self.assertIsNone(worker.poll())
        self.empty()
        self.sched("wait", "a", "late", "--timeout", "10s")
        self.until_said("there is room on the disk again")
        self.assertEqual(self.history(), ["E a 1", "S a 1"])
        self.assertEqual(self.said().count("warning"), 3)
        self.add("c", "--wait", "--", "true")

    def test_a_nearly_full_disk_still_settles_what_runs(self):
        self.small_disk(40)
        self.serve()
        self.begin("a")
        self.fill(leave=8 * MIB)
        self.until_said("starts nothing new")
        self.add("b", "--", "true")
        self.write("go", "")
        self.sched("wait", "a", "--timeout", "10s")
        self.assertNotEqual(self.run_of("b")["state"], "finished")
        self.empty()
        self.sched("wait", "b", "--timeout", "10s")

    def test_one_that_drains_on_a_full_disk_leaves_the_ends_to_the_next(self):
        self.small_disk(40)
        worker = self.serve()
        self.begin("a")
        self.begin("b")
        self.fill()
        worker.terminate()
        self.write("go", "")
        self.assertEqual(worker.wait(20), 0)
        self.assertEqual(self.run_of("a")["state"], "running")
        self.empty()
        self.work()
        self.assertEqual((self.end_of("a")[0], self.end_of("b")[0]), ("succeeded", "succeeded"))
        self.assertEqual(self.history(), ["E a 1", "E b 1", "S a 1", "S b 1"])

    def test_a_worker_that_begins_on_a_full_disk_takes_over_when_there_is_room(self):
        self.small_disk(40)
        worker = self.serve()
        self.begin("a")
        worker.kill()
        worker.wait()
        self.fill()
        self.write("go", "")
        second = self.serve()
        time.sleep(1)
        self.assertIsNone(second.poll())
        self.empty()
        self.sched("wait", "a", "--timeout", "10s")
        self.assertEqual(self.history(), ["E a 1", "S a 1"])

    def test_output_that_has_no_room_is_dropped_and_counted(self):
        self.small_disk(40)
        self.serve()
        self.add("a", "--shell", "echo first; echo > begun; until [ -e go ]; do sleep 0.02; done; "
                                 "head -c 30000000 /dev/zero")
        self.until_file("begun", "\n")
        self.fill(leave=MIB)
        self.write("go", "")
        until(lambda: not self.processes("head"), "it ends")
        self.empty()
        self.sched("wait", "a", "--timeout", "10s")
        attempt = self.run_of("a")["attempts"][0]
        self.assertEqual(attempt["log_bytes"], 30_000_006)
        self.assertGreater(attempt["dropped_bytes"], 0)

    def test_a_file_system_that_becomes_read_only(self):
        image = self.directory + "/image"
        with open(image, "wb") as file:
            file.truncate(128 * MIB)
        mkfs = shutil.which("mkfs.ext4") or "/usr/sbin/mkfs.ext4"
        if not os.path.exists(mkfs):
            self.skipTest("mkfs.ext4 is not installed")
        subprocess.run([mkfs, "-q", "-F", "-E", "root_owner=0:0", image], check=True)
        self.mount("-o", "loop,errors=remount-ro", image)
        os.rmdir(self.store + "/lost+found")
        worker = self.serve()
        self.begin("a")
        before = self.sched("list", "--json").out
        # What the kernel does of itself after an error.
        subprocess.run(["mount", "-o", "remount,abort", self.store], check=True)
        self.assert_refused("add", "b", "--", "true", code=5)
        self.assertEqual(self.sched("list", "--json").out, before)
        self.sched("status")
        self.write("go", "")
        self.until_file("history", "E a 1")
        self.until_said("warning: store")
        self.assert_rests(worker.pid)
        self.assertIsNone(worker.poll())
        self.assertEqual(self.run_of("a")["state"], "running")  # never a success that is not kept
        worker.terminate()
        self.assertEqual(worker.wait(20), 0)


@unittest.skipIf("SCHED_IS_SANITIZED" in os.environ, "sanitizers bear neither strace nor limits")
class Errors(Pressure):
    def inject(self, fault):
        strace = shutil.which("strace")
        if not strace:
            self.skipTest("strace is not installed")
        calls = fault.split(":")[0]
        return [strace, "-qq", "-o", "/dev/null", "-e", "signal=none", "-e", f"trace={calls}", "-e",
                f"inject={fault}"]

    def test_an_add_whose_sync_or_write_fails_is_told_and_never_acknowledged_in_vain(self):
        self.add("first", "--", "true")
        for call in ("fdatasync,fsync", "pwrite64"):
            for position in range(1, 7):
                name = f"t-{position}-{call[:2]}"
                done = subprocess.run(
                    [*self.inject(f"{call}:error=EIO:when={position}"), SCHED, "add", name, "--",
                     "true"], cwd=self.home, env=self.environment, capture_output=True, text=True,
                    check=False)
                there = name in [task["name"] for task in self.json("list")]
                with self.subTest(call=call, position=position, err=done.stderr):
                    self.assertIn(done.returncode, (0, 5))
                    if done.returncode == 0:
                        self.assertTrue(there)
                    else:
                        self.assertRegex(done.stderr, r"^sched add: store .*input/output error")
        with sqlite3.connect(self.store + "/sched.db") as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchone(), ("ok",))

    def test_a_worker_whose_syncs_fail_for_a_while_goes_on(self):
        self.sched("status")  # A store that can't even be made is another matter.
        for first in (1, 2, 3, 5, 8):
            with self.subTest(first=first):
                self.serve(*self.inject(f"fdatasync,fsync:error=EIO:when={first}..{first + 2}"),
                           slots=4)
                names = [f"t{first}-{i}" for i in range(8)]
                for name in names:
                    self.add(name, "--shell", 'echo "$SCHED_TASK $SCHED_ATTEMPT" >> history')
                self.sched("wait", *names, "--timeout", "20s")
                self.sched("worker", "drain", "--wait")
                self.assertIn("input/output error", self.said())
        self.assertEqual(self.history(), sorted(
            f"t{first}-{i} 1" for first in (1, 2, 3, 5, 8) for i in range(8)))

    def test_when_no_process_can_be_made_it_is_tried_again_and_not_counted(self):
        self.serve(slots=4)
        self.begin("first")  # So that there is a launcher.
        tracer = subprocess.Popen([*self.inject("clone,clone3,fork,vfork:error=EAGAIN:when=1+3"),
                                   "-p", str(self.launchers()[0])])
        self._children.append(tracer)
        until(lambda: self.is_traced(self.launchers()[0]), "the launcher is traced")
        for i in range(12):
            self.add(f"t{i}", "--", "true")
        self.write("go", "")
        self.sched("wait", "--all", "--timeout", "30s", timeout=40)
        tracer.terminate()
        tracer.wait()
        runs = self.json("runs")
        self.assertEqual({run["outcome"] for run in runs}, {"succeeded"})
        self.assertEqual({run["attempt"] for run in runs}, {1})

    def is_traced(self, pid):
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            return not re.search(r"^TracerPid:\t0$", file.read(), re.MULTILINE)


@unittest.skipIf("SCHED_IS_SANITIZED" in os.environ, "sanitizers bear neither strace nor limits")
class Limits(Pressure):
    def squeeze(self, pid, kind, soft):
        """Sets a soft limit of a process; answers what it was."""
        before = resource.prlimit(pid, kind)
        resource.prlimit(pid, kind, (soft, before[1]))
        self.addCleanup(self.release, pid, kind, before)
        return before

    def release(self, pid, kind, limit):
        try:
            resource.prlimit(pid, kind, limit)
        except ProcessLookupError:
            pass

    def test_a_launcher_without_descriptors_starts_later_and_counts_nothing(self):
        self.serve(slots=4)
        self.begin("first")
        launcher = self.launchers()[0]
        before = self.squeeze(launcher, resource.RLIMIT_NOFILE,
                              len(os.listdir(f"/proc/{launcher}/fd")))
        for i in range(3):
            self.add(f"t{i}", "--", "true")
        until(lambda: any(run["reason"] for run in self.json("runs") if run["task"] != "first"),
              "it could not begin")
        self.assertNotIn("finished", [run["state"] for run in self.json("runs")])
        self.release(launcher, resource.RLIMIT_NOFILE, before)
        self.write("go", "")
        self.sched("wait", "--all", "--timeout", "20s")
        self.assertEqual({run["attempt"] for run in self.json("runs")}, {1})

    def test_a_worker_without_descriptors_goes_on_when_it_has_some_again(self):
        worker = self.serve(slots=4)
        self.begin("first")
        before = self.squeeze(worker.pid, resource.RLIMIT_NOFILE, 3)
        os.kill(self.launchers()[0], signal.SIGKILL)  # It has to make another.
        self.add("a", "--", "true")
        time.sleep(1)
        self.assertIsNone(worker.poll())
        self.assert_rests(worker.pid)
        self.release(worker.pid, resource.RLIMIT_NOFILE, before)
        self.sched("wait", "a", "--timeout", "20s")
        self.assertEqual(self.end_of("first")[0], "lost")

    def test_a_worker_without_memory_goes_on_when_it_has_some_again(self):
        worker = self.serve(slots=4)
        self.begin("first")
        with open(f"/proc/{worker.pid}/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        before = self.squeeze(worker.pid, resource.RLIMIT_AS, used)
        big = self.write("big", "x" * (8 * MIB))
        for i in range(4):
            self.add(f"t{i}", "--stdin", big, "--shell", 'echo "S t" >> history; cat > /dev/null')
        self.add("text", "--shell", ": " + "y" * 100_000)
        time.sleep(1)
        self.assertIsNone(worker.poll(), self.said())
        self.release(worker.pid, resource.RLIMIT_AS, before)
        self.write("go", "")
        self.sched("wait", "--all", "--timeout", "20s")
        self.assertEqual({run["outcome"] for run in self.json("runs")}, {"succeeded"})
        self.assertEqual(self.history().count("S t"), 4)


class Store(Pressure):
    def test_a_reader_that_stays_is_named_and_the_log_shrinks_when_it_goes(self):
        self.serve()
        reader = sqlite3.connect(self.store + "/sched.db", isolation_level=None)
        self.addCleanup(reader.close)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM tasks").fetchone()
        wal = self.store + "/sched.db-wal"
        words = ["x" * 120_000] * 9
        slowest = 0.0
        for i in range(80):
            began = time.monotonic()
            self.add(f"t{i}", "--manual", "--", "true", *words)
            slowest = max(slowest, time.monotonic() - began)
        self.add("a", "--wait", "--", "true")
        self.until_said("the write-ahead log of the store has grown to")
        self.assertRegex(self.said(), rf"MiB: process {os.getpid()} \(python3?[0-9.]*\) reads")
        self.assertLess(slowest, 3)
        reader.execute("ROLLBACK")
        until(lambda: os.path.getsize(wal) < 8 * MIB, "the log is short again", 20)
        self.assertEqual(self.said().count("write-ahead log"), 1)

    def test_a_store_that_is_removed_under_a_worker_gets_nothing_any_more(self):
        worker = self.serve()
        self.begin("a")
        os.rename(self.store + "/sched.db", self.store + "/away")
        self.until_said("the file was removed while it was open")
        self.write("go", "")
        self.until_file("history", "E a 1")
        self.assert_rests(worker.pid)
        self.assert_refused("add", "b", "--", "true", code=5)
        self.assertFalse(os.path.exists(self.store + "/sched.db"))
        os.rename(self.store + "/away", self.store + "/sched.db")
        self.sched("wait", "a", "--timeout", "10s")
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_a_store_that_is_replaced_under_a_worker_gets_nothing_of_it(self):
        self.add("old", "--", "true")
        self.work()
        source = sqlite3.connect(self.store + "/sched.db")
        copy = sqlite3.connect(self.path("copy"))
        source.backup(copy)
        copy.close()
        source.close()
        os.chmod(self.path("copy"), 0o600)
        worker = self.serve()
        self.begin("a")
        os.rename(self.path("copy"), self.store + "/sched.db")
        for tail in ("-wal", "-shm"):
            os.unlink(self.store + "/sched.db" + tail)
        self.until_said("the file was replaced by another while it was open")
        self.write("go", "")
        self.until_file("history", "E a 1")
        self.assertIsNone(worker.poll())
        worker.send_signal(signal.SIGQUIT)
        self.assertEqual(worker.wait(10), 0)
        self.assertEqual([task["name"] for task in self.json("list")], ["old"])


if __name__ == "__main__":
    main()
