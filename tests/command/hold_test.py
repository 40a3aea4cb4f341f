#!/usr/bin/env python3
"""`sched hold`, `release`, `pause` and `resume`: what a person stops, and lets go again."""
from support import CommandTest, main, until


class Hold(CommandTest):
    def test_what_is_held_does_not_start_until_it_is_released(self):
        self.add("a", "--", "true")
        self.assertIn("held a (run-1)", self.sched("hold", "a").out)
        self.work()
        self.assertEqual(self.run_of("a")["state"], "held")
        self.assertIn("released a (run-1)", self.sched("release", "a").out)
        self.assertEqual(self.run_of("a")["state"], "queued")
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_what_waits_is_held_and_waits_again_after(self):
        self.add("a", "--at", "+1h", "--", "true")
        due = self.run_of("a")["due_at"]
        self.sched("hold", "a")
        self.sched("release", "a")
        run = self.run_of("a")
        self.assertEqual((run["state"], run["due_at"]), ("waiting", due))

    def test_what_is_below_waits_for_it(self):
        self.add("a", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        self.sched("hold", "a")
        self.work()
        self.assertEqual(self.run_of("b")["state"], "waiting")
        self.sched("release", "a")
        self.work()
        self.assertEqual(self.end_of("b")[0], "succeeded")

    def test_an_upstream_that_ends_does_not_move_what_is_held(self):
        self.add("a", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        self.sched("hold", "b")
        self.work()
        self.assertEqual(self.run_of("b")["state"], "held")
        self.sched("release", "b")
        self.work()
        self.assertEqual(self.end_of("b")[0], "succeeded")

    def test_released_it_is_skipped_when_its_upstream_refused_meanwhile(self):
        self.add("a", "--", "false")
        self.add("b", "--after", "a", "--", "true")
        self.sched("hold", "b")
        self.work(code=1)
        self.sched("release", "b")
        self.assertEqual(self.end_of("b")[0], "skipped")

    def test_what_waits_for_its_retry_can_be_held(self):
        self.add("a", "--retries", "3", "--backoff", "fixed:1h", "--", "false")
        self.worker()
        until(lambda: self.run_of("a")["state"] == "waiting" and self.run_of("a")["attempt"] == 1,
              "it waits for its retry")
        self.sched("hold", "a")
        self.assertEqual(self.run_of("a")["state"], "held")

    def test_what_runs_or_has_ended_is_not_held_and_that_is_said(self):
        self.add("a", "--", "sleep", "600")
        self.add("b", "--", "true")
        self.worker()
        self.until_state("a", "running")
        self.until_state("b", "finished")
        for name in "ab":
            self.assertIn("nothing waits", self.sched("hold", name).out)
            self.assertIn("nothing is held", self.sched("release", name).out)
        self.assertEqual(self.run_of("a")["state"], "running")

    def test_twice_is_once(self):
        self.add("a", "--", "true")
        self.sched("hold", "a")
        self.sched("hold", "a")
        self.assertEqual(self.run_of("a")["state"], "held")
        self.sched("release", "a")
        self.sched("release", "a")
        self.assertEqual(self.run_of("a")["state"], "queued")

    def test_one_run_of_a_task_can_be_held_alone(self):
        self.add("a", "--manual", "--", "true")
        self.sched("start", "a")
        self.sched("start", "a")
        self.sched("hold", "run-1")
        self.work()
        self.assertEqual({run["id"]: run["state"] for run in self.json("runs")},
                         {1: "held", 2: "finished"})

    def test_many_or_none(self):
        self.add("alpha", "--", "true")
        self.add("beta", "--", "true")
        for command in ("hold", "release"):
            self.assert_refused(command, "alpha", "bea", code=3, hint="did you mean 'beta'?")
            self.assert_refused(command)
        self.assertEqual(self.run_of("alpha")["state"], "queued")
        self.sched("hold", "alpha", "beta")
        self.assertEqual({run["state"] for run in self.json("runs")}, {"held"})

    def test_a_worker_at_work_hears_of_a_release(self):
        self.add("a", "--", "true")
        self.sched("hold", "a")
        self.worker()
        self.sched("release", "a")
        self.sched("wait", "a", "--timeout", "20s")


class Pause(CommandTest):
    def test_a_paused_task_starts_nothing_until_it_is_resumed(self):
        self.add("a", "--", "true")
        self.assertEqual(self.sched("pause", "a").out, "paused a\n")
        self.work()
        self.assertEqual(self.run_of("a")["state"], "waiting")
        self.assertTrue(self.json("show", "a")["paused"])
        self.assertEqual(self.sched("resume", "a").out, "resumed a\n")
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_what_runs_goes_on(self):
        self.add("a", "--shell", "until [ -e go ]; do sleep 0.02; done")
        self.worker()
        self.until_state("a", "running")
        self.sched("pause", "a")
        self.write("go", "")
        self.sched("wait", "a", "--timeout", "20s")

    def test_a_retry_waits_for_the_resume(self):
        self.add("a", "--retries", "1", "--backoff", "fixed:0s", "--shell",
                 'until [ -e go ]; do sleep 0.02; done; [ "$SCHED_ATTEMPT" = 2 ]')
        worker = self.worker()
        self.until_state("a", "running")
        self.sched("pause", "a")
        self.write("go", "")
        self.until_state("a", "waiting")
        worker.terminate()
        worker.wait(timeout=20)
        self.work()
        self.assertEqual(self.run_of("a")["attempt"], 1)
        self.sched("resume", "a")
        self.work()
        self.assertEqual(self.run_of("a")["attempt"], 2)

    def test_every_run_of_the_task_is_meant_and_no_other(self):
        self.add("a", "--manual", "--", "true")
        self.sched("pause", "a")
        self.sched("start", "a")
        self.sched("start", "a")
        self.add("b", "--", "true")
        self.work()
        self.assertEqual({run["task"]: run["state"] for run in self.json("runs")},
                         {"a": "waiting", "b": "finished"})

    def test_what_is_not_there_is_refused(self):
        self.add("alpha", "--", "true")
        for command in ("pause", "resume"):
            self.assert_refused(command, "alpha", "alpah", code=3, hint="did you mean 'alpha'?")
            self.assert_refused(command)
        self.assertFalse(self.json("show", "alpha")["paused"])

    def test_a_worker_at_work_hears_of_a_resume(self):
        self.add("a", "--", "true")
        self.sched("pause", "a")
        self.worker()
        self.sched("resume", "a")
        self.sched("wait", "a", "--timeout", "20s")


if __name__ == "__main__":
    main()
