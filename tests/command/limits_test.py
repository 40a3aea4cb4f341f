#!/usr/bin/env python3
"""Limits and ends: each limit names itself, and a tree that ignores SIGTERM leaves nothing."""
import os
import time

from support import CommandTest, main, until

STUBBORN = r"""
trap '' TERM
sh -c 'trap "" TERM; while :; do sleep 0.05; done' &
setsid sh -c 'trap "" TERM; while :; do sleep 0.05; done' &
echo ready
while :; do sleep 0.05; done
"""


class Limits(CommandTest):
    def reason(self, *words):
        self.add("a", *words)
        self.work(code=1)
        return self.end_of("a")

    def test_cpu(self):
        outcome, reason = self.reason("--limit", "cpu=1s", "--shell", "while :; do :; done")
        self.assertEqual(outcome, "failed")
        self.assertIn("cpu limit of 1s reached", reason)
        attempt = self.run_of("a")["attempts"][-1]
        self.assertGreaterEqual(attempt["user_ms"] + attempt["system_ms"], 800)
        self.assertEqual(attempt["cause"], "cpu_limit")

    def test_cpu_of_a_child_and_of_what_will_not_hear(self):
        # SIGXCPU goes by unheard; five seconds later the hard limit ends it.
        self.add("child", "--limit", "cpu=1s", "--shell", "sh -c 'while :; do :; done'; exit $?")
        self.add("deaf", "--limit", "cpu=1s", "--shell", "trap '' XCPU; while :; do :; done")
        self.work(code=1)
        for name in ("child", "deaf"):
            self.assertIn("cpu limit of 1s reached", self.end_of(name)[1])
        self.assertEqual(self.run_of("deaf")["attempts"][-1]["signal"], 9)

    def test_memory(self):
        outcome, reason = self.reason("--limit", "memory=200M", "--", "python3", "-c",
                                      "x = b'x' * (1 << 30)")
        self.assertEqual(outcome, "failed")
        self.assertIn("memory limit of 200M reached", reason)

    def test_memory_of_a_shell(self):
        reason = self.reason("--limit", "memory=30M", "--shell",
                             'x=xxxxxxxxxxxxxxxx; while :; do x="$x$x"; done')[1]
        self.assertIn("memory limit of 30M reached", reason)

    def test_file_size(self):
        outcome, reason = self.reason("--limit", "file-size=1M", "--", "dd", "if=/dev/zero",
                                      "of=big", "bs=64k", "count=100")
        self.assertEqual(outcome, "failed")
        self.assertIn("file-size limit of 1M reached", reason)
        self.assertEqual(os.path.getsize(self.path("big")), 1 << 20)

    def test_file_size_below_a_shell(self):
        reason = self.reason("--limit", "file-size=1M", "--shell",
                             "head -c 5000000 /dev/zero > big || exit $?")[1]
        self.assertIn("file-size limit of 1M reached", reason)

    def test_the_log_is_not_bound_by_file_size(self):
        self.add("a", "--limit", "file-size=1k", "--", "head", "-c", "100000", "/dev/zero")
        self.work()
        self.assertEqual(len(self.sched("logs", "a").raw_out), 100_000)

    def test_open_files(self):
        reason = self.reason("--limit", "open-files=20", "--", "python3", "-c",
                             "keep = [open('/dev/null') for _ in range(100)]")[1]
        self.assertIn("open-files limit of 20 reached", reason)

    def test_no_core_is_left(self):
        self.assertEqual(self.reason("--limit", "core=0", "--shell", "ulimit -c; kill -SEGV $$"),
                         ("failed", "signal 11 (SIGSEGV)"))
        self.assertEqual(self.logs("a"), "0\n")

    def test_limits_reach_the_command_as_they_were_given(self):
        self.add("a", "--limit", "cpu=60s,memory=2G,file-size=1G,open-files=64,processes=500,core=0",
                 "--shell", "cat /proc/self/limits")
        self.work()
        limits = self.logs("a")
        for line in (r"Max cpu time +60 +65 ", r"Max file size +1073741824 +1073741824 ",
                     r"Max address space +2147483648 +2147483648 ", r"Max open files +64 +64 ",
                     r"Max processes +500 +500 ", r"Max core file size +0 +0 "):
            self.assertRegex(limits, line)

    def test_a_failure_of_another_kind_does_not_blame_a_limit(self):
        self.assertEqual(self.reason("--limit", "cpu=60s,memory=2G,file-size=1G,open-files=500",
                                     "--shell", "exit 3"), ("failed", "exit 3"))

    def test_every_limit_that_is_reached_can_be_retried(self):
        self.add("a", "--limit", "file-size=1k", "--retries", "1", "--backoff", "fixed:0s",
                 "--retry-on", "signal", "--", "dd", "if=/dev/zero", "of=big", "bs=4k", "count=9")
        self.work(code=1)
        self.assertEqual(self.run_of("a")["attempt"], 2)


