#!/usr/bin/env python3
"""`sched retry`: a bad end tried again, with what was skipped because of it, and what is refused."""
from support import CommandTest, main


class Retry(CommandTest):
    def test_a_failed_run_is_tried_again_as_the_same_run(self):
        self.add("a", "--shell", '[ -e mended ]')
        self.work(code=1)
        self.write("mended", "")
        self.assertIn("retrying a (run-1)", self.sched("retry", "a").out)
        self.assertEqual(self.run_of("a")["state"], "queued")
        self.work()
        run = self.run_of("a")
        self.assertEqual((run["id"], run["outcome"], run["attempt"]), (1, "succeeded", 2))
        self.assertEqual([attempt["outcome"] for attempt in run["attempts"]],
                         ["failed", "succeeded"])

    def test_its_attempts_begin_to_count_anew(self):
        self.add("a", "--retries", "1", "--backoff", "fixed:0s", "--", "false")
        self.work(code=1)
        self.assertEqual(self.run_of("a")["attempt"], 2)
        self.sched("retry", "a")
        self.work(code=1)
        self.assertEqual(self.run_of("a")["attempt"], 4)

    def test_every_bad_end_can_be_retried(self):
        self.add("slow", "--timeout", "100ms", "--", "sleep", "600")
        self.add("stopped", "--at", "+1h", "--", "true")
        self.sched("cancel", "stopped")
        self.work(code=1)
        self.sched("retry", "slow", "stopped", "--edit", "timeout=1h")
        self.assertEqual({run["state"] for run in self.json("runs")} - {"queued", "waiting"}, set())

    def test_a_run_can_be_named(self):
        self.add("a", "--", "false")
        self.work(code=1)
        self.sched("retry", "run-1")
        self.assertEqual(self.run_of("a")["outcome"], None)

    def test_without_downstream_what_was_skipped_stays_so(self):
        self.chain()
        self.write("mended", "")
        self.sched("retry", "a")
        self.work()
        self.assertEqual([self.end_of(name)[0] for name in "abc"],
                         ["succeeded", "skipped", "skipped"])

    def test_downstream_lets_all_below_wait_again(self):
        self.chain()
        self.write("mended", "")
        out = self.sched("retry", "--downstream", "a").out
        for name in "bc":
            self.assertIn(f"waits again: {name} (run-", out)
            self.assertEqual(self.run_of(name)["state"], "waiting")
        self.work()
        self.assertEqual([self.end_of(name)[0] for name in "abc"], ["succeeded"] * 3)
        self.assertEqual([run["attempt"] for run in self.json("runs", "b", "c")], [1, 1])

    def test_downstream_spares_what_has_run(self):
        self.add("a", "--shell", '[ -e mended ]')
        self.add("alarm", "--after", "a:failure", "--", "true")
        self.add("next", "--after", "a", "--", "true")
        self.work(code=1)
        self.write("mended", "")
        self.sched("retry", "--downstream", "a")
        self.work()
        self.assertEqual(self.run_of("alarm")["attempt"], 1)
        self.assertEqual(self.end_of("alarm")[0], "succeeded")
        self.assertEqual(self.end_of("next")[0], "succeeded")

    def test_edit_changes_fields_first(self):
        self.add("a", "--env", "WORD=bad", "--shell", '[ "$WORD" = good ]')
        self.work(code=1)
        self.sched("retry", "a", "--edit", "env=WORD=good", "--edit", "timeout=2h",
                   "--edit", "tag=x", "--edit", "tag=y")
        task = self.json("show", "a")
        self.assertEqual((task["timeout_ms"], sorted(task["tags"])), (7_200_000, ["x", "y"]))
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_a_wrong_edit_is_refused_and_nothing_is_retried(self):
        self.add("a", "--", "false")
        self.work(code=1)
        before = self.snapshot()
        self.assert_refused("retry", "a", "--edit", "timout=2h", hint="did you mean 'timeout'?")
        self.assert_refused("retry", "a", "--edit", "timeout")
        self.assert_refused("retry", "a", "--edit", "timeout=soon", says="timeout")
        self.assert_refused("retry", "a", "--edit", "retries=-1", says="retries")
        self.assert_refused("retry", "a", "--edit", "after=a", says="after itself")
        self.assertEqual(self.snapshot(), before)

    def test_what_succeeded_is_refused_with_the_way_to_run_it_anew(self):
        self.add("a", "--", "true")
        self.work()
        before = self.snapshot()
        self.assert_refused("retry", "a", says="succeeded", hint="sched start a")
        self.assertEqual(self.snapshot(), before)

    def test_what_runs_waits_or_is_queued_is_refused(self):
        self.add("waits", "--at", "+1h", "--", "true")
        self.assert_refused("retry", "waits", says="waiting")
        self.add("runs", "--", "sleep", "600")
        self.worker()
        self.until_state("runs", "running")
        self.assert_refused("retry", "runs", says="running", hint="sched cancel")
        self.assertEqual(self.run_of("runs")["attempt"], 1)

    def test_what_would_only_be_skipped_again_is_refused_with_the_way_out(self):
        self.chain()
        before = self.snapshot()
        self.assert_refused("retry", "b", says="skipped again", hint="--downstream")
        self.assertEqual(self.snapshot(), before)

    def test_many_are_retried_all_or_none(self):
        self.add("a", "--", "false")
        self.add("b", "--", "false")
        self.add("c", "--", "true")
        self.work(code=1)
        before = self.snapshot()
        self.assert_refused("retry", "a", "b", "c", says="c (run-3)")
        self.assert_refused("retry", "a", "bb", code=3)
        self.assertEqual(self.snapshot(), before)
        self.sched("retry", "a", "b")
        self.assertEqual([run["outcome"] for run in self.json("runs", "a", "b")], [None, None])

    def test_a_task_without_a_run_is_refused(self):
        self.add("a", "--manual", "--", "true")
        self.assert_refused("retry", "a", code=None)
        self.assert_refused("retry")

    def test_a_worker_at_work_hears_of_it(self):
        self.add("a", "--shell", '[ -e mended ]')
        self.worker()
        self.sched("wait", "a", code=1)
        self.write("mended", "")
        self.sched("retry", "a")
        self.sched("wait", "a", "--timeout", "20s")

    def chain(self):
        self.add("a", "--shell", '[ -e mended ]')
        self.add("b", "--after", "a", "--", "true")
        self.add("c", "--after", "b", "--", "true")
        self.work(code=1)


if __name__ == "__main__":
    main()
