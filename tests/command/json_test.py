#!/usr/bin/env python3
"""--json of the reading commands: what the manual lists, no more, no less, in every state."""
import os
import re

from support import CommandTest, main, until

TYPES = {"integer": int, "string": str, "boolean": bool, "object": dict}


class Json(CommandTest):
    def setUp(self):
        super().setUp()
        self.objects = self.read_manual()

    def read_manual(self):
        """The objects of sched-json(5): {"task": {"id": "integer", ...}, ...}."""
        objects, name, after_tp = {}, None, False
        for line in self.sched("manual", "sched-json").out.splitlines():
            line = line.replace("\\-", "-")
            if line.startswith(".SH"):
                title = re.match(r"\.SH OBJECT: (.+)", line)
                name = title.group(1) if title else None
                objects.setdefault(name, {})
            elif name and after_tp and (key := re.match(r"\\fB(\w+)\\fR \((.+)\)$", line)):
                objects[name][key.group(1)] = key.group(2)
            after_tp = line == ".TP"
        return objects

    def assert_is(self, name, value):
        """The value has the keys of the object, in their order and with their types, all the way."""
        self.assertEqual(list(value), list(self.objects[name]), name)
        for key, kind in self.objects[name].items():
            self.assert_fits(f"{name}.{key}", kind, value[key])

    def assert_fits(self, where, kind, value):
        if kind.endswith(" or null"):
            if value is None:
                return
            kind = kind.removesuffix(" or null")
        if kind.startswith("array of "):
            self.assertIsInstance(value, list, where)
            for item in value:
                self.assert_fits(where, kind.removeprefix("array of ").removesuffix("s"), item)
        elif kind in self.objects:
            self.assert_is(kind, value)
        elif kind == "time":
            self.assertRegex(value, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", where)
        else:
            self.assertIs(type(value), TYPES[kind.split()[0]], (where, kind))

    def fill(self):
        """A task in each state, with every end that needs no machine to die."""
        self.add("good", "--tag", "t", "--key", "k", "--nice", "1", "--", "echo", "x")
        self.add("bad", "--retries", "1", "--backoff", "fixed:0s", "--", "sh", "-c", "exit 9")
        self.add("slow", "--timeout", "100ms", "--grace-kill", "1s", "--", "sleep", "600")
        self.add("skipped", "--after", "bad", "--", "true")
        self.add("gone", "--", "no-such-program")
        self.add("manual", "--manual", "--", "true")
        self.work(code=1)
        self.add("late", "--at", "+1h", "--", "true")
        self.add("below", "--after", "late:done", "--after", "good", "--join", "any", "--", "true")
        self.add("cancelled", "--at", "+1h", "--", "true")
        self.sched("cancel", "cancelled")
        self.add("held", "--", "true")
        self.sched("hold", "held")
        self.sched("pause", "late")
        self.worker(slots=1)
        self.add("busy", "--", "sleep", "600")
        self.until_state("busy", "running")
        self.add("queued", "--", "true")
        until(lambda: self.run_of("queued")["state"] == "queued", "one is queued")

    def test_tasks_and_runs_of_every_state_are_as_the_manual_says(self):
        self.fill()
        tasks = self.json("list")
        self.assertGreaterEqual(len(tasks), 11)
        for task in tasks:
            self.assert_is("task", task)
        runs = self.json("runs")
        self.assertEqual({run["state"] for run in runs},
                         {"waiting", "queued", "running", "held", "finished"})
        for run in runs:
            self.assert_is("run", run)

    def test_pages_are_as_the_manual_says(self):
        self.fill()
        for task in self.json("list"):
            page = self.json("show", task["name"])
            self.assert_is("shown task", page)
            for run in page["runs"]:
                self.assert_is("shown run", self.json("show", f"run-{run['id']}"))
        self.assert_is("status", self.json("status"))

    def test_the_rest_is_as_the_manual_says(self):
        self.fill()
        for name in ("good", "bad", "skipped", "manual", "late", "held", "busy", "queued"):
            obstacles = self.json("explain", name)
            self.assertTrue(obstacles, name)
            for obstacle in obstacles:
                self.assert_is("obstacle", obstacle)
        for log in self.json("logs", "good"):
            self.assert_is("log", log)
        for run in self.json("wait", "good"):
            self.assert_is("run", run)
        os.chmod(self.store + "/logs", 0o755)
        health = self.json("doctor", code=1)
        self.assertEqual(len(health["ailments"]), 1)
        self.assert_is("health", health)
        for letter in self.json("dead", "list"):
            self.assert_is("dead letter", letter)
            self.assert_is("dead letter", self.json("dead", "show", f"run-{letter['id']}"))
        pruned = self.json("prune", "--keep", "0", "--dry-run")
        self.assertIn("good", [run["task"] for run in pruned])
        for run in pruned:
            self.assert_is("pruned run", run)

    def test_workers_are_as_the_manual_says(self):
        self.fill()
        workers = self.json("worker", "list")
        self.assertEqual(len(workers), 1)
        self.assertEqual(len(workers[0]["launchers"]), 1)
        self.assert_is("worker", workers[0])

    def test_an_empty_store_has_empty_lists(self):
        self.assertEqual((self.json("list"), self.json("runs")), ([], []))
        self.assert_is("status", self.json("status"))


if __name__ == "__main__":
    main()
