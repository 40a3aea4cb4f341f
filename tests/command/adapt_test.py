#!/usr/bin/env python3
"""`sched run --slots MIN..MAX`: slots that follow what the machine bears."""
import os
import signal
import subprocess
import unittest

from support import CommandTest, main, until

SPIN = "exec 2>&-; while [ ! -e stop ]; do :; done"


def has_pressure():
    try:
        with open("/proc/pressure/cpu", encoding="ascii") as file:
            return file.read().startswith("some ")
    except OSError:
        return False


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

    def test_a_worker_that_memory_stops_is_told_of(self):
        worker = self.worker(slots="2..4")
        self.stop(worker)
        with open(f"{self.store}/workers/{worker.pid}", "r+", encoding="ascii") as file:
            words = file.read().split()
            words[4:] = ["2", "4", "1", "memory", "43", "30", words[2]]
            file.seek(0)
            file.write(" ".join(words).ljust(159) + "\n")
        self.add("big", "--", "true")
        self.assertIn("nothing starts: ", self.sched("status").out)
        worker.send_signal(signal.SIGCONT)
        until(lambda: self.run_of("big")["state"] == "finished", "it runs, for nothing stops it")

    def test_a_range_that_is_none_is_refused(self):
        for word, says in (("8..2", "8 is more than 2"), ("1..", "'' is not a whole number"),
                           ("..4", "'' is not"), ("0..4", "'0' is not"), ("1..x", "'x' is not"),
                           ("1..5000", "'5000' is not"), ("many", "it is not"),
                           ("1...4", "'.4' is not")):
            self.assert_refused("run", "--slots", word, says=[f"--slots '{word}'", says],
                                hint="MIN..MAX")


if __name__ == "__main__":
    main()
