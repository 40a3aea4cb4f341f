#!/usr/bin/env python3
"""Room on disks: waited for, kept while it runs, and told with figures."""
import os
import subprocess
import tempfile

from support import CommandTest, main, until


class Room(CommandTest):
    def obstacle(self, target):
        return next(line["what"] for line in self.json("explain", target) if line["kind"] == "resource")

    def most(self, path, share):
        """That share of what is free there, in bytes."""
        info = os.statvfs(path)
        return int(info.f_bavail * info.f_frsize * share)

    def test_what_runs_keeps_what_it_asked_for(self):
        disk = self.path(".")
        self.add("a", "--need-free", f"{disk}={self.most(disk, 0.6)}", "--", "sleep", "600")
        self.add("b", "--need-free", f"{self.path('b')}={self.most(disk, 0.6)}", "--", "true")
        self.add("small", "--need-free", "/dev/shm=1M", "--", "true")
        self.add("none", "--", "true")
        os.mkdir(self.path("b"))
        self.worker(slots=4)
        self.sched("wait", "none")
        if os.stat("/dev/shm").st_dev != os.stat(disk).st_dev:
            self.sched("wait", "small")
        self.assertEqual(self.run_of("b")["state"], "queued")
        self.assertRegex(self.obstacle("b"),
                         r"^needs [\d.]+[MGT] free in .*/b; [\d.]+[MGT] are beside the [\d.]+[MGT] kept for runs")
        self.sched("cancel", "a")
        self.sched("wait", "b")

    def mount(self):
        """A file system of 64 megabytes, where we may make one."""
        place = tempfile.mkdtemp(prefix="sched-room-")
        self.addCleanup(os.rmdir, place)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64M", "none", place],
                              capture_output=True, check=False)
        if done.returncode != 0:
            self.skipTest("no file system can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", place], check=True)
        return place

    def test_it_starts_by_itself_when_others_made_room(self):
        place = self.mount()
        with open(f"{place}/full", "wb") as file:
            file.write(b"x" * (50 << 20))
        self.add("a", "--need-free", f"{place}=32M", "--", "true")
        self.add("b", "--need-free", f"{place}=8M", "--", "true")
        self.add("huge", "--need-free", f"{place}=64M", "--", "true")
        self.worker(slots=4)
        self.until_state("a", "queued")
        self.assertEqual(self.obstacle("a"), f"needs 32M free in {place}; 14M are")
        self.assertEqual(self.run_of("b")["state"], "queued")  # What is free is kept for the first.
        os.remove(f"{place}/full")
        self.sched("wait", "a", "b", "huge")

    def test_a_path_that_is_not_there_is_waited_for(self):
        path = self.path("later")
        self.assertIn("no such path yet", self.add("a", "--need-free", f"{path}=1M", "--", "true").err)
        self.add("b", "--need-free", f"{self.home}=1M", "--", "true")
        self.worker()
        self.sched("wait", "b")
        self.assertEqual(self.obstacle("a"), f"needs room in {path}, and there is no such path")
        os.mkdir(path)
        self.sched("wait", "a")

    def test_a_killed_worker_takes_no_room_with_it(self):
        place = self.mount()
        self.add("a", "--need-free", f"{place}=40M", "--", "sleep", "600")
        self.add("b", "--need-free", f"{place}=40M", "--", "true")
        first = self.worker()
        self.until_state("a", "running")
        first.kill()
        first.wait()
        self.worker()
        self.assertEqual(self.run_of("b")["state"], "queued")
        until(lambda: "kept for runs in progress" in self.obstacle("b"), "a keeps its room")
        self.sched("cancel", "a")
        self.sched("wait", "b")

    def test_wrong_input(self):
        for value, says in (("/", "how much"), ("=1G", "how much"), ("/=", "no size"), ("/=0", "no room at all"),
                            ("/=7E", "in all"), ("", "empty")):
            with self.subTest(value=value):
                self.assert_refused("add", "x", "--need-free", value, "--", "true", says=says)
        self.assert_refused("add", "x", "--need-free", "/=1M", "--need-free", "/=2M", "--", "true", says="twice")


if __name__ == "__main__":
    main()
