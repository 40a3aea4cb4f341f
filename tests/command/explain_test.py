#!/usr/bin/env python3
"""`sched explain`: every obstacle is named, and the remedy that it tells removes it."""
import re

from support import CommandTest, main, until


class Explain(CommandTest):
    def obstacles(self, target):
        return {each["kind"]: each for each in self.json("explain", target)}

    def remedy(self, target, kind):
        """The command that removes the obstacle, as its words."""
        text = self.obstacles(target)[kind]["remove"]
        return re.search(r"sched ([a-z]+(?: [^ ;,]+)*)", text).group(1).split()

    def test_no_worker(self):
        self.add("a", "--", "true")
        self.assertEqual(self.obstacles("a")["no_worker"]["remove"], "sched run")
        self.worker()
        self.sched("wait", "a", "--timeout", "20s")

    def test_held(self):
        self.add("a", "--", "true")
        self.sched("hold", "a")
        self.assertIn("holds it", self.obstacles("a")["held"]["what"])
        self.sched(*self.remedy("a", "held"))
        self.assertNotIn("held", self.obstacles("a"))

    def test_paused(self):
        self.add("a", "--", "true")
        self.sched("pause", "a")
        self.assertEqual(set(self.obstacles("a")), {"paused", "no_worker"})
        self.sched(*self.remedy("a", "paused"))
        self.assertEqual(set(self.obstacles("a")), {"no_worker"})

    def test_its_moment(self):
        self.add("a", "--at", "+1h", "--", "true")
        told = self.obstacles("a")["moment"]
        self.assertRegex(told["what"], r"in (59m|1h)")
        self.assertIn("sched start a ", told["remove"])
        self.sched("start", "a")
        self.work()
        self.assertEqual(self.run_of("a")["outcome"], "succeeded")

    def test_its_retry(self):
        self.add("a", "--retries", "3", "--backoff", "fixed:1h", "--", "false")
        self.worker()
        until(lambda: self.run_of("a")["state"] == "waiting" and self.run_of("a")["attempt"] == 1,
              "it waits for its retry")
        self.assertIn("attempt 2 of 4", self.obstacles("a")["retry"]["what"])
        self.sched(*self.remedy("a", "retry"))

    def test_an_upstream_that_waits_is_held_or_is_paused(self):
        self.add("a", "--at", "+1h", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        self.assertIn("a:success", self.obstacles("b")["upstream"]["what"])
        self.assertIn("moment", self.sched(*self.remedy("b", "upstream")).out)
        self.sched("hold", "a")
        self.assertIn("is held", self.obstacles("b")["upstream"]["what"])
        self.sched(*self.remedy("b", "upstream"))
        self.sched("pause", "a")
        self.assertIn("paused", self.obstacles("b")["upstream"]["what"])
        self.sched(*self.remedy("b", "upstream"))
        self.assertNotIn("paused", self.obstacles("b")["upstream"]["what"])

    def test_an_upstream_that_runs(self):
        self.add("a", "--", "sleep", "600")
        self.add("b", "--after", "a", "--", "true")
        self.worker()
        self.until_state("a", "running")
        self.assertIn("is running", self.obstacles("b")["upstream"]["what"])
        self.assertEqual(self.remedy("b", "upstream"), ["logs", "-f", "a"])

    def test_the_first_of_a_chain_is_named(self):
        self.add("a", "--at", "+1h", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        self.add("c", "--after", "b", "--", "true")
        told = self.obstacles("c")["upstream"]
        self.assertIn("first of all for a", told["what"])
        self.assertEqual(told["remove"], "sched explain a")

    def test_an_upstream_that_has_refused(self):
        self.add("a", "--shell", "[ -e mended ] || exit 3")
        self.add("b", "--after", "a", "--", "true")
        self.work(code=1)
        told = self.obstacles("b")["finished"]
        self.assertIn("was skipped", told["what"])
        self.assertIn("a failed", told["what"])
        self.write("mended", "")
        self.sched(*self.remedy("b", "finished"))
        self.work()
        self.assertEqual(self.end_of("b")[0], "succeeded")

    def test_an_upstream_that_succeeded_where_failure_was_asked_for(self):
        self.add("a", "--", "true")
        self.add("b", "--after", "a:failure", "--", "true")
        self.work()
        self.assertIn("was skipped", self.obstacles("b")["finished"]["what"])
        self.sched(*self.remedy("b", "finished"))

    def test_one_of_many_refused_while_another_is_open(self):
        self.add("bad", "--", "sh", "-c", "exit 4")
        self.add("late", "--at", "+1h", "--", "true")
        self.add("b", "--after", "bad", "--after", "late", "--join", "any", "--", "true")
        self.work(code=1)
        told = self.obstacles("b")
        self.assertIn("exit 4", told["upstream_refused"]["what"])
        self.assertIn("late", told["upstream"]["what"])
        self.sched(*self.remedy("b", "upstream_refused"))

    def test_no_run_yet(self):
        self.add("a", "--manual", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        self.assertIn("no run yet", self.obstacles("a")["no_run"]["what"])
        self.assertEqual(self.remedy("b", "no_run"), ["start", "a"])
        self.sched(*self.remedy("a", "no_run"))
        self.assertNotIn("no_run", self.obstacles("a"))
        self.assertNotIn("no_run", self.obstacles("b"))

    def test_no_slot(self):
        self.add("a", "--", "sleep", "600")
        self.worker(slots=1)
        self.until_state("a", "running")
        self.add("b", "--", "true")
        self.add("c", "--", "true")
        self.assertIn("1 queued run", self.obstacles("c")["slots"]["what"])
        self.assertIn("--priority", self.obstacles("c")["slots"]["remove"])
        self.sched("edit", "c", "--priority", "5")
        self.assertIn("it is the next of its queue", self.obstacles("c")["slots"]["what"])

    def test_what_runs_and_what_is_being_cancelled(self):
        self.add("a", "--shell", "trap '' TERM; echo ready; while :; do sleep 0.05; done")
        self.worker()
        until(lambda: self.logs("a") == "ready\n", "it is ready")
        self.assertIn("attempt 1 has been running", self.obstacles("a")["running"]["what"])
        self.sched("cancel", "a")
        self.assertIn("is being cancelled", self.obstacles("a")["running"]["what"])

    def test_what_has_ended(self):
        self.add("good", "--", "true")
        self.add("bad", "--", "sh", "-c", "exit 4")
        self.work(code=1)
        self.assertEqual(self.obstacles("good")["finished"]["what"], "it succeeded")
        self.assertIn("exit 4", self.obstacles("bad")["finished"]["what"])
        for name in ("good", "bad"):
            self.sched(*self.remedy(name, "finished"))
            self.assertEqual(self.run_of(name)["state"], "queued")

    def test_each_is_a_line_with_its_remedy_below(self):
        self.add("a", "--at", "+1h", "--", "true")
        self.sched("pause", "a")
        lines = self.sched("explain", "a").out.splitlines()
        self.assertEqual(lines[0], "a, run-1: waiting")
        self.assertEqual(len([line for line in lines if line.startswith("  - ")]), 3)
        self.assertIn("      sched resume a", lines)

    def test_what_is_not_there_is_refused(self):
        self.add("alpha", "--", "true")
        self.assert_refused("explain", "alpah", code=3, hint="did you mean 'alpha'?")
        self.assert_refused("explain", "run-9", code=3)
        self.assert_refused("explain")


if __name__ == "__main__":
    main()
