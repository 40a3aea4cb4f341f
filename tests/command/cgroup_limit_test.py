#!/usr/bin/env python3
"""Limits that the kernel holds by cgroup: memory, CPUs and disks of an attempt as a whole."""
import glob
import os
import shutil
import signal
import subprocess
import sys

from support import SCHED, CommandTest, is_alive, is_open_to_all, main, until

EAT = "import time; x = bytearray(200 << 20); time.sleep(600)"


def groups():
    """Groups for limits, in all hierarchies, of all launchers."""
    return [path for path in glob.glob("/sys/fs/cgroup/**/sched-*-*-*", recursive=True) if os.path.isdir(path)]


class Bounded(CommandTest):
    def setUp(self):
        super().setUp()
        self.add("probe", "--cpu-quota", "0.5", "--", "true")
        self.work(code=None)
        outcome, reason = self.end_of("probe")
        if "no cgroup can be made" in reason:
            self.skipTest(reason)
        self.assertEqual(outcome, "succeeded")

    def noted(self):
        """Where this store's launchers note their groups."""
        names = []
        for path in glob.glob(f"{self.store}/launchers/*/limits"):
            with open(path, encoding="ascii") as file:
                names += file.read().split()
        return names

    def groups_of(self, names):
        return [group for group in groups() if any(group.startswith(name + "-") for name in names)]

    def test_too_much_memory_at_once_is_the_limits_doing(self):
        if not os.path.exists("/sys/fs/cgroup/memory"):
            self.skipTest("no memory controller of version 1")
        self.add("a", "--max-rss", "50M", "--shell", f"{sys.executable} -c '{EAT}' || true; sleep 600")
        self.work(code=1)
        self.assertEqual(self.end_of("a")[0], "failed")
        self.assertRegex(self.end_of("a")[1], r"^memory limit of 50M reached \([45]\d(\.\d)?M, held by the kernel\)$")
        self.assertEqual(self.run_of("a")["attempts"][-1]["cause"], "rss_limit")

    def test_a_busy_loop_gets_its_part_of_a_cpu(self):
        self.add("a", "--cpu-quota", "20%", "--shell", "timeout 2 sh -c 'while :; do :; done'; true")
        self.work()
        attempt = self.run_of("a")["attempts"][-1]
        used = (attempt["user_ms"] + attempt["system_ms"]) / attempt["elapsed_ms"]
        self.assertLess(used, 0.35)
        self.assertRegex(self.sched("show", "a").out, r"CPU quota +at most 0.2 CPUs at a time")

    def test_writing_is_slowed(self):
        self.add("a", "--io-max", "write=2M", "--", "dd", "if=/dev/zero", "of=x", "bs=1M", "count=4", "oflag=direct")
        self.work(code=None)
        attempt = self.run_of("a")["attempts"][-1]
        if "exit 1" in attempt["reason"]:
            self.skipTest("no direct writes here")
        self.assertEqual(self.end_of("a")[0], "succeeded")
        if attempt["write_bytes"] < 4 << 20:
            self.skipTest("no disk is behind this directory")
        self.assertGreater(attempt["elapsed_ms"], 1000)

    def test_groups_last_as_long_as_the_attempt(self):
        self.add("a", "--cpu-quota", "1", "--max-rss", "1G", "--shell", "touch began; until test -e go; do sleep 0.02; done")
        worker = self.worker()
        until(lambda: os.path.exists(self.path("began")), "it began")
        names = self.noted()
        self.assertTrue(self.groups_of(names))
        self.write("go", "")
        until(lambda: self.end_of("a")[0] == "succeeded", "it is done")
        until(lambda: not self.groups_of(names), "its groups are gone")
        worker.terminate()

    def test_nothing_is_left_of_a_launcher_that_was_killed(self):
        # It wiped its mark and left its session: its group alone tells whose it is.
        self.add("a", "--cpu-quota", "1", "--shell",
                 "env -i setsid sh -c 'echo $$ >hidden; exec sleep 600' & until test -s hidden; do sleep 0.02; done; "
                 "touch began; sleep 600")
        worker = self.worker()
        until(lambda: os.path.exists(self.path("began")), "it began")
        names = self.noted()
        group = self.groups_of(names)
        self.assertTrue(group)
        launcher = int(os.path.basename(group[0]).split("-")[1])
        with open(self.path("hidden"), encoding="ascii") as file:
            hidden = int(file.read())
        self.assertTrue(is_alive(hidden))
        for pid in (worker.pid, launcher):
            os.kill(pid, signal.SIGKILL)
        worker.wait()
        self.sched("cancel", "a", code=None)
        self.work(code=None)
        until(lambda: not is_alive(hidden), "the hidden one is gone")
        until(lambda: not self.groups_of(names), "its groups are gone")


class Refused(CommandTest):
    def test_wrong_input(self):
        for words, says in ((("--cpu-quota", "0"), "no number of CPUs"), (("--cpu-quota", "much"), "no number of CPUs"),
                            (("--cpu-quota", ""), "empty"), (("--io-max", "20M"), "neither read=SIZE"),
                            (("--io-max", "read=20"), "less than 1k"), (("--io-max", ""), "empty")):
            with self.subTest(words=words):
                self.assert_refused("add", "x", *words, "--", "true", says=says)

    def test_what_can_not_be_bounded_is_not_executed(self):
        if os.getuid() != 0 or shutil.which("setpriv") is None or not is_open_to_all(SCHED):
            self.skipTest("nobody else to be here")
        os.chmod(self.directory, 0o777)
        own = self.directory + "/own"
        words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", SCHED]
        environment = dict(self.environment, SCHED_STORE=own, HOME=self.directory)
        for more in (["add", "a", "--cpu-quota", "0.5", "--io-max", "read=1M", "--shell", "touch ran"],
                     ["add", "b", "--max-rss", "1G", "--", "true"], ["run", "--until-idle"], ["show", "run-1", "--json"],
                     ["show", "b"]):
            done = subprocess.run(words + more, env=environment, cwd=self.directory, capture_output=True, text=True,
                                  check=False)
            if "run-1" in more:
                self.assertIn("no cgroup can be made for --cpu-quota 0.5 and --io-max read=1M (", done.stdout)
        self.assertIn("succeeded", done.stdout)  # It is watched in place of that.
        self.assertFalse(os.path.exists(self.path("ran")))


if __name__ == "__main__":
    main()
