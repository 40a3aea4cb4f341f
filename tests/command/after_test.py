#!/usr/bin/env python3
"""Dependencies: every condition, every join, cycles."""
import json

from support import CommandTest, main

OUTCOMES = {"good": "true", "bad": "exit 3", "slow": "sleep 600"}


class Conditions(CommandTest):
    def setUp(self):
        super().setUp()
        self.add("good", "--", "true")
        self.add("bad", "--shell", "exit 3")
        self.add("killed", "--shell", "kill -9 $$")
        self.add("late", "--timeout", "100ms", "--grace-kill", "1s", "--", "sleep", "600")
        self.add("skipped", "--after", "bad", "--", "true")

    def test_each_condition_takes_the_ends_that_it_names(self):
        table = {
            "good": "success done exit=0", "bad": "failure done exit=3 exit=1-5 exit=7,3",
            "killed": "failure done", "late": "failure done", "skipped": "skipped done"}
        conditions = ("success failure done skipped exit=0 exit=3 exit=1-5 exit=7,3 exit=4").split()
        tasks = [{"name": f"{up}-{condition.replace('=', '_').replace(',', '.')}",
                  "after": [f"{up}:{condition}"], "command": ["true"]}
                 for up in table for condition in conditions]
        self.add("--from", "-", stdin="\n".join(json.dumps(task) for task in tasks))
        self.work(code=1)
        ends = {run["task"]: run["outcome"] for run in self.json("runs")}
        for task in tasks:
            up, condition = task["after"][0].split(":")
            wanted = "succeeded" if condition in table[up].split() else "skipped"
            self.assertEqual(ends[task["name"]], wanted, task["name"])

    def test_success_is_what_is_meant_when_nothing_is_said(self):
        self.add("a", "--after", "good", "--", "true")
        self.add("b", "--after", "bad", "--", "true")
        self.work(code=1)
        self.assertEqual(self.end_of("a")[0], "succeeded")
        self.assertEqual(self.end_of("b")[0], "skipped")
        self.assertIn("bad", self.end_of("b")[1])

    def test_joins_count_what_holds(self):
        edges = ["--after", "good", "--after", "bad", "--after", "killed:failure"]
        for name, join, wanted in (("all", "all", "skipped"), ("any", "any", "succeeded"),
                                   ("two", "2", "succeeded"), ("three", "3", "skipped")):
            self.add(name, *edges, "--join", join, "--", "true")
        self.work(code=1)
        for name, wanted in (("all", "skipped"), ("any", "succeeded"), ("two", "succeeded"),
                             ("three", "skipped")):
            self.assertEqual(self.end_of(name)[0], wanted, name)

    def test_an_end_that_is_there_counts_at_once(self):
        self.work(code=1)
        self.add("now", "--after", "good", "--", "true")
        self.add("never", "--after", "bad", "--", "true")
        self.assertEqual(self.end_of("never")[0], "skipped")
        self.work()
        self.assertEqual(self.end_of("now")[0], "succeeded")


class Joins(CommandTest):
    def test_any_starts_while_the_others_still_run(self):
        self.add("quick", "--", "true")
        self.add("slow", "--", "sleep", "600")
        self.add("first", "--after", "quick", "--after", "slow", "--join", "any", "--", "true")
        self.worker(slots=3)
        self.sched("wait", "first")
        self.assertEqual(self.run_of("slow")["state"], "running")

    def test_a_join_that_can_no_longer_hold_ends_at_once_and_says_which_edge(self):
        self.add("bad", "--", "false")
        self.add("slow", "--", "sleep", "600")
        self.add("all", "--after", "bad", "--after", "slow", "--", "true")
        self.worker(slots=3)
        self.sched("wait", "all", code=1)
        outcome, reason = self.end_of("all")
        self.assertEqual(outcome, "skipped")
        self.assertIn("bad", reason)

    def test_a_pipeline_with_fork_and_join_runs_in_order(self):
        for name, after in (("a", ()), ("b", ("a",)), ("c", ("a",)), ("d", ("b", "c"))):
            self.add(name, *[word for up in after for word in ("--after", up)], "--shell",
                     f"echo {name} >> order")
        self.work()
        order = self.until_file("order").split()
        self.assertEqual((order[0], order[3], sorted(order[1:3])), ("a", "d", ["b", "c"]))


class Refusals(CommandTest):
    def test_a_cycle_is_named_in_full_and_nothing_changes(self):
        self.add("a", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        self.add("c", "--after", "b:done", "--", "true")
        before = self.snapshot()
        self.assert_refused("edit", "a", "--after", "c", says="a after c after b after a")
        self.assert_refused("edit", "a", "--after", "a", says="itself")
        self.assert_refused("add", "a", "--if-exists", "replace", "--after", "c", "--", "true",
                            says="a after c after b after a")
        self.assertEqual(self.snapshot(), before)

    def test_a_task_that_is_not_there_is_refused_with_the_nearest_name(self):
        self.add("backup", "--", "true")
        self.assert_refused("add", "x", "--after", "bakcup", "--", "true", code=3,
                            says="'bakcup'", hint="did you mean 'backup'?")
        self.assert_refused("add", "x", "--after", "bakcup:done", "--", "true", code=3,
                            hint="did you mean 'backup'?")

    def test_a_condition_that_is_none_is_named_as_such(self):
        self.add("a", "--", "true")
        self.assert_refused("add", "x", "--after", "a:sucess", "--", "true", code=(2),
                            says="sucess", hint="success")
        self.assert_refused("add", "x", "--after", "a:exit=", "--", "true")
        self.assert_refused("add", "x", "--after", "a:exit=5-2", "--", "true")
        self.assert_refused("add", "x", "--after", "a:exit=300", "--", "true")

    def test_a_join_that_can_never_hold_is_refused(self):
        self.add("a", "--", "true")
        for join in ("2", "0", "-1", "most"):
            self.assert_refused("add", "x", "--after", "a", "--join", join, "--", "true")

    def test_after_and_at_hold_both(self):
        self.add("a", "--", "true")
        self.add("b", "--after", "a", "--at", "+1h", "--", "true")
        self.work()
        self.assertEqual(self.run_of("b")["state"], "waiting")


if __name__ == "__main__":
    main()
