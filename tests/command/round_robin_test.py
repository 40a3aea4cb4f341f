#!/usr/bin/env python3
"""Runs of a round-robin queue take turns: they are stopped and go on, by real processes."""
import os
import re
import signal

from support import CommandTest, is_stopped, main, until

# Writes a tick every few milliseconds until it has written so many.
TICKS = ('i=0; while [ $i -lt {count} ]; do i=$((i+1)); echo "$SCHED_TASK $i" >> history; '
         'sleep 0.02; done')


class RoundRobin(CommandTest):
    def queue(self, slots=1, slice="200ms"):
        self.sched("queue", "add", "turns", "--policy", "round-robin", "--slice", slice,
                   "--slots", str(slots))

    def ticker(self, name, count, *words):
        self.add(name, "--queue", "turns", *words, "--shell", TICKS.format(count=count))

    def names(self):
        """Whose ticks came, in their order, each stretch once."""
        stretches = []
        for line in self.history():
            name = line.split()[0]
            if not stretches or stretches[-1] != name:
                stretches.append(name)
        return stretches

    def suspended(self):
        """The names of the tasks whose runs stand still."""
        return [run["task"] for run in self.json("runs", "--state", "running") if run["suspended_at"]]

    def leader(self, name):
        """The shell of a task's run."""
        for pid in self.processes():
            with open(f"/proc/{pid}/environ", "rb") as file:
                words = file.read().split(b"\0")
            with open(f"/proc/{pid}/stat", encoding="ascii") as file:
                session = int(file.read().rpartition(")")[2].split()[3])
            if f"SCHED_TASK={name}".encode() in words and session == pid:
                return pid
        return None

    def test_two_take_turns_on_one_slot(self):
        self.queue()
        self.ticker("a", 40)
        self.ticker("b", 40)
        worker = self.worker(slots=2)
        until(lambda: len(self.names()) >= 2, "b has its turn")
        still = until(self.suspended, "one stands still")
        self.sched("wait", "--all", "--timeout", "20s")
        stretches = self.names()
        self.assertGreaterEqual(len(stretches), 4, stretches)
        self.assertEqual(len(self.history()), 80)
        self.assertEqual({line.rpartition(" ")[2] for line in self.history()},
                         {str(i) for i in range(1, 41)})
        for name in "ab":
            self.assertEqual(self.end_of(name)[0], "succeeded")
            self.assertEqual(self.run_of(name)["attempt"], 1)
        run = self.run_of(still[0])
        self.assertGreater(run["stood_ms"], 0)
        self.assertIsNone(run["suspended_at"])
        # What it took is told without what it stood.
        took = run["attempts"][0]
        whole = took["elapsed_ms"] + run["stood_ms"]
        self.assertGreater(whole, 40 * 20)
        self.assertLess(took["elapsed_ms"], whole)
        worker.send_signal(signal.SIGTERM)
        worker.wait()

    def test_turns_of_several_workers_are_turns_of_all(self):
        self.queue(slice="300ms")
        first = self.worker(slots=4)
        for name in ("a", "b"):
            self.ticker(name, 4000)
            until(lambda name=name: name in self.names(), f"{name} has begun")
        # What comes now goes to the other one as well, for this one can't start it.
        self.stop(first)
        self.worker(slots=4)
        for name in ("c", "d"):
            self.ticker(name, 4000)
            until(lambda name=name: name in self.names(), f"{name} has begun")
        first.send_signal(signal.SIGCONT)
        begun = len(self.history())

        def turns():
            """Stretches of more ticks than fall between the stop of one and the start of the next."""
            stretches = []
            for line in self.history()[begun:]:
                name = line.split()[0]
                if stretches and stretches[-1][0] == name:
                    stretches[-1][1] += 1
                else:
                    stretches.append([name, 1])
            return [name for name, ticks in stretches if ticks > 3]
        until(lambda: len(turns()) >= 20, "there were twenty turns")
        counts = {name: turns().count(name) for name in "abcd"}
        self.assertLessEqual(max(counts.values()) - min(counts.values()), 3, turns())

    def test_who_waits_in_the_middle_of_a_turn_is_stopped_and_everything_says_so(self):
        self.queue(slice="300ms")
        self.ticker("a", 4000)
        self.ticker("b", 4000)
        self.worker(slots=2)
        name = until(self.suspended, "one stands still")[0]
        # Its turn is soon over: what is seen of it is asked until it is of one moment.
        until(lambda: self.leader(name) and is_stopped(self.leader(name)), "it is stopped")
        until(lambda: re.search(r"suspended", self.sched("runs").out), "runs says so")
        until(lambda: re.search(r"has stood still for .*its slice of 300ms is over",
                                self.sched("explain", name).out), "explain says so")
        until(lambda: re.search(r"suspended", self.sched("status").out), "status says so")
        shown = self.sched("queue", "show", "turns").out
        self.assertRegex(shown, r"Order +round-robin, a slice of 300ms each")
        self.assertRegex(shown, r"Running +1 of 1 slots")
        self.assertRegex(shown, r"Suspended +1")
        self.assertRegex(shown, r"still +run-\d")
        # It can be cancelled while it stands.
        other = {"a": "b", "b": "a"}[name]
        self.sched("cancel", "a", "b")
        self.sched("wait", "--all", "--timeout", "20s", code=None)
        for each in (name, other):
            self.assertEqual(self.end_of(each)[0], "cancelled")

    def test_a_time_limit_does_not_count_while_it_stands_still(self):
        self.queue(slice="300ms")
        # Each needs some 0.7 s of its own, and is there for twice as long.
        for name in "abc":
            self.ticker(name, 30, "--timeout", "1500ms", "--idle-timeout", "1500ms")
        self.worker(slots=3)
        self.sched("wait", "--all", "--timeout", "25s")
        whole = 0
        for name in "abc":
            run = self.run_of(name)
            self.assertEqual(run["outcome"], "succeeded", run["reason"])
            whole = max(whole, run["attempts"][0]["elapsed_ms"] + run["stood_ms"])
        self.assertGreater(whole, 1500, "none was there for longer than its limit")

    def test_nobody_is_stopped_when_nobody_waits(self):
        self.queue(slots=2)
        self.ticker("a", 40)
        self.ticker("b", 40)
        self.work(slots=4)
        for name in "ab":
            run = self.run_of(name)
            self.assertEqual((run["outcome"], run["stood_ms"]), ("succeeded", 0))

    def test_the_next_worker_goes_on_with_the_turns_after_kill_9(self):
        self.queue()
        self.ticker("a", 60)
        self.ticker("b", 60)
        worker = self.worker(slots=2)
        for _ in range(4):
            until(self.suspended, "one stands still")
            worker.send_signal(signal.SIGKILL)
            worker.wait()
            worker = self.worker(slots=2)
        self.sched("wait", "--all", "--timeout", "25s")
        for name in "ab":
            self.assertEqual(self.end_of(name)[0], "succeeded")
            self.assertEqual(self.run_of(name)["attempt"], 1)
        self.assertEqual(len(self.history()), 120)
        self.assertEqual(len(set(self.history())), 120)

    def test_one_that_drains_has_all_of_its_own_end(self):
        self.queue(slice="5m")
        self.ticker("a", 60)
        self.ticker("b", 60)
        self.worker(slots=1)
        until(self.history, "one runs")
        self.sched("queue", "edit", "turns", "--slice", "100ms")
        until(self.suspended, "one stands still")
        self.sched("worker", "drain")
        self.ticker("late", 1)
        until(lambda: not self.json("worker", "list"), "it has ended")
        for name in "ab":
            self.assertEqual(self.end_of(name)[0], "succeeded")
        self.assertEqual(self.run_of("late")["attempt"], 0)

    def test_what_is_stopped_is_ended_with_its_worker(self):
        self.queue()
        self.ticker("a", 4000)
        self.ticker("b", 4000)
        worker = self.worker(slots=2)
        until(self.suspended, "one stands still")
        self.sched("worker", "stop")
        worker.wait()
        for name in "ab":
            self.assertEqual(self.end_of(name)[0], "cancelled")
        self.assertFalse(self.processes("sleep"))

    def test_turns_go_on_through_reloads(self):
        self.queue()
        self.ticker("a", 60)
        self.ticker("b", 60)
        worker = self.worker(slots=1)
        for _ in range(3):
            until(self.suspended, "one stands still")
            self.assertLessEqual(self.json("worker", "list")[0]["running"], 1)
            worker.send_signal(signal.SIGHUP)
        self.sched("wait", "--all", "--timeout", "25s")
        self.assertIsNone(worker.poll())
        self.assertEqual(len(set(self.history())), 120)
        self.assertEqual(len(self.history()), 120)

    def test_what_stands_still_dies_with_its_launcher(self):
        self.queue(slice="400ms")
        self.ticker("a", 4000)
        self.ticker("b", 4000)
        self.worker(slots=1)
        until(self.suspended, "one stands still")
        os.kill(self.launchers()[0], signal.SIGKILL)
        for name in "ab":
            until(lambda each=name: self.end_of(each)[0] == "lost", f"{name} is lost")
        until(lambda: not self.processes("sleep"), "nothing is left of them")
        self.ticker("c", 1)
        self.sched("wait", "c", "--timeout", "20s")

    def test_the_settings_are_refused_where_they_mean_nothing(self):
        for words, said in ((("--policy", "round-robin,priority"), "round-robin stands alone"),
                            (("--slice", "1s"), "take no turns"),
                            (("--policy", "round-robin", "--slice", "1ms"), "not from 100ms")):
            done = self.sched("queue", "add", "x", *words, code=2)
            self.assertIn(said, done.err)


if __name__ == "__main__":
    main()
