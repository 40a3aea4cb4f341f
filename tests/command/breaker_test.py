#!/usr/bin/env python3
"""Breakers: what stops after failures, how it goes on, and what is said of it."""
import re
import signal
import time

from support import CommandTest, main, until


class Breakers(CommandTest):
    def obstacles(self, target):
        return {line["kind"]: line for line in self.json("explain", target)}

    def breaker(self, subject):
        return self.json("breaker", "list", subject)[0]

    def until_breaker(self, subject, state):
        return until(lambda: self.breaker(subject)["state"] == state, f"the breaker of {subject} is {state}")

    def patient(self, name):
        """A command that fails until a file of that name is there."""
        return f"test -e {self.path(name)}"

    def test_it_opens_says_so_and_a_person_closes_it(self):
        self.sched("queue", "add", "mail", "--breaker", "2", "--breaker-cooldown", "1h")
        for i in range(4):
            self.add(f"m{i}", "--queue", "mail", "--", "sh", "-c", self.patient("up"))
        self.add("free", "--", "true")
        worker = self.start("run", "--slots", "1", "--progress", "plain")
        self.until_breaker("queue:mail", "open")
        self.sched("wait", "free")
        self.assertEqual([self.run_of(f"m{i}")["state"] for i in range(4)],
                         ["finished", "finished", "queued", "queued"])
        breaker = self.breaker("queue:mail")
        self.assertRegex(breaker["why"], r"^2 failures in a row, the last: run-2, ")
        told = self.obstacles("m2")["breaker"]
        self.assertRegex(told["what"], r"^the breaker of queue:mail has been open for \d+s: 2 failures in a row, the "
                         r"last: run-2, .*; a first run may try at \d{4}-.*, in (1h|59m\d+s)$")
        self.assertEqual(told["remove"], "sched breaker reset queue:mail")
        self.assertRegex(self.sched("status").out,
                         r"(?m)^Held back\n  queue:mail +breaker open for another .* sched breaker reset queue:mail$")
        self.assertEqual(self.json("status")["guards"], [{**breaker}])
        self.assertRegex(self.sched("queue", "list").out, r"(?m)^mail .* breaker open$")
        self.assertIn("breaker open for another", self.sched("queue", "show", "mail").out)
        self.assertRegex(self.sched("breaker", "list").out, r"(?m)^queue:mail +2 +open +in ")
        self.write("up", "")
        self.assertEqual(self.sched("breaker", "reset", "queue:mail").out,
                         "reset queue:mail: it is closed, and counts anew\n")
        self.sched("wait", "m2", "m3")
        self.assertEqual(self.breaker("queue:mail")["state"], "closed")
        worker.send_signal(signal.SIGTERM)
        out = self.finish(worker, code=None).out
        self.assertRegex(out, r"(?m) opened +the breaker of queue:mail \(run-2\): 2 failures in a row, .*; the next may "
                         r"start at ")

    def test_until_idle_waits_for_the_cool_down_and_the_probe_decides(self):
        self.sched("tag", "edit", "net", "--breaker", "1", "--breaker-cooldown", "300ms")
        for i in range(3):
            self.add(f"n{i}", "--tag", "net", "--shell", f"echo {i} >>{self.path('history')}; test {i} -ge 1")
        began = time.monotonic()
        self.work(slots=1, code=1)
        self.assertGreaterEqual(time.monotonic() - began, 0.3)
        self.assertEqual(self.history(), ["0", "1", "2"])
        self.assertEqual(self.breaker("tag:net")["state"], "closed")
        self.assertEqual(self.breaker("tag:net")["failures"], 0)

    def test_one_probe_runs_while_the_others_wait(self):
        self.sched("queue", "edit", "default", "--breaker", "1", "--breaker-cooldown", "100ms")
        self.add("bad", "--", "false")
        self.work(code=1)
        for i in range(3):
            self.add(f"a{i}", "--", "sleep", "60")
        self.worker(slots=4)
        self.until_state("a0", "running")
        self.assertEqual(self.breaker("queue:default")["state"], "probing")
        told = self.obstacles("a1")["breaker"]
        self.assertEqual(told["what"], "the breaker of queue:default is half-open, and run-2 tries first")
        self.sched("cancel", "a0")  # Neither good nor bad: the next one tries.
        self.until_state("a1", "running")
        self.assertEqual(self.run_of("a2")["state"], "queued")

    def test_it_is_remembered_through_kill_9_and_the_probe_too(self):
        self.sched("queue", "edit", "default", "--breaker", "50%/4", "--breaker-cooldown", "1h")
        self.add("bad", "--", "false")
        first = self.worker(slots=1)
        self.sched("wait", "bad", code=1)
        first.send_signal(signal.SIGKILL)
        first.wait()
        self.add("worse", "--", "false")
        self.add("a", "--", "sleep", "60")
        self.add("b", "--", "true")
        second = self.worker(slots=2)
        self.until_breaker("queue:default", "open")
        self.sched("wait", "worse", code=1)
        second.send_signal(signal.SIGKILL)
        second.wait()
        self.assertEqual(self.breaker("queue:default")["state"], "open")

    def test_a_probe_outlives_its_worker(self):
        self.sched("queue", "edit", "default", "--breaker", "1", "--breaker-cooldown", "100ms")
        self.add("bad", "--", "false")
        self.work(code=1)
        self.add("a", "--shell", f"until test -e {self.path('go')}; do sleep 0.02; done")
        self.add("b", "--", "true")
        first = self.worker(slots=2)
        self.until_state("a", "running")
        first.send_signal(signal.SIGKILL)
        first.wait()
        self.assertEqual(self.breaker("queue:default")["state"], "probing")
        self.worker(slots=2)
        until(lambda: self.json("worker", "list")[0]["running"] == 1, "it took over the probe")
        self.assertEqual(self.run_of("b")["state"], "queued")
        self.write("go", "")
        self.sched("wait", "a", "b")
        self.assertEqual(self.breaker("queue:default")["state"], "closed")

    def test_a_task_has_one_of_its_own(self):
        self.add("bad", "--retries", "9", "--backoff", "fixed:1ms", "--breaker", "3", "--breaker-cooldown", "1h", "--",
                 "sh", "-c", self.patient("up"))
        self.add("good", "--", "true")
        self.worker()
        self.until_breaker("task:bad", "open")
        self.sched("wait", "good")
        self.until_state("bad", "queued")
        self.assertEqual(len(self.run_of("bad")["attempts"]), 3)  # Attempts count, not runs.
        self.assertIn("task:bad", self.obstacles("bad")["breaker"]["what"])
        shown = self.json("show", "bad")
        self.assertEqual((shown["breaker"], shown["breaker_cooldown_ms"], shown["guard"]["state"]),
                         ("3", 3_600_000, "open"))
        self.assertIn("breaker open for another", self.sched("show", "bad").out)
        self.write("up", "")
        self.sched("edit", "bad", "--breaker", "none")
        self.sched("wait", "bad")
        self.assertEqual(self.json("breaker", "list"), [])
        self.assertIsNone(self.json("show", "bad")["breaker"])

    def test_tasks_get_it_from_files_and_from_their_queue(self):
        self.sched("queue", "add", "q", "--default", "breaker=4", "--default", "breaker-cooldown=1h")
        self.write("tasks", '{"name": "a", "command": ["true"], "breaker": "50%/20", "breaker-cooldown": "10m"}\n'
                            '{"name": "b", "command": ["true"], "queue": "q"}\n'
                            '{"name": "c", "command": ["true"], "queue": "q", "breaker": "none"}\n')
        self.add("--from", self.path("tasks"))
        settings = {name: (task["breaker"], task["breaker_cooldown_ms"])
                    for name in "abc" for task in [self.json("show", name)]}
        self.assertEqual(settings["a"], ("50%/20", 600_000))
        self.assertEqual(settings["b"], ("4", 3_600_000))
        self.assertEqual(settings["c"], (None, None))
        self.sched("edit", "a", "--breaker", "2")
        self.assertEqual(self.json("show", "a")["breaker_cooldown_ms"], 600_000)
        self.sched("edit", "a", "--name", "z")
        self.assertEqual([one["subject"] for one in self.json("breaker", "list")], ["task:b", "task:z"])
        self.sched("rm", "b", "z")
        self.assertEqual(self.json("breaker", "list"), [])

    def test_opened_by_hand(self):
        self.sched("queue", "edit", "default", "--breaker", "5")
        self.assertEqual(self.sched("breaker", "open", "queue:default").out,
                         "opened queue:default: nothing of it starts until 'sched breaker reset'\n")
        self.add("a", "--", "true")
        self.work()  # It ends: nothing will happen by itself.
        self.assertEqual(self.run_of("a")["state"], "queued")
        told = self.obstacles("a")["breaker"]
        self.assertRegex(told["what"], r"open for \d+s: opened by hand; nothing starts until it is reset$")
        self.assertRegex(self.sched("breaker", "open", "queue:default", "--for", "200ms").out,
                         r"^opened queue:default: nothing of it starts until \d{4}-")
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")
        self.assertEqual(self.breaker("queue:default")["state"], "closed")

    def test_wrong_input_is_told_and_changes_nothing(self):
        self.sched("queue", "edit", "default", "--breaker", "5")
        self.add("a", "--", "true")
        before = self.json("breaker", "list")
        for words, says, hint in (
                (("queue", "edit", "default", "--breaker", "often"), "--breaker 'often': neither", "50%/20"),
                (("queue", "edit", "default", "--breaker", "0"), "not from 1 to 1000 failures", "50%/20"),
                (("queue", "edit", "default", "--breaker-cooldown", "0s"), "--breaker-cooldown '0s': not from 1ms", "5m"),
                (("queue", "add", "q", "--breaker-cooldown", "5m"), "there is no breaker", "--breaker 5"),
                (("add", "--breaker", "x", "--", "true"), "--breaker 'x': neither", "50%/20"),
                (("add", "--breaker", "", "--", "true"), "--breaker '': neither", "50%/20"),
                (("breaker", "reset"), "reset: no breaker is named", "sched breaker reset"),
                (("breaker", "reset", "default"), "'default': not task:NAME", "breaker list"),
                (("breaker", "reset", "host:a"), "'host:a': not task:NAME", "breaker list"),
                (("breaker", "close", "queue:default"), "unknown action 'close'", "list, reset or open"),
                (("breaker", "reset", "queue:default", "--for", "5m"), "--for: reset opens nothing", "breaker open"),
                (("breaker", "open", "queue:default", "--for", "soon"), "--for 'soon'", None)):
            with self.subTest(words=words):
                self.assert_refused(*words, says=says, hint=hint)
        for words in (("reset", "queue:none"), ("open", "task:a"), ("list", "tag:net"), ("reset", "task:gone"),
                      ("open", "queue:default", "queue:none")):
            with self.subTest(words=words):
                self.assert_refused("breaker", *words, code=3)
        self.assert_refused("breaker", "reset", "queue:defualt", code=3, says="it has no breaker",
                            hint="did you mean 'queue:default'?")
        self.assertEqual(self.json("breaker", "list"), before)
        done = self.add("b", "--breaker-cooldown", "1m", "--", "true")
        self.assertIn("no effect without --breaker", done.err)

    def test_tables_fit_eighty_columns(self):
        self.sched("queue", "edit", "default", "--breaker", "1", "--rate", "1000/s", "--burst", "50")
        self.add("a-task-with-quite-a-long-name", "--breaker", "50%/20", "--tag", "t", "--", "false")
        self.sched("tag", "edit", "t", "--breaker", "1")
        self.work(code=1)
        for words in (("breaker", "list"), ("queue", "list"), ("queue", "show", "default"), ("tag", "list"),
                      ("status",)):
            with self.subTest(words=words):
                for line in re.sub(r"\x1b\[[0-9;]*[mK]", "", self.on_terminal(*words).decode()).splitlines():
                    self.assertLessEqual(len(line), 80, line)


if __name__ == "__main__":
    main()
