#!/usr/bin/env python3
"""`sched run --slots MIN..MAX`: slots that follow what the machine bears."""
import os
import shutil
import signal
import subprocess
import time
import unittest

from pressed import Pressed, cpu_pressure, has_pressure, may_mount, tells_by_itself
from support import SCHED, CommandTest, main, until

SPIN = "exec 2>&-; while [ ! -e stop ]; do :; done"


class Adapt(CommandTest):
    def throttle(self):
        return self.json("worker", "list")[0]["throttle"]

    @unittest.skipUnless(has_pressure(), "this kernel tells no pressure")
    def test_slots_sink_under_load_and_what_runs_runs_on(self):
        cpus = len(os.sched_getaffinity(0))
        for _ in range(2 * cpus):
            self.add("--shell", SPIN, cwd=self.home)
        # It begins with one for each CPU. These alone strain nothing, but others do.
        worker = self.worker(slots=f"1..{2 * cpus}")
        load = [subprocess.Popen(["sh", "-c", SPIN], cwd=self.home) for _ in range(4 * cpus)]
        self.addCleanup(lambda: [child.kill() for child in load])
        until(lambda: self.throttle()["strain"] == "cpu", "slots are taken away")
        throttle = self.throttle()
        self.assertEqual((throttle["least"], throttle["most"]), (1, 2 * cpus))
        self.assertGreater(throttle["percent"], throttle["bound"])
        self.assertFalse(throttle["stopped"])
        slots = self.json("worker", "list")[0]["slots"]
        self.assertLess(slots, max(cpus, 2))
        told = f"{slots} of 1..{2 * cpus} slots, cpu pressure "
        self.assertIn(told, self.sched("status").out)
        status = self.json("status")
        self.assertGreaterEqual(status["counts"]["running"], slots)
        obstacle = self.json("explain", f"run-{status['queued'][-1]['id']}")[0]
        self.assertEqual(obstacle["kind"], "slots")
        self.assertIn(told, obstacle["what"])
        self.assertIn(f"{slots} of 1..{2 * cpus}", self.sched("worker", "list").out)
        self.write("stop", "")
        for child in load:
            child.wait()
        until(lambda: self.json("status")["counts"]["succeeded"] == 2 * cpus, "all has run")
        worker.terminate()
        self.finish(worker)

    @unittest.skipUnless(tells_by_itself(), "this kernel does not tell by itself of pressure")
    @unittest.skipIf("SCHED_IS_SANITIZED" in os.environ, "sanitizers do not bear strace")
    def test_the_kernel_wakes_it_and_slots_come_back(self):
        trace = self.path("trace")
        strace = shutil.which("strace")
        if not strace or subprocess.run([strace, "-qq", "-o", trace, "true"], check=False).returncode != 0:
            self.skipTest("strace is not to be had")
        cpus = len(os.sched_getaffinity(0))
        for _ in range(2 * cpus):
            self.add("--shell", "until [ -e stop ]; do sleep 0.1; done", cwd=self.home)
        worker = subprocess.Popen(
            [strace, "-D", "-qq", "-o", trace, "-e", "signal=none", "-e", "trace=/epoll_p?wait",
             SCHED, "run", "--progress", "none", "--slots", f"1..{2 * cpus}"],
            env=self.environment, cwd=self.home, stderr=subprocess.DEVNULL)
        self._children.append(worker)
        until(lambda: self.json("worker", "list") and self.json("status")["counts"]["running"] > 0, "it works")
        load = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(4 * cpus)]

        def end_load():
            for child in load:
                child.kill()
                child.wait()
        self.addCleanup(end_load)

        def has_woken():
            with open(trace, encoding="ascii") as file:
                return "events=EPOLLPRI" in file.read()
        until(has_woken, "the kernel wakes it")
        until(lambda: self.throttle()["strain"] == "cpu", "slots are taken away")
        lowered = self.json("worker", "list")[0]["slots"]
        self.assertLess(lowered, max(cpus, 2))
        end_load()
        others = []

        def has_come_back():
            others.append(cpu_pressure(1))
            return self.json("worker", "list")[0]["slots"] > lowered
        try:
            until(has_come_back, "slots come back", 40)
        except AssertionError:
            if max(others) > 40:
                self.skipTest("others strain this machine")
            raise
        self.write("stop", "")
        worker.terminate()
        self.finish(worker)

    def test_a_worker_that_memory_stops_is_told_of(self):
        worker = self.worker(slots="2..4")
        self.stop(worker)
        with open(f"{self.store}/workers/{worker.pid}", "r+", encoding="ascii") as file:
            words = file.read().split()
            words[4:] = ["2", "4", "1", "memory", "43", "30", words[2], "never", "0", "0", "0"]
            file.seek(0)
            file.write(" ".join(words).ljust(159) + "\n")
        self.add("big", "--", "true")
        self.assertIn("nothing starts: ", self.sched("status").out)
        worker.send_signal(signal.SIGCONT)
        until(lambda: self.run_of("big")["state"] == "finished", "it runs, for nothing stops it")

    def pressed_worker(self, *words, full=0.0):
        """A worker, and its machine."""
        machine = Pressed(self.home, full)
        worker = subprocess.Popen([*machine.before(), SCHED, "run", "--progress", "none", *words],
                                  env=self.environment, cwd=self.home, stderr=subprocess.PIPE, text=True)
        self.addCleanup(worker.kill)
        return worker, machine

    @unittest.skipUnless(may_mount(), "only root may put files of its own below /proc")
    def test_memory_pressure_stops_starts_until_it_is_over(self):
        worker, machine = self.pressed_worker("--slots", "2..2")
        over = machine.begin(self)
        until(lambda: any(one["throttle"] and one["throttle"]["stopped"] for one in self.json("worker", "list")), "it stops")
        self.add("job", "--", "true")
        obstacle = self.json("explain", "job")[0]
        self.assertEqual(obstacle["kind"], "memory_pressure")
        self.assertRegex(obstacle["what"], r"^nothing starts: memory pressure \d+%, above 30%, since ")
        self.assertRegex(self.sched("status").out, r"nothing starts: 2 of 2\.\.2 slots, memory pressure")
        self.assertEqual(self.run_of("job")["state"], "queued")
        over.set()
        until(lambda: self.run_of("job")["state"] == "finished", "it goes on by itself")
        worker.terminate()
        said = worker.communicate()[1]
        self.assertRegex(said, r"starts nothing new: memory pressure \d+%, above 30%")
        self.assertIn("there is memory again: goes on", said)

    @unittest.skipUnless(may_mount(), "only root may put files of its own below /proc")
    def test_when_memory_stays_short_the_least_important_run_begins_anew(self):
        worker, machine = self.pressed_worker("--slots", "4..4", "--shed", "preemptible", full=0.5)
        for name, words in (("precious", ()), ("high", ("--preemptible", "--priority", "5")),
                            ("low", ("--preemptible",))):
            self.add(name, *words, "--retries", "1", "--shell", "until [ -e go ]; do sleep 0.05; done")
            until(lambda name=name: self.run_of(name)["state"] == "running", f"{name} runs")
        over = machine.begin(self)
        until(lambda: self.run_of("low")["state"] == "queued", "one gives way", 40)
        low = self.run_of("low")
        self.assertEqual((low["displaced"], low["attempts"][0]["cause"]), (1, "preempted"))
        self.assertRegex(low["reason"], r"^shed for want of memory \(full pressure [45]\d%, above 20%\) after \S+ of "
                                        r"work, which begins anew$")
        self.assertRegex(self.sched("explain", "low").out, r"it was shed for want of memory \(full pressure")
        throttle = self.throttle()
        self.assertEqual((throttle["shed"], throttle["shed_runs"], throttle["shed_last"]),
                         ("preemptible", 1, low["id"]))
        self.assertRegex(self.sched("worker", "list").out, r"of 4\.\.4, 1 shed")
        self.assertRegex(self.sched("status").out, rf"1\s+shed,\s+last\s+run-{low['id']}")
        self.assertEqual([self.run_of(name)["state"] for name in ("precious", "high")], ["running"] * 2)
        over.set()
        until(lambda: self.run_of("low")["state"] == "running", "it begins anew when that is over")
        self.write("go", "")
        self.sched("wait", "--all", "--timeout", "20s")
        self.assertEqual(self.end_of("low")[0], "succeeded")
        worker.terminate()
        self.assertRegex(worker.communicate()[1],
                         rf"ends run-{low['id']} of low: shed for want of memory \(full pressure [45]\d%, above 20%\)")

    @unittest.skipUnless(may_mount(), "only root may put files of its own below /proc")
    def test_where_no_run_may_be_ended_that_is_told_once(self):
        worker, machine = self.pressed_worker("--slots", "4..4", "--shed", "preemptible", full=0.5)
        self.add("precious", "--shell", "until [ -e go ]; do sleep 0.05; done")
        until(lambda: self.run_of("precious")["state"] == "running", "it runs")
        over = machine.begin(self)
        until(lambda: self.throttle()["none_to_shed"], "nobody gives way", 40)
        self.assertEqual(self.throttle()["shed_runs"], 0)
        self.assertIn("of 4..4, none to shed", self.sched("worker", "list").out)
        self.assertRegex(self.sched("status").out, r"no\s+run\s+may\s+be\s+ended\s+for\s+it")
        time.sleep(5)  # It looks twice more.
        over.set()
        until(lambda: not self.throttle()["stopped"], "that is over")
        self.assertFalse(self.throttle()["none_to_shed"])
        self.assertEqual(self.run_of("precious")["state"], "running")
        self.write("go", "")
        worker.terminate()
        told = [line for line in worker.communicate()[1].splitlines() if "no run may be ended" in line]
        self.assertEqual(len(told), 1, told)
        self.assertRegex(told[0], r"memory stays far too short \(full pressure [45]\d%, above 20%\), and no run may be "
                                  r"ended for it: none of them is preemptible$")

    def test_shedding_without_a_range_or_of_nobody_known_is_refused(self):
        self.assert_refused("run", "--slots", "4", "--shed", "any", says=["--shed any", "fixed number"],
                            hint="--slots 4..4")
        self.assert_refused("run", "--slots", "1..4", "--shed", "some",
                            says=["--shed 'some': not one of never, preemptible, any"])

    def test_a_range_that_is_none_is_refused(self):
        for word, says in (("8..2", "8 is more than 2"), ("1..", "'' is not a whole number"),
                           ("..4", "'' is not"), ("0..4", "'0' is not"), ("1..x", "'x' is not"),
                           ("1..5000", "'5000' is not"), ("many", "it is not"),
                           ("1...4", "'.4' is not")):
            self.assert_refused("run", "--slots", word, says=[f"--slots '{word}'", says],
                                hint="MIN..MAX")


if __name__ == "__main__":
    main()
