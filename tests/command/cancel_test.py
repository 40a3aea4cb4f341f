#!/usr/bin/env python3
"""`sched cancel`: what waits, is queued, runs, ignores SIGTERM, or has ended."""
from support import CommandTest, main, until


class Cancel(CommandTest):
    def test_what_waits_or_is_queued_is_called_off(self):
        self.add("queued", "--", "true")
        self.add("late", "--at", "+1h", "--", "true")
        self.add("below", "--after", "queued", "--", "true")
        self.sched("cancel", "late")
        self.assertEqual(self.end_of("late"), ("cancelled", "cancelled by a person"))
        self.sched("cancel", "queued")
        self.assertEqual(self.end_of("queued")[0], "cancelled")
        self.assertEqual(self.end_of("below")[0], "skipped")
        self.assertIn("queued", self.end_of("below")[1])
        self.work()

    def test_what_runs_is_ended_with_all_its_children(self):
        self.add("a", "--shell", "sleep 600 & sleep 601; true")
        self.worker()
        until(lambda: len(self.processes("sleep")) >= 2, "it runs")
        self.assertIn("ending a (run-1)", self.sched("cancel", "a").out)
        self.sched("wait", "a", "--timeout", "20s", code=1)
        self.assertEqual(self.end_of("a"), ("cancelled", "cancelled by a person"))
        until(lambda: not self.processes("sleep"), "its children are gone")

    def test_a_command_may_tidy_up_at_sigterm(self):
        self.add("a", "--shell", "trap 'echo tidy; exit 0' TERM; echo ready; while :; do sleep 0.05; done")
        self.worker()
        until(lambda: self.logs("a") == "ready\n", "it is ready")
        self.sched("cancel", "a")
        self.sched("wait", "a", "--timeout", "20s", code=1)
        self.assertRegex(self.logs("a"), r"^ready\n(Terminated\n)?tidy\n$")
        self.assertEqual(self.end_of("a")[0], "cancelled")

    def test_what_ignores_sigterm_is_killed_after_its_grace(self):
        self.add("a", "--grace-kill", "300ms", "--shell",
                 "trap '' TERM; echo ready; while :; do sleep 0.05; done")
        self.worker()
        until(lambda: self.logs("a") == "ready\n", "it is ready")
        self.sched("cancel", "a")
        self.sched("wait", "a", "--timeout", "20s", code=1)
        attempt = self.run_of("a")["attempts"][-1]
        self.assertEqual(attempt["signal"], 9)
        self.assertEqual(self.end_of("a")[0], "cancelled")

    def test_twice_is_once(self):
        self.add("a", "--", "sleep", "600")
        self.worker()
        self.until_state("a", "running")
        self.sched("cancel", "a")
        self.sched("cancel", "a")
        self.sched("wait", "a", "--timeout", "20s", code=1)
        self.assertIn("nothing to cancel", self.sched("cancel", "a").out)
        self.assertEqual(self.run_of("a")["attempt"], 1)

    def test_a_cancelled_run_is_not_retried(self):
        self.add("a", "--retries", "5", "--backoff", "fixed:0s", "--", "sleep", "600")
        self.worker()
        self.until_state("a", "running")
        self.sched("cancel", "a")
        self.sched("wait", "a", "--timeout", "20s", code=1)
        self.assertEqual((self.end_of("a")[0], self.run_of("a")["attempt"]), ("cancelled", 1))

    def test_what_waits_for_its_retry_is_called_off(self):
        self.add("a", "--retries", "5", "--backoff", "fixed:1h", "--", "false")
        self.worker()
        until(lambda: self.run_of("a")["state"] == "waiting" and self.run_of("a")["attempt"] == 1,
              "it waits for its retry")
        self.sched("cancel", "a")
        self.assertEqual(self.end_of("a")[0], "cancelled")

    def test_without_a_worker_what_runs_is_ended_by_the_next(self):
        self.add("a", "--", "sleep", "600")
        worker = self.worker()
        self.until_state("a", "running")
        worker.kill()
        worker.wait()
        self.assertIn("no worker", self.sched("cancel", "a").err)
        self.worker()
        self.sched("wait", "a", "--timeout", "20s", code=1)
        self.assertEqual(self.end_of("a")[0], "cancelled")

    def test_a_held_run_is_called_off(self):
        self.add("a", "--", "true")
        self.sched("hold", "a")
        self.sched("cancel", "a")
        self.assertEqual(self.end_of("a")[0], "cancelled")

    def test_many_at_once_and_none_when_one_is_wrong(self):
        self.add("a", "--", "true")
        self.add("b", "--", "true")
        self.assert_refused("cancel", "a", "bb", code=3)
        self.assertEqual(self.run_of("a")["state"], "queued")
        self.sched("cancel", "a", "b")
        self.assertEqual({run["outcome"] for run in self.json("runs")}, {"cancelled"})


if __name__ == "__main__":
    main()
