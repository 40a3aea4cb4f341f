#!/usr/bin/env python3
"""kill -9 of worker, launcher, command or all of them: nothing starts twice, nothing goes unknown."""
import collections
import os
import signal

from support import CommandTest, main, until

# Tells its start, ends when the file is there, tells its end.
STEP = ('echo "S $SCHED_TASK $SCHED_ATTEMPT" >> history; until [ -e go ]; do sleep 0.02; done; '
        'echo "E $SCHED_TASK $SCHED_ATTEMPT" >> history')


class Crash(CommandTest):
    def until_begun(self, count):
        until(lambda: len(self.history()) >= count, f"{count} have begun")

    def kill(self, *pids):
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # It went with its parent.

    def commands(self):
        """What runs for this store, but for workers and launchers."""
        ours = self.launchers() + [child.pid for child in self._children]
        return [pid for pid in self.processes() if pid not in ours]

    def end_worker(self, worker):
        self.kill(worker.pid)
        worker.wait()

    def test_the_next_worker_takes_over_what_runs_after_kill_9_of_one(self):
        for name in "abc":
            self.add(name, "--shell", STEP)
        self.add("next", "--after", "a", "--after", "b", "--after", "c", "--shell", STEP)
        worker = self.worker(slots=3)
        self.until_begun(3)
        self.end_worker(worker)
        self.assertEqual({run["state"] for run in self.json("runs", "a", "b", "c")}, {"running"})
        self.worker(slots=3)
        self.write("go", "")
        self.sched("wait", "--all", "--timeout", "20s")
        self.assertEqual(collections.Counter(self.history()), collections.Counter(
            f"{what} {name} 1" for what in "SE" for name in ("a", "b", "c", "next")))

    def test_what_ended_while_no_worker_was_there_is_told_by_the_next(self):
        self.add("good", "--shell", STEP + "; echo done")
        self.add("bad", "--shell", STEP + "; exit 7")
        self.add("next", "--after", "good", "--after", "bad:failure", "--", "true")
        worker = self.worker()
        self.until_begun(2)
        self.end_worker(worker)
        self.write("go", "")
        until(lambda: not self.commands(), "both have ended")
        self.work(code=1)
        self.assertEqual(self.end_of("good")[0], "succeeded")
        self.assertEqual(self.end_of("bad"), ("failed", "exit 7"))
        self.assertEqual(self.end_of("next")[0], "succeeded")
        self.assertEqual(self.logs("good"), "done\n")
        self.assertEqual(len(self.history()), 4)

    def test_a_timeout_holds_while_no_worker_is_there(self):
        self.add("a", "--timeout", "500ms", "--shell", STEP)
        worker = self.worker()
        self.until_begun(1)
        self.end_worker(worker)
        until(lambda: not self.commands(), "its time is up")
        self.work(code=1)
        self.assertEqual(self.end_of("a"), ("timed_out", "time limit of 500ms reached"))

    def test_a_worker_may_be_killed_again_and_again(self):
        for number in range(12):
            self.add(f"t{number}", "--shell",
                     'echo "S $SCHED_TASK $SCHED_ATTEMPT" >> history; sleep 0.1')
        while any(run["state"] != "finished" for run in self.json("runs")):
            seen = len(self.history())
            worker = self.worker(slots=2)
            until(lambda: worker.poll() is not None or len(self.history()) > seen or all(
                run["state"] == "finished" for run in self.json("runs")), "it gets on")
            self.end_worker(worker)
        self.assertEqual(sorted(self.history()), sorted(f"S t{i} 1" for i in range(12)))
        self.assertEqual({run["outcome"] for run in self.json("runs")}, {"succeeded"})

    def test_after_kill_9_of_the_launcher_its_run_is_lost_and_nothing_is_left(self):
        self.add("a", "--retries", "3", "--backoff", "fixed:0s", "--shell",
                 "setsid sleep 600 & sleep 601 & " + STEP)
        self.worker()
        self.until_begun(1)
        ours = self.commands()
        self.kill(*self.launchers())
        self.sched("wait", "a", "--timeout", "20s", code=1)
        outcome, reason = self.end_of("a")
        self.assertEqual(outcome, "lost")
        self.assertIn("launcher", reason)
        self.assertEqual(self.run_of("a")["attempt"], 1)
        until(lambda: not set(ours) & set(self.processes()), "no process of the run is left")
        self.assertEqual(self.history(), ["S a 1"])

    def test_what_is_lost_is_retried_when_that_was_asked_for_and_the_old_one_is_gone_before(self):
        self.add("a", "--retries", "1", "--backoff", "fixed:0s", "--retry-on", "lost", "--shell",
                 "sleep 600 & " + STEP)
        self.worker()
        self.until_begun(1)
        ours = self.commands()
        self.kill(*self.launchers())
        self.until_begun(2)
        self.assertFalse(set(ours) & set(self.processes()))
        self.write("go", "")
        self.sched("wait", "a", "--timeout", "20s")
        self.assertEqual(self.history(), ["S a 1", "S a 2", "E a 2"])
        self.assertEqual([attempt["outcome"] for attempt in self.run_of("a")["attempts"]],
                         ["lost", "succeeded"])

    def test_a_worker_goes_on_after_its_launcher_was_killed(self):
        self.add("a", "--shell", STEP)
        worker = self.worker()
        self.until_begun(1)
        self.kill(*self.launchers())
        self.sched("wait", "a", "--timeout", "20s", code=1)
        self.add("b", "--", "echo", "here")
        self.sched("wait", "b", "--timeout", "20s")
        self.assertIsNone(worker.poll())
        self.assertEqual(self.logs("b"), "here\n")

    def test_kill_9_of_the_command_is_a_failure_that_says_so(self):
        self.add("a", "--", "sleep", "600")
        self.add("b", "--retries", "1", "--backoff", "fixed:0s", "--", "sleep", "601")
        self.worker()
        for _ in range(2):
            until(lambda: self.processes("601"), "b runs")
            self.kill(*self.processes("601"))
            until(lambda: not self.processes("601") or self.run_of("b")["attempt"] == 2, "b is on")
        until(lambda: self.processes("600"), "a runs")
        self.kill(*self.processes("600"))
        self.sched("wait", "a", "b", "--timeout", "20s", code=1)
        self.assertEqual(self.end_of("a"), ("failed", "signal 9 (SIGKILL)"))
        self.assertIn("signal 9", self.end_of("b")[1])
        self.assertEqual([attempt["signal"] for attempt in self.run_of("b")["attempts"]], [9, 9])

    def test_all_killed_and_begun_again(self):
        self.add("lost", "--shell", STEP)
        self.add("again", "--retries", "1", "--backoff", "fixed:0s", "--retry-on", "lost",
                 "--shell", STEP)
        self.add("below", "--after", "lost:failure", "--", "true")
        worker = self.worker()
        self.until_begun(2)
        self.kill(worker.pid, *self.processes())
        worker.wait()
        self.write("go", "")
        self.work(code=1)
        self.assertEqual(self.end_of("lost")[0], "lost")
        self.assertEqual((self.end_of("again")[0], self.run_of("again")["attempt"]), ("succeeded", 2))
        self.assertEqual(self.end_of("below")[0], "succeeded")
        self.assertEqual(sorted(self.history()), ["E again 2", "S again 1", "S again 2", "S lost 1"])

    def test_commands_of_a_dead_launcher_are_ended_though_no_worker_was_there(self):
        self.add("a", "--shell", "sleep 600 & " + STEP)
        worker = self.worker()
        self.until_begun(1)
        self.kill(worker.pid, *self.launchers())
        worker.wait()
        self.work(code=1)
        self.assertEqual(self.end_of("a")[0], "lost")
        until(lambda: not self.processes(), "nothing is left")

    def test_two_workers_take_over_from_each_other(self):
        for number in range(6):
            self.add(f"t{number}", "--shell", STEP)
        first, second = self.worker(slots=3), self.worker(slots=3)
        self.until_begun(6)
        self.end_worker(first)
        self.write("go", "")
        self.sched("wait", "--all", "--timeout", "20s")
        self.assertIsNone(second.poll())
        self.assertEqual(sorted(self.history()),
                         sorted(f"{what} t{i} 1" for what in "SE" for i in range(6)))

    def test_a_stopped_worker_and_another_start_each_run_once(self):
        first = self.worker(slots=2)
        self.stop(first)
        for number in range(4):
            self.add(f"t{number}", "--shell", 'echo "S $SCHED_TASK $SCHED_ATTEMPT" >> history')
        self.worker(slots=2)
        self.sched("wait", "--all", "--timeout", "20s")
        os.kill(first.pid, signal.SIGCONT)
        self.add("end", "--", "true")
        self.sched("wait", "end", "--timeout", "20s")
        self.assertEqual(sorted(self.history()), [f"S t{i} 1" for i in range(4)])

    def test_what_add_acknowledged_is_there_after_kill_9_of_everything(self):
        names = [f"t{i}" for i in range(10)]
        worker = self.worker()
        for name in names:
            self.add(name, "--at", "+1h", "--", "true")
        self.kill(worker.pid, *self.processes())
        worker.wait()
        self.assertEqual(sorted(task["name"] for task in self.json("list")), names)


if __name__ == "__main__":
    main()
