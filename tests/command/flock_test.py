#!/usr/bin/env python3
"""Locks of files, beside flock(1) and whoever else locks them."""
import fcntl
import os
import signal
import subprocess

from support import SCHED, CommandTest, main, until


class FileLocks(CommandTest):
    def setUp(self):
        super().setUp()
        self.lock = self.path("x.lock")

    def hold(self, *how):
        """flock(1) with the lock, until it is told to end."""
        child = subprocess.Popen(["flock", *how, self.lock, "cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.addCleanup(child.wait)
        self.addCleanup(child.stdin.close)
        until(lambda: not self.is_free(shared=False), "flock(1) has the lock")
        return child

    def is_free(self, shared):
        with open(self.lock, "a", encoding="ascii") as file:
            try:
                fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
                return True
            except BlockingIOError:
                return False

    def obstacles(self, target):
        return {line["kind"]: line["what"] for line in self.json("explain", target)}

    def test_somebody_outside_is_waited_for_without_counting_attempts(self):
        holder = self.hold()
        self.add("a", "--flock", self.lock, "--shell", "echo \"$SCHED_ATTEMPT\"")
        self.add("b", "--", "true")
        self.worker()
        self.sched("wait", "b")
        run = self.run_of("a")
        self.assertEqual((run["state"], run["attempts"], run["attempt"]), ("queued", [], 0))
        self.assertRegex(self.obstacles("a")["file_lock"], rf"^process {holder.pid} \(flock\)")
        holder.stdin.close()
        self.sched("wait", "a")
        self.assertEqual(self.logs("a"), "1\n")
        self.assertEqual(len(self.run_of("a")["attempts"]), 1)

    def test_one_that_runs_all_that_is_due_waits_for_it_too(self):
        holder = self.hold()
        self.add("a", "--flock", self.lock, "--", "true")
        worker = self.start("run", "--until-idle", "--progress", "none")
        until(lambda: self.json("status")["workers"], "the worker is there")
        with self.assertRaises(subprocess.TimeoutExpired):
            worker.wait(timeout=1)
        holder.stdin.close()
        self.finish(worker)
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_a_paused_queue_keeps_no_worker_for_a_lock(self):
        self.hold()
        self.sched("queue", "add", "q")
        self.add("a", "--queue", "q", "--flock", self.lock, "--", "true")
        self.sched("queue", "pause", "q")
        self.work()
        self.assertIn(self.run_of("a")["state"], ("waiting", "queued"))

    def test_what_nobody_shows_is_found_out_at_the_start_and_asked_for_again(self):
        # Of a PID namespace that is not ours /proc/locks shows nothing: the launcher is told no.
        holder = self.hold()
        self.add("a", "--flock", self.lock, "--shell", "echo \"$SCHED_ATTEMPT\"")
        words = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", SCHED, "run", "--progress", "none"]
        if subprocess.run([*words[:5], "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no PID namespace can be made here")
        worker = subprocess.Popen(words, env=self.environment, cwd=self.home, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        run = until(lambda: self.given_back("a"), "it was given back")
        self.assertEqual((run["attempts"], run["attempt"]), ([], 0))
        self.assertRegex(run["reason"], r"^somebody else has the lock of .*/x\.lock; asked for again in 1s")
        holder.stdin.close()
        until(lambda: self.run_of("a")["outcome"] == "succeeded", "it has run")
        self.assertEqual(self.logs("a"), "1\n")
        self.assertEqual(len(self.run_of("a")["attempts"]), 1)

    def given_back(self, name):
        run = self.run_of(name)
        return run if run["state"] == "waiting" and run["reason"] else None

    def test_flock_waits_for_a_run_and_its_command_inherits_nothing(self):
        self.add("a", "--flock", self.lock, "--shell", "ls -l /proc/self/fd >fds; touch began; exec sleep 600")
        self.worker()
        until(lambda: os.path.exists(self.path("began")), "it began")
        self.assertFalse(self.is_free(shared=True))
        with open(self.path("fds"), encoding="utf-8") as file:
            self.assertNotIn("x.lock", file.read())
        self.sched("cancel", "a")
        self.sched("wait", "a", code=1)
        until(lambda: self.is_free(shared=False), "the lock is free")

    def test_two_runs_take_turns_and_shared_ones_go_together(self):
        for name in ("read1", "read2"):
            self.add(name, "--flock", f"shared:{self.lock}", "--", "sleep", "600")
        self.worker(slots=4)
        for name in ("read1", "read2"):
            self.until_state(name, "running")
        until(lambda: not self.is_free(shared=False), "they have it")
        self.assertTrue(self.is_free(shared=True))
        self.add("write", "--flock", self.lock, "--", "true")
        self.until_state("write", "queued")
        self.assertEqual(self.obstacles("write")["resource"], f"another run holds the lock of {self.lock}")
        self.assertNotIn("file_lock", self.obstacles("write"))
        line = next(line for line in self.json("resource", "list") if line["name"] == self.lock)
        self.assertEqual((line["kind"], line["used"], line["queued"]), ("lock", 2, 1))
        self.sched("cancel", "read1", "read2")
        self.sched("wait", "write")

    def test_a_shared_holder_outside_lets_shared_runs_by(self):
        self.hold("-s")
        self.add("read", "--flock", f"shared:{self.lock}", "--", "true")
        self.add("write", "--flock", self.lock, "--", "true")
        self.worker()
        self.sched("wait", "read")
        self.assertEqual(self.run_of("write")["state"], "queued")
        self.assertIn("file_lock", self.obstacles("write"))

    def test_a_killed_worker_leaves_the_lock_with_the_launcher(self):
        self.add("a", "--flock", self.lock, "--shell", "touch began; while ! test -e go; do sleep 0.02; done")
        worker = self.worker()
        until(lambda: os.path.exists(self.path("began")), "it began")
        worker.kill()
        worker.wait()
        self.assertFalse(self.is_free(shared=True))
        self.write("go", "")
        until(lambda: self.is_free(shared=False), "its end frees it")
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_a_killed_launcher_frees_it(self):
        self.add("a", "--flock", self.lock, "--", "sleep", "600")
        self.add("b", "--flock", self.lock, "--", "true")
        self.worker()
        self.until_started("a", "sleep")
        until(lambda: not self.is_free(shared=False), "it has the lock")
        os.kill(self.launchers()[0], signal.SIGKILL)
        self.sched("wait", "a", code=1)
        self.assertEqual(self.end_of("a")[0], "lost")
        self.sched("wait", "b")
        until(lambda: self.is_free(shared=False), "the lock is free")

    def test_what_waits_for_a_lock_can_be_cancelled(self):
        self.hold()
        self.add("a", "--flock", self.lock, "--", "true")
        self.worker()
        self.until_state("a", "queued")
        self.sched("cancel", "a")
        self.sched("wait", "a", code=1)
        self.assertEqual(self.end_of("a")[0], "cancelled")

    def test_a_file_that_cannot_be_locked_fails_with_its_reason(self):
        self.assertIn("no such directory yet", self.add("a", "--flock", "no/such/x", "--", "true").err)
        self.work(code=1)
        self.assertEqual(self.end_of("a"), ("failed", f"the lock of {self.path('no/such/x')} can't be taken: "
                                                      "No such file or directory"))

    def test_wrong_input(self):
        for words, says in ((("--flock", ""), "empty"), (("--flock", "shared:"), "no file is named"),
                            (("--flock", "a", "--flock", "shared:./a"), "twice")):
            with self.subTest(words=words):
                self.assert_refused("add", "x", *words, "--", "true", says=says)


if __name__ == "__main__":
    main()
