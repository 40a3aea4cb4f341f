#!/usr/bin/env python3
"""Deadlines: what is late, what is missed, who goes first, and what is said of it."""
import json
import sqlite3

from support import CommandTest, main, until


class Deadlines(CommandTest):
    def told(self, target):
        """What explain says of its deadlines."""
        return [line["what"] for line in self.json("explain", target) if line["kind"] == "deadline"]

    def test_a_run_behind_its_deadline_is_late_and_goes_on(self):
        self.worker()
        self.add("job", "--deadline", "300ms", "--", "sleep", "60")
        until(lambda: self.run_of("job")["late"], "it is late")
        self.assertEqual(self.run_of("job")["state"], "running")
        self.assertIn("it is late: its deadline was ", self.told("job")[0])
        self.assertRegex(self.sched("status").out, r"job.* late")
        self.assertRegex(self.sched("runs").out, r"job.* late")
        self.assertTrue(self.json("list")[0]["late"])
        self.assertIn(": it is late", self.sched("show", f"run-{self.run_of('job')['id']}").out)
        self.sched("cancel", "job")
        self.until_state("job", "finished")
        self.assertTrue(self.run_of("job")["late"])

    def test_what_is_in_time_is_not_late(self):
        self.add("job", "--deadline", "1h", "--deadline", "hard:2h", "--", "true")
        self.work()
        run = self.run_of("job")
        self.assertEqual((run["outcome"], run["late"]), ("succeeded", False))

    def test_what_cannot_meet_its_hard_deadline_takes_no_slot(self):
        self.worker(slots=1)
        self.add("long", "--", "sleep", "60")
        self.until_state("long", "running")
        self.add("job", "--deadline", "hard:200ms", "--", "true")
        self.add("alarm", "--after", "job:done", "--", "true")
        self.until_state("job", "finished")
        outcome, reason = self.end_of("job")
        self.assertEqual(outcome, "missed")
        self.assertRegex(reason, r"^its hard deadline .* passed before it could run$")
        self.assertEqual(self.run_of("job")["attempts"], [])
        self.until_state("alarm", "queued")
        # Who wants it done after all can have it.
        self.sched("retry", "job")
        self.assertEqual(self.run_of("job")["hard_deadline_at"], None)
        self.sched("cancel", "long")
        self.until_state("job", "finished")
        self.assertEqual(self.end_of("job")[0], "succeeded")

    def test_another_moment_gives_a_retried_run_no_hard_deadline_back(self):
        self.add("job", "--at", "+1h", "--deadline", "hard:1h", "--", "false")
        self.sched("start", "job")
        self.work(code=1)
        self.sched("retry", "run-2")

        def hard(run):
            return self.json("show", run)["hard_deadline_at"]
        before = hard("run-1")
        self.assertIsNone(hard("run-2"))
        self.sched("edit", "job", "--at", "+2h")
        self.assertIsNone(hard("run-2"))
        # That of the moment moves with it, and a deadline that is given is for all.
        self.assertGreater(hard("run-1"), before)
        self.sched("edit", "job", "--deadline", "hard:3h")
        self.assertIsNotNone(hard("run-2"))

    def test_what_runs_is_ended_at_its_hard_deadline(self):
        self.add("job", "--deadline", "hard:500ms", "--retries", "3", "--backoff", "fixed:0s", "--", "sleep", "60")
        self.work(code=1)
        outcome, reason = self.end_of("job")
        self.assertEqual(outcome, "timed_out")
        self.assertRegex(reason, r"^its hard deadline .* came while it ran")
        self.assertEqual(len(self.run_of("job")["attempts"]), 1)

    def test_history_decides_what_can_be_met(self):
        self.add("job", "--manual", "--", "sleep", "3")
        self.sched("start", "job")
        self.work()
        self.sched("edit", "job", "--deadline", "hard:2500ms")
        self.sched("start", "job")
        self.work()
        outcome, reason = self.end_of("job")
        self.assertEqual(outcome, "missed")
        self.assertRegex(reason, r"can't be met: it usually takes .*s, and .*s are left$")
        self.sched("edit", "job", "--deadline", "", "--deadline", "1h")
        self.sched("start", "job")
        self.assertRegex(self.told("job")[0], r"; it can be met: it usually takes .*s, which leaves ")
        self.assertIn("it can be met", self.sched("show", "job").out)
        self.sched("edit", "job", "--deadline", "", "--deadline", "250ms")
        late = self.told("job")[0]
        self.assertRegex(late, "it can't be met, by about|it is late")

    def test_add_says_what_is_known(self):
        done = self.add("job", "--deadline", "1h", "--", "sleep", "0.3")
        self.assertRegex(done.err, r"(?m)^its deadline is .*: no history of job yet$")
        self.assertEqual(self.add("plain", "--", "true").err, "")
        self.work()
        for _ in range(2):
            done = self.add("job", "--if-exists", "replace", "--deadline", "1h", "--deadline", "hard:2h", "--",
                            "sleep", "0.3")
            lines = done.err.splitlines()
            self.assertEqual(len(lines), 2)
            self.assertRegex(lines[0], r"^its deadline is .*: it can be met: it usually takes ")
            self.assertRegex(lines[1], r"^its hard deadline is .*: it can be met: it usually takes ")
        done = self.add("often", "--cron", "0 5 * * *", "--deadline", "10m", "--", "true")
        self.assertRegex(done.err, r"(?m)^its deadline is .*05:10.*: no history of often yet$")

    def test_add_from_names_those_that_cannot_meet_theirs(self):
        def lines(*tasks):
            return "".join(json.dumps({"command": ["sleep", "0.3"], **task}) + "\n" for task in tasks)
        names = [f"t{i}" for i in range(40)]
        self.add("--from", "-", stdin=lines(*({"name": name} for name in names)))
        self.sched("run", "--until-idle", "--slots", "20")
        again = ("--if-exists", "replace", "--from", "-")
        done = self.add(*again, stdin=lines({"name": "t0", "deadline": ["10ms", "hard:20ms"]}, {"name": "t1"},
                                            {"name": "t2", "deadline": "1h"}, {"name": "new", "deadline": "1h"}))
        self.assertRegex(done.err, r"^t0: its hard deadline is .*: it can't be met, by about .*: it usually takes .*s\n$")
        # All of the file are one behind the other, for there is one slot; the first has it at once.
        late = [{"name": name, "deadline": "4s"} for name in names]
        done = self.add(*again, stdin=lines(*late))
        told = done.err.splitlines()
        self.assertEqual(len(told), 21, done.err)
        for line in told[:20]:
            self.assertRegex(line, r"^t\d+: its deadline is .*: it can't be met, by about .*\d runs that go first keep")
        self.assertRegex(told[-1], r"^… and \d+ more can't meet their deadlines$")
        self.assertNotIn("t0:", done.err)
        self.assertEqual(self.add(*again, "-q", stdin=lines(*late)).err, "")
        done = self.add(*again, "--json", stdin=lines(*late, {"name": "plain"}, {"name": "new", "deadline": "1h"}))
        self.assertEqual(done.err, "")
        outlook = {task["name"]: task["deadlines"] for task in json.loads(done.out)}
        self.assertEqual([[line["can_be_met"] for line in outlook[name]] for name in ("t0", "t39", "new", "plain")],
                         [[True], [False], [None], []])
        self.assertEqual((outlook["t39"][0]["hard"], outlook["t39"][0]["at"]),
                         (False, self.run_of("t39")["deadline_at"]))
        self.assertIn("it can't be met", outlook["t39"][0]["what"])

    def test_those_ahead_are_counted(self):
        self.add("slow", "--manual", "--", "sleep", "0.5")
        self.sched("start", "slow")
        self.work()
        self.sched("queue", "pause", "default")
        for _ in range(4):
            self.sched("start", "slow")
        self.work()  # They stand in the line now.
        self.add("job", "--deadline", "1s", "--", "true")
        self.work()
        told = self.told("job")[0]
        self.assertRegex(told, r"it can't be met, by at least .*: 4 runs that go first keep it waiting for \d|it is late")

    def test_edit_says_it_too_and_knows_of_rates_breakers_and_what_is_needed(self):
        self.sched("resource", "add", "gpu", "1")
        self.sched("queue", "add", "slow", "--rate", "1/h")
        self.add("job", "--manual", "--queue", "slow", "--", "true")
        self.sched("start", "job")
        self.work()
        self.worker()
        self.sched("start", "job")
        self.until_state("job", "queued")
        self.assertRegex(self.sched("edit", "job", "--deadline", "10m").err,
                         r"it can't be met, by about [45]\dm.*: .* a rate or breaker lets it start in 5\dm")
        self.assertRegex(self.sched("edit", "job", "--deadline", "", "--deadline", "2h").err, r"it can be met: .* 5\dm")
        self.assertEqual(self.sched("edit", "job", "--deadline", "").err, "")
        self.add("long", "--need", "gpu=1", "--timeout", "1h", "--", "sleep", "600")
        self.until_state("long", "running")
        self.assertRegex(self.add("next", "--need", "gpu=1", "--deadline", "30m", "--", "true").err,
                         "it can't be met, by at least .*: what it needs is free in 59m")

    def test_the_policy_starts_the_earliest_deadline_first(self):
        self.sched("queue", "add", "q", "--slots", "1", "--policy", "deadline")
        self.sched("queue", "pause", "q")
        for name, deadline in (("open", ""), ("far", "30h"), ("near", "1h"), ("hard", "hard:50m"), ("mid", "2h")):
            words = ["--deadline", deadline] if deadline else []
            self.add(name, "--queue", "q", *words, "--", "true")
        self.work()
        def line():
            return [place["task"] for place in self.json("queue", "show", "q")["next"]]
        self.assertEqual(line(), ["hard", "near", "mid", "open", "far"])
        self.sched("edit", "far", "--deadline", "10m")
        self.assertEqual(line(), ["far", "hard", "near", "mid", "open"])
        self.sched("queue", "edit", "q", "--policy", "fifo")
        self.assertEqual(line(), ["open", "far", "near", "hard", "mid"])
        self.sched("queue", "edit", "q", "--policy", "priority,deadline")
        self.sched("queue", "resume", "q")
        self.work()
        with sqlite3.connect(f"file:{self.store}/sched.db?mode=ro", uri=True) as database:
            order = [name for name, in database.execute(
                "SELECT t.name FROM runs AS r JOIN tasks AS t ON t.id = r.task_id ORDER BY r.started_at_ms, r.id")]
        self.assertEqual(order, ["far", "hard", "near", "mid", "open"])

    def test_it_is_a_field_like_others(self):
        self.write("tasks", json.dumps({"name": "a", "command": ["true"], "cron": "0 5 * * *",
                                        "deadline": ["1h", "hard:3h"]}) + "\n"
                   + json.dumps({"name": "b", "command": ["true"], "deadline": "hard:2h"}) + "\n")
        self.add("--from", self.path("tasks"))
        self.assertEqual([self.json("show", "a")[key] for key in ("deadline", "hard_deadline")], ["1h", "3h"])
        self.assertEqual([self.json("show", "b")[key] for key in ("deadline", "hard_deadline")], [None, "2h"])
        self.assertIn("1h after its nominal time; hard: 3h after its nominal time", self.sched("show", "a").out)
        done = self.sched("export", "crontab", "a", code=1)
        self.assertIn("--deadline", done.out + done.err)
        self.sched("edit", "a", "--deadline", "")
        self.assertEqual([self.json("show", "a")[key] for key in ("deadline", "hard_deadline")], [None, None])
        self.sched("queue", "add", "q", "--default", "deadline=45m")
        self.add("c", "--queue", "q", "--", "true")
        self.assertEqual(self.json("show", "c")["deadline"], "45m")
        self.add("d", "--at", "2099-01-01T00:00:00Z", "--deadline", "2099-01-01T10:00:00Z", "--", "true")
        self.assertEqual(self.run_of("d")["deadline_at"], "2099-01-01T10:00:00Z")

    def test_what_makes_no_sense_is_refused(self):
        for words, says in ((("--deadline", ""), "empty"),
                            (("--deadline", "soon"), "soon"),
                            (("--deadline", "0s"), "ten years"),
                            (("--deadline", "hard:"), "hard:"),
                            (("--deadline", "hard:2001-01-01T00:00:00Z"), "that moment has passed"),
                            (("--deadline", "1h", "--deadline", "2h"), "given already"),
                            (("--deadline", "2h", "--deadline", "hard:1h"), "comes after the hard one"),
                            (("--cron", "0 5 * * *", "--deadline", "2099-01-01T00:00:00Z"), "more than once")):
            with self.subTest(words=words):
                self.assert_refused("add", "job", *words, "--", "true", says=(says,))
        done = self.add("job", "--deadline", "2001-01-01T00:00:00Z", "--", "true")
        self.assertIn("warning", done.err)


if __name__ == "__main__":
    main()
