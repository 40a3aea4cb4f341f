#!/usr/bin/env python3
"""Queues: who may go, who goes first, and what is said of it."""
import os
import signal
import sqlite3

from support import CommandTest, main, until


class Queues(CommandTest):
    def obstacles(self, target):
        return {line["kind"]: line for line in self.json("explain", target)}

    def queue(self, name):
        return {queue["name"]: queue for queue in self.json("queue", "list")}[name]

    def started(self):
        """The names of all tasks that ever started, in the order of their claims."""
        with sqlite3.connect(f"file:{self.store}/sched.db?mode=ro", uri=True) as database:
            return [name for name, in database.execute(
                "SELECT t.name FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"
                " WHERE r.started_at_ms IS NOT NULL ORDER BY r.started_at_ms, r.id")]

    def test_a_saturated_queue_slows_no_other(self):
        self.sched("queue", "add", "slow", "--slots", "1")
        for i in range(5):
            self.add(f"slow{i}", "--queue", "slow", "--", "sleep", "60")
        for i in range(6):
            self.add(f"quick{i}", "--", "true")
        self.worker(slots=2)
        for i in range(6):
            self.sched("wait", f"quick{i}")
        self.assertEqual(self.queue("slow")["running"], 1)
        self.assertEqual(self.queue("slow")["queued"], 4)
        told = self.obstacles("slow4")["queue_slots"]
        self.assertEqual(told["what"], "the queue slow runs 1 of at most 1, and 3 queued runs of its queue go first")
        self.assertIn("--slots", told["remove"])
        self.sched("queue", "edit", "slow", "--slots", "0")
        until(lambda: self.queue("slow")["running"] == 2, "the other slot is taken too")
        self.assertEqual(self.obstacles("slow4")["slots"]["what"],
                         "all 2 slots of the workers are taken, and 2 queued runs of its queue go first")

    def test_never_more_than_its_slots_with_several_workers(self):
        self.sched("queue", "add", "two", "--slots", "2")
        log = self.path("log")
        for i in range(12):
            self.add("--queue", "two", "--shell", f"echo + >>{log}; sleep 0.05; echo - >>{log}")
        workers = [self.start("run", "--until-idle", "--progress", "none", "--slots", "4") for _ in range(3)]
        for worker in workers:
            self.finish(worker)
        running = highest = 0
        with open(log, encoding="ascii") as lines:
            for line in lines:
                running += 1 if line == "+\n" else -1
                highest = max(highest, running)
        self.assertEqual(running, 0)
        self.assertEqual(highest, 2)
        self.assertEqual(len(self.json("runs", "--outcome", "succeeded", "--queue", "two")), 12)

    def test_a_paused_queue_starts_nothing_until_it_is_resumed(self):
        self.sched("queue", "add", "night")
        self.add("a", "--queue", "night", "--", "true")
        self.sched("queue", "pause", "night")
        self.work()  # It ends: nothing will happen by itself.
        self.assertEqual(self.run_of("a")["state"], "queued")
        told = self.obstacles("a")["queue_paused"]
        self.assertEqual(told["remove"], "sched queue resume night")
        self.sched("queue", "resume", "night")
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_a_draining_queue_takes_no_further_tasks(self):
        self.sched("queue", "add", "old")
        self.add("a", "--queue", "old", "--", "true")
        self.sched("queue", "drain", "old")
        self.assert_refused("add", "b", "--queue", "old", "--", "true", says="draining", hint="resume old")
        self.add("b", "--", "true")
        self.assert_refused("edit", "b", "--queue", "old", says="draining")
        self.sched("edit", "a", "--queue", "old", "--priority", "3")  # It is there already.
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_defaults_are_for_what_a_task_does_not_say(self):
        self.sched("queue", "add", "q", "--default", "timeout=1h", "--default", "retries=2",
                   "--default", "limit=cpu=60s")
        self.add("a", "--queue", "q", "--retries", "0", "--", "true")
        self.write("tasks", '{"name": "b", "queue": "q", "command": ["true"], "timeout": "5s"}\n')
        self.add("--from", self.path("tasks"))
        a, b = self.json("show", "a"), self.json("show", "b")
        self.assertEqual((a["retries"], a["timeout_ms"], a["limits"]["cpu_s"]), (0, 3_600_000, 60))
        self.assertEqual((b["retries"], b["timeout_ms"]), (2, 5000))
        self.sched("queue", "edit", "q", "--default", "timeout=")
        self.assertEqual(self.queue("q")["defaults"], {"limit": "cpu=60s", "retries": "2"})
        self.assertEqual(self.json("show", "a")["timeout_ms"], 3_600_000)

    def test_a_queue_gives_its_tasks_handlers_but_none_to_itself(self):
        self.assert_refused("queue", "add", "q", "--default", "on-failure=alert",
                            says=("--default on-failure=alert", "alert"))
        self.add("alert", "--manual", "--shell", "echo $SCHED_FOR_TASK")
        self.add("done", "--manual", "--", "true")
        self.sched("queue", "add", "q", "--default", "on-failure=alert", "--default", "fallback=done",
                   "--default", "on-success=done", "--default", "max-fails=2")
        self.add("a", "--queue", "q", "--", "false")
        self.add("b", "--queue", "q", "--on-failure", "done", "--", "true")
        a, b = self.json("show", "a"), self.json("show", "b")
        self.assertEqual((a["on_failure"], a["on_success"], a["fallback"]), (["alert"], ["done"], "done"))
        self.assertEqual((b["on_failure"], b["on_success"], b["fallback"]), (["done"], ["done"], "done"))
        self.assertEqual((a["max_fails"], b["max_fails"]), (["2"], ["2"]))
        self.work()
        self.assertEqual(self.logs("alert"), "a\n")
        # It would be its own.
        before = self.snapshot()
        self.assert_refused("add", "alert", "--if-exists", "replace", "--queue", "q", "--manual", "--", "true",
                            says=("'alert', a default of the queue q", "its own end"),
                            hint="sched queue edit q --default on-failure=")
        self.assertEqual(self.snapshot(), before)
        # A default is looked up when it is used.
        self.sched("edit", "alert", "--name", "alarm")
        self.assert_refused("add", "c", "--queue", "q", "--", "true", code=3,
                            says="--on-failure 'alert', a default of the queue q: ")
        self.sched("queue", "edit", "q", "--default", "on-failure=alarm")
        self.add("c", "--queue", "q", "--", "true")
        self.sched("queue", "edit", "q", "--default", "on-failure=", "--slots", "2")
        self.assertNotIn("on-failure", self.queue("q")["defaults"])

    def test_the_command_is_told_its_queue(self):
        self.sched("queue", "add", "q")
        self.add("a", "--queue", "q", "--shell", "echo $SCHED_QUEUE")
        self.work()
        self.assertEqual(self.logs("a"), "q\n")
        self.assertEqual([task["name"] for task in self.json("list", "--queue", "q")], ["a"])
        self.assertEqual(self.json("list", "--queue", "default"), [])
        self.assertEqual(self.json("show", "a")["queue"], "q")

    def test_the_line_is_drawn_in_the_order_in_which_it_goes(self):
        self.sched("queue", "add", "q", "--slots", "1")
        for name, priority in (("a", 0), ("b", 5), ("c", 0), ("d", -1)):
            self.add(name, "--queue", "q", "--priority", str(priority), "--", "sleep", "0.01")
        self.sched("queue", "pause", "q")
        self.work()
        def line():
            return [place["task"] for place in self.json("queue", "show", "q")["next"]]
        self.assertEqual(line(), ["b", "a", "c", "d"])
        self.sched("edit", "d", "--priority", "9")
        self.assertEqual(line(), ["d", "b", "a", "c"])
        self.sched("queue", "edit", "q", "--policy", "fifo")
        self.assertEqual(line(), ["a", "b", "c", "d"])
        self.assertEqual([place["place"] for place in self.json("queue", "show", "q")["next"]], [1, 2, 3, 4])
        out = self.sched("queue", "show", "q").out
        self.assertRegex(out, r"(?m)^ *1 +run-\d+ +a ")
        self.sched("queue", "edit", "q", "--policy", "priority")
        self.sched("queue", "resume", "q")
        self.work(slots=4)
        self.assertEqual(self.started(), ["d", "b", "a", "c"])

    def test_weights_share_the_slots(self):
        self.sched("queue", "add", "heavy", "--weight", "3")
        self.sched("queue", "add", "light")
        for i in range(40):
            for queue in ("heavy", "light"):
                self.add(f"{queue}{i}", "--queue", queue, "--", "sleep", "0.02")
        self.work(slots=1)
        first = [name.rstrip("0123456789") for name in self.started()][:40]
        self.assertGreaterEqual(first.count("heavy"), 26)
        self.assertLessEqual(first.count("heavy"), 34)

    def test_a_task_moves_with_what_waits_of_it(self):
        self.sched("queue", "add", "q")
        self.sched("queue", "pause", "default")
        self.add("a", "--", "true")
        self.work()
        self.assertEqual(self.queue("default")["queued"], 1)
        self.sched("edit", "a", "--queue", "q")
        self.assertEqual((self.queue("default")["queued"], self.queue("q")["queued"]), (0, 1))
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_a_queue_is_removed_only_when_nothing_is_lost_by_it(self):
        self.sched("queue", "add", "q")
        self.add("a", "--queue", "q", "--", "true")
        self.assert_refused("queue", "rm", "q", says="1 task, such as a", hint="--move-to default")
        self.assert_refused("queue", "rm", "default", says="stays")
        self.assert_refused("queue", "rm", "q", "--move-to", "q", says="--move-to")
        self.sched("queue", "rm", "q", "--move-to", "default")
        self.assertEqual(self.json("show", "a")["queue"], "default")
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")
        self.assert_refused("queue", "show", "q", code=3, says="no queue 'q'")

    def test_a_queue_with_something_running_stays(self):
        self.sched("queue", "add", "q")
        self.add("a", "--queue", "q", "--", "sleep", "60")
        self.worker()
        self.until_state("a", "running")
        self.assert_refused("queue", "rm", "q", "--move-to", "default", says="is running")
        self.assertEqual(self.json("show", "a")["queue"], "q")

    def test_bad_input_changes_nothing(self):
        self.sched("queue", "add", "q", "--slots", "3")
        before = self.sched("queue", "list", "--json").out
        for words, says in (
                (("add", "q"), "already"), (("add", "a b"), "byte"), (("add", ""), "empty"), (("add",), "no queue"),
                (("add", "x", "y"), "2 queues"), (("add", "x", "--slots", "-1"), "--slots '-1'"),
                (("add", "x", "--weight", "0"), "--weight '0'"), (("edit", "q"), "nothing to change"),
                (("edit", "q", "--policy", "prio"), "no policy 'prio'"),
                (("edit", "q", "--ageing", "0s"), "--ageing '0s'"), (("edit", "q", "--ageing", "10"), "--ageing '10'"),
                (("edit", "q", "--default", "name=x"), "--default 'name=x'"),
                (("edit", "q", "--default", "timeout=soon"), "--timeout 'soon'"),
                (("pause", "q", "--slots", "1"), "changes no settings"), (("pause",), "no queue"),
                (("lst",), "unknown action"),
                (("pause", "q", "--move-to", "default"), "--move-to")):
            with self.subTest(words=words):
                self.assert_refused("queue", *words, says=says)
        self.assert_refused("queue", "edit", "quue", "--slots", "1", code=3, says="no queue 'quue'")
        self.assert_refused("add", "a", "--queue", "qq", "--", "true", says="no queue 'qq'")
        self.assert_refused("list", "--queue", "qq", code=3, says="no queue 'qq'")
        self.assertEqual(self.sched("queue", "list", "--json").out, before)

    def test_a_killed_worker_and_launcher_leak_no_slot(self):
        self.sched("queue", "add", "one", "--slots", "1")
        self.sched("resource", "add", "r", "1")
        self.add("a", "--queue", "one", "--need", "r", "--lock", "l", "--retry-on", "lost", "--retries", "1",
                 "--backoff", "fixed:0s", "--", "sh", "-c", "echo began; exec sleep 60")
        self.add("b", "--queue", "one", "--need", "r", "--lock", "l", "--", "true")
        worker = self.worker()
        # Running is said when it is claimed; an attempt that never began would not be lost.
        until(lambda: "began" in self.sched("logs", "a", code=None).out, "it begins")
        launchers = self.launchers()
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        for pid in launchers:
            os.kill(pid, signal.SIGKILL)
        self.sched("hold", "b")
        self.worker()
        until(lambda: self.run_of("a")["attempt"] == 2 and self.run_of("a")["state"] == "running", "it runs again")
        self.assertEqual(self.queue("one")["running"], 1)
        self.sched("release", "b")
        self.sched("cancel", "a")
        self.sched("wait", "b")
        self.assertEqual(self.queue("one")["running"], 0)
        self.assertEqual([line["used"] for line in self.json("resource", "list")], [0])


if __name__ == "__main__":
    main()