class Ends(CommandTest):
    def marked(self):
        """All that has the mark of the task in its environment, and still runs."""
        return [pid for pid in self.processes() if self.has_mark(pid)]

    def has_mark(self, pid):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                return b"MARK=of-this-test" in file.read()
        except OSError:
            return False

    def ended(self, *words, bound, says):
        """Runs a tree that ignores SIGTERM; the bound holds from the start of its attempt."""
        self.add("a", "--env", "MARK=of-this-test", *words, "--shell", STUBBORN)
        self.work(code=1)
        outcome, reason = self.end_of("a")
        self.assertEqual(outcome, "timed_out")
        self.assertIn(says, reason)
        attempt = self.run_of("a")["attempts"][-1]
        self.assertEqual(attempt["signal"], 9)
        self.assertLess(attempt["elapsed_ms"], bound * 1000)
        self.assertEqual(self.logs("a"), "ready\n")
        self.assertEqual(self.marked(), [])

    def test_timeout_and_grace_end_a_tree_that_ignores_sigterm(self):
        self.ended("--timeout", "500ms", "--grace-kill", "500ms", bound=2,
                   says="time limit of 500ms reached")

    def test_no_grace_kills_at_once(self):
        self.ended("--timeout", "300ms", "--grace-kill", "0s", bound=1.3,
                   says="time limit of 300ms reached")

    def test_idle_timeout_ends_what_writes_nothing(self):
        self.ended("--idle-timeout", "500ms", "--grace-kill", "300ms", bound=1.8,
                   says="no output for 500ms")

    def test_idle_timeout_spares_what_writes(self):
        self.add("a", "--idle-timeout", "1s", "--shell",
                 "for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.2; done")
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_a_command_that_ends_at_sigterm_has_timed_out_all_the_same(self):
        began = time.monotonic()
        self.add("a", "--timeout", "300ms", "--grace-kill", "60s", "--shell",
                 "trap 'exit 0' TERM; while :; do sleep 0.05; done")
        self.work(code=1)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(self.end_of("a"), ("timed_out", "time limit of 300ms reached"))

    def test_what_a_good_end_leaves_behind_in_its_group_is_ended_too(self):
        self.add("a", "--env", "MARK=of-this-test", "--shell", "sleep 600 >/dev/null 2>&1 & exit 0")
        self.work()
        until(lambda: not self.marked(), "nothing of it is left")

    def test_a_timeout_is_for_each_attempt(self):
        self.add("a", "--timeout", "300ms", "--retries", "1", "--backoff", "fixed:0s", "--",
                 "sleep", "600")
        self.work(code=1)
        self.assertEqual([attempt["reason"] for attempt in self.run_of("a")["attempts"]],
                         ["time limit of 300ms reached"] * 2)

    def test_a_stopped_command_is_ended_too(self):
        self.add("a", "--timeout", "300ms", "--grace-kill", "300ms", "--shell", "kill -STOP $$")
        self.work(code=1)
        self.assertEqual(self.end_of("a")[0], "timed_out")


if __name__ == "__main__":
    main()
