#!/usr/bin/env python3
"""Where and how a command runs: its CPUs, the class of its disk accesses, words before it."""
import os
import sys

from support import CommandTest, main

CPUS = sorted(os.sched_getaffinity(0))
OWN_NICE = os.nice(0)  # What nice(1) adds to.


def nicer(by):
    return min(19, OWN_NICE + by)


class Machine(CommandTest):
    def test_a_command_and_its_children_run_on_the_cpus_that_were_asked_for(self):
        cpu = str(CPUS[-1])
        self.add("a", "--cpus", cpu, "--shell", "taskset -cp $$; sh -c 'grep Cpus_allowed_list /proc/self/status'")
        self.add("all", "--", sys.executable, "-c", "import os; print(sorted(os.sched_getaffinity(0)))")
        self.add("kept", "--cpus", cpu, "--contain", "--", "grep", "Cpus_allowed_list", "/proc/self/status")
        self.work()
        self.assertIn(f"affinity list: {cpu}\n", self.logs("a"))
        self.assertIn(f"Cpus_allowed_list:\t{cpu}\n", self.logs("a"))
        self.assertEqual(self.logs("all"), f"{CPUS}\n")  # The launcher itself is not bound.
        self.assertEqual(self.logs("kept"), f"Cpus_allowed_list:\t{cpu}\n")
        self.assertEqual(self.json("show", "a")["cpus"], cpu)
        self.assertRegex(self.sched("show", "a").out, rf"CPUs +{cpu}\n")

    def test_what_this_machine_has_not_fails_and_never_runs_unbound(self):
        done = self.add("a", "--cpus", f"{CPUS[0]},8000", "--shell", "touch ran")
        self.assertIn("8000 is not there now", done.err)
        self.work(code=1)
        outcome, reason = self.end_of("a")
        self.assertEqual(outcome, "failed")
        self.assertIn(f"not all of the CPUs {CPUS[0]},8000 are there", reason)
        self.assertFalse(os.path.exists(self.path("ran")))

    def test_the_io_class_is_that_of_the_command(self):
        for name, io_class, says in (("a", "idle", "idle\n"), ("b", "best-effort:7", "best-effort: prio 7\n"),
                                     ("c", "best-effort", "best-effort: prio 4\n")):
            self.add(name, "--io-class", io_class, "--shell", "ionice -p $$")
            self.work()
            self.assertEqual(self.logs(name), says)
        self.assertEqual(self.json("show", "c")["io_class"], "best-effort:4")

    def test_a_prefix_stands_before_the_arguments_and_no_shell_reads_it(self):
        self.add("a", "--launcher-prefix", "env 'X=a  b;$HOME' nice -n 3", "--shell", "nice; echo \"$X\"")
        self.work()
        self.assertEqual(self.logs("a"), f"{nicer(3)}\na  b;$HOME\n")
        self.assertEqual(self.json("show", "a")["launcher_prefix"], ["env", "X=a  b;$HOME", "nice", "-n", "3"])
        self.add("b", "--launcher-prefix", "trickle-that-is-not-there -d 100", "--", "true")
        self.work(code=1)
        self.assertEqual(self.end_of("b"), ("failed", "no such program: 'trickle-that-is-not-there'"))

    def test_a_queue_gives_them_to_its_tasks(self):
        self.sched("queue", "add", "slow", "--default", "io-class=idle", "--default", f"cpus={CPUS[0]}",
                   "--default", "launcher-prefix=nice -n 4", "--default", "max-rss=1G")
        self.add("a", "--queue", "slow", "--shell", "ionice -p $$; nice")
        self.add("b", "--queue", "slow", "--io-class", "best-effort:2", "--shell", "ionice -p $$; nice")
        self.work()
        self.assertEqual(self.logs("a"), f"idle\n{nicer(4)}\n")
        self.assertEqual(self.logs("b"), f"best-effort: prio 2\n{nicer(4)}\n")
        self.assertEqual(self.json("show", "a")["max_rss_bytes"], 1 << 30)

    def test_niceness_by_priority(self):
        self.sched("queue", "add", "q", "--default", "nice-map=10=2,0=12:idle")
        self.add("high", "--queue", "q", "--priority", "11", "--shell", "nice; ionice -p $$")
        self.add("usual", "--queue", "q", "--shell", "nice; ionice -p $$")
        self.add("own", "--queue", "q", "--nice", "4", "--io-class", "best-effort:3", "--shell", "nice; ionice -p $$")
        self.add("low", "--queue", "q", "--priority", "-1", "--shell", "nice")
        self.work()
        self.assertTrue(self.logs("high").startswith("2\n"))
        self.assertEqual(self.logs("usual"), "12\nidle\n")
        self.assertEqual(self.logs("own"), "4\nbest-effort: prio 3\n")
        self.assertEqual(self.logs("low"), f"{OWN_NICE}\n")
        self.assertEqual(self.json("show", "usual")["nice_map"], "10=2,0=12:idle")
        self.sched("edit", "usual", "--nice-map", "")
        self.assertIsNone(self.json("show", "usual")["nice_map"])

    def test_a_worker_pins_each_slot_to_a_cpu_of_its_own(self):
        words = "while test $(ls at.* | wc -l) -lt 2; do sleep 0.02; done; grep Cpus_allowed_list /proc/self/status"
        for name in ("a", "b"):
            self.add(name, "--shell", f"touch at.$SCHED_SLOT; {words}")
        self.add("own", "--cpus", ",".join(map(str, CPUS)), "--", sys.executable, "-c",
                 "import os; print(sorted(os.sched_getaffinity(0)))")
        self.work("--pin", slots=2)
        pinned = [self.logs(name).split()[1] for name in ("a", "b")]
        self.assertEqual(len(set(pinned)), min(2, len(CPUS)))
        self.assertLessEqual({int(cpu) for cpu in pinned}, set(CPUS))
        self.assertEqual(self.logs("own"), f"{CPUS}\n")

    def test_edit_changes_them_and_takes_them_away(self):
        self.add("a", "--manual", "--cpus", str(CPUS[0]), "--io-class", "idle", "--max-rss", "1G",
                 "--max-cpu-time", "1h", "--retries", "1", "--memory-retry", "x2..4G", "--launcher-prefix",
                 "nice", "--need-free", "/=1M", "--flock", "x.lock", "--", "true")
        self.sched("edit", "a", "--io-class", "best-effort:1", "--flock", "shared:y.lock")
        shown = self.json("show", "a")
        self.assertEqual((shown["io_class"], shown["flocks"]), ("best-effort:1", [f"shared:{self.path('y.lock')}"]))
        self.assertEqual((shown["need_free"], shown["max_cpu_time_ms"]), (["/=1M"], 3_600_000))
        self.sched("edit", "a", "--cpus", "", "--io-class", "", "--max-rss", "", "--max-cpu-time", "0s",
                   "--memory-retry", "", "--launcher-prefix", "", "--need-free", "", "--flock", "")
        shown = self.json("show", "a")
        for key, none in (("cpus", None), ("io_class", None), ("max_rss_bytes", None), ("max_cpu_time_ms", None),
                          ("memory_retry", None), ("launcher_prefix", []), ("need_free", []), ("flocks", [])):
            self.assertEqual(shown[key], none, key)

    def test_a_line_of_json_says_them_too(self):
        self.sched("add", "--from", "-", stdin='{"name": "a", "command": ["true"], "cpus": "%d", "io-class": "idle",'
                   ' "max-rss": "1G", "flock": ["x", "shared:y"], "need-free": ["/=1M"], "memory-retry": "x2..4G",'
                   ' "retries": 2, "launcher-prefix": "nice -n 1"}\n' % CPUS[0])
        shown = self.json("show", "a")
        self.assertEqual(shown["flocks"], [self.path("x"), f"shared:{self.path('y')}"])
        self.assertEqual((shown["io_class"], shown["memory_retry"]), ("idle", "x2..4G"))
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_bad_input_changes_nothing(self):
        before = self.snapshot()
        for words, says in ((("--cpus", "3-1"), "backwards"), (("--cpus", ""), "empty"),
                            (("--cpus", "first"), "no list of CPUs"), (("--nice-map", "0=99"), "no niceness"), (("--io-class", "idle:3"), "no levels"),
                            (("--io-class", "fast"), "no I/O class"), (("--launcher-prefix", "a | b"), "'|' stands"),
                            (("--launcher-prefix", ""), "empty"), (("--cpus", "0", "--cpus", "1"), "2 times")):
            with self.subTest(words=words):
                self.assert_refused("add", "x", *words, "--", "true", says=says)
        self.assert_refused("queue", "add", "q", "--default", "cpus=x", says="no list of CPUs")
        self.assertEqual(self.snapshot(), before)


if __name__ == "__main__":
    main()
