#!/usr/bin/env python3
"""Limits of all processes of an attempt together: watched, ended, and given more at the next try."""
import os
import sys

from support import CommandTest, main, until

EAT = "import sys, time\nx = bytearray(int(sys.argv[1]) << 20)\ntime.sleep(600)"
BURN = "while True: pass"


class Watched(CommandTest):
    def eat(self, megabytes):
        return f"{sys.executable} -c '{EAT}' {megabytes}"

    def until_gone(self):
        until(lambda: not self.processes("bytearray") and not self.processes("while True"), "nothing of it is left")

    def test_memory_of_a_tree_is_that_of_all_its_processes(self):
        # No process of it has 150M by itself, and some have left the group.
        self.add("a", "--max-rss", "150M", "--timeout", "60s", "--grace-kill", "300ms", "--shell",
                 f"trap '' TERM; {self.eat(60)} & setsid {self.eat(60)} & (setsid {self.eat(60)} &); wait; sleep 600")
        self.work(code=1)
        outcome, reason = self.end_of("a")
        self.assertEqual(outcome, "failed")
        self.assertRegex(reason, r"^memory limit of 150M reached \(\d{3}(\.\d)?M(, held by the kernel| in [4-9] processes)\)$")
        self.assertEqual(self.run_of("a")["attempts"][-1]["cause"], "rss_limit")
        self.until_gone()

    def test_a_command_that_ends_well_at_sigterm_has_failed_all_the_same(self):
        self.add("a", "--max-rss", "50M", "--timeout", "60s", "--shell",
                 f"trap 'exit 0' TERM; {self.eat(80)} & wait")
        self.work(code=1)
        self.assertEqual(self.end_of("a")[0], "failed")
        self.assertIn("memory limit of 50M reached", self.end_of("a")[1])
        self.until_gone()

    def test_cpu_time_of_a_tree(self):
        burn = f"{sys.executable} -c '{BURN}'"
        self.add("a", "--max-cpu-time", "1s", "--timeout", "60s", "--shell", f"{burn} & setsid {burn} & wait")
        self.work(code=1)
        outcome, reason = self.end_of("a")
        self.assertEqual(outcome, "failed")
        self.assertRegex(reason, r"^cpu time limit of 1s reached \([0-9.ms]+ in 3 processes\)$")
        self.assertEqual(self.run_of("a")["attempts"][-1]["cause"], "cpu_time_limit")
        self.until_gone()

    def test_what_stays_below_is_left_alone(self):
        self.add("a", "--max-rss", "1G", "--max-cpu-time", "1h", "--shell", "sleep 0.5; echo done")
        self.work()
        self.assertEqual(self.logs("a"), "done\n")

    def test_the_launcher_watches_without_its_worker(self):
        self.add("a", "--max-rss", "50M", "--shell", f"touch began; while ! test -e go; do sleep 0.02; done; {self.eat(80)}")
        worker = self.worker()
        until(lambda: os.path.exists(self.path("began")), "it began")
        worker.kill()
        worker.wait()
        self.write("go", "")
        self.until_gone_after_start()
        self.work(code=1)
        self.assertIn("memory limit of 50M reached", self.end_of("a")[1])

    def until_gone_after_start(self):
        until(lambda: self.processes("bytearray"), "it eats")
        self.until_gone()


class Growth(CommandTest):
    def test_the_next_attempt_gets_more_and_is_enough(self):
        self.add("a", "--max-rss", "60M", "--memory-retry", "x2..1G", "--retries", "3", "--backoff", "fixed:0s",
                 "--retry-on", "memory", "--timeout", "60s", "--", sys.executable, "-c",
                 "import time; x = bytearray(90 << 20); time.sleep(2.5)")
        self.work()
        run = self.run_of("a")
        self.assertEqual((run["outcome"], len(run["attempts"])), ("succeeded", 2))
        self.assertRegex(run["attempts"][0]["reason"],
                         r"^memory limit of 60M reached \(.*\); next attempt gets 120M$")
        self.assertEqual(self.json("show", "a")["max_rss_bytes"], 60 << 20)
        self.assertRegex(self.sched("show", "a").out, r"Memory grows +x2 after an attempt")

    def test_the_limit_of_each_process_grows_too_up_to_the_cap(self):
        self.add("a", "--limit", "memory=200M", "--memory-retry", "x1.5..400M", "--retries", "3", "--backoff",
                 "fixed:0s", "--shell", "ulimit -v; exec python3 -c 'x = bytearray(3 << 30)'")
        self.work(code=1)
        run = self.run_of("a")
        self.assertEqual([self.logs(f"run-{run['id']}", "--attempt", str(n)).split("\n")[0] for n in (1, 2, 3, 4)],
                         [str(m << 10) for m in (200, 300, 400, 400)])
        reasons = [attempt["reason"] for attempt in run["attempts"]]
        self.assertTrue(reasons[0].endswith("next attempt gets 300M"), reasons)
        self.assertTrue(reasons[1].endswith("next attempt gets 400M"), reasons)
        self.assertNotIn("next attempt gets", reasons[2])
        self.assertIn("memory limit of 400M reached", run["reason"])

    def test_what_ended_of_something_else_gets_no_more(self):
        self.add("a", "--limit", "memory=300M", "--memory-retry", "x2..1G", "--retries", "1", "--backoff", "fixed:0s",
                 "--shell", "ulimit -v; exit 3")
        self.work(code=1)
        self.assertEqual(self.logs(f"run-{self.run_of('a')['id']}"), f"{300 << 10}\n")

    def test_after_a_retry_by_hand_it_begins_with_what_the_task_says(self):
        self.add("a", "--limit", "memory=200M", "--memory-retry", "x2..400M", "--retries", "1", "--backoff",
                 "fixed:0s", "--shell", "ulimit -v; exec python3 -c 'x = bytearray(3 << 30)'")
        self.work(code=1)
        self.sched("retry", "a")
        self.work(code=1)
        run = self.run_of("a")
        self.assertEqual([self.logs(f"run-{run['id']}", "--attempt", str(n)).split("\n")[0] for n in (1, 2, 3, 4)],
                         [str(m << 10) for m in (200, 400, 200, 400)])

    def test_wrong_input_and_what_has_no_effect(self):
        for words, says in ((("--max-rss", "10"), "less than 1M"), (("--max-rss", "big"), "no size"),
                            (("--max-cpu-time", "0s"), "no command can be done"), (("--max-cpu-time", "5"), "unit"),
                            (("--memory-retry", "x0.5..1G"), "no factor"), (("--memory-retry", "2"), "how memory grows"),
                            (("--retry-on", "memry"), "no exit code")):
            with self.subTest(words=words):
                self.assert_refused("add", "x", *words, "--", "true", says=says)
        self.assertIn("without --max-rss", self.add("a", "--retries", "1", "--memory-retry", "x2..1G", "--", "true").err)
        self.assertIn("without --retries", self.add("b", "--max-rss", "1M", "--memory-retry", "x2..1G", "--", "true").err)


if __name__ == "__main__":
    main()
