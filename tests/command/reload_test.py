#!/usr/bin/env python3
"""SIGHUP: a worker executes its program anew in place, and nothing is lost or repeated by that."""
import collections
import os
import shutil
import signal
import subprocess
import time

from support import SCHED, CommandTest, main, until

WORK = ('echo "S $SCHED_TASK $SCHED_ATTEMPT" >> history; sleep 0.1; '
        'echo "E $SCHED_TASK $SCHED_ATTEMPT" >> history')


class Reload(CommandTest):
    def setUp(self):
        super().setUp()
        self.program = self.path("sched")
        shutil.copy(SCHED, self.program)
        self.log = open(self.path("log"), "ab")
        self.addCleanup(self.log.close)

    def serve(self, *words, **more):
        """A worker of our own copy of the program, in a session without a terminal."""
        slots = () if "--slots" in words else ("--slots", "8")
        child = subprocess.Popen([self.program, "run", *slots, *words], cwd=self.home,
                                 env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log,
                                 stderr=self.log, start_new_session=True, **more)
        self._children.append(child)
        until(lambda: self.json("status")["workers"], "the worker is there")
        return child

    def generation(self, child):
        """The inode of the program that the worker runs, and whether it was executed since."""
        return os.stat(f"/proc/{child.pid}/exe").st_ino

    def replace(self, contents=None):
        """An upgrade: another file under the same name."""
        fresh = self.path("fresh")
        if contents is None:
            shutil.copy(SCHED, fresh)
        else:
            self.write("fresh", contents, mode=0o755)
        os.rename(fresh, self.program)

    def reload(self, child):
        """Replaces the program and waits until the worker is the new one."""
        self.replace()
        child.send_signal(signal.SIGHUP)
        wanted = os.stat(self.program).st_ino
        until(lambda: self.generation(child) == wanted, "the new program runs")

    def history(self):
        with open(self.path("history"), encoding="ascii") as file:
            return collections.Counter(file.read().splitlines())

    def test_twenty_reloads_during_two_hundred_runs(self):
        child = self.serve("--progress", "plain")
        for i in range(200):
            self.add(f"t{i}", "--shell", WORK)
            if i % 10 == 9:
                self.reload(child)
        self.sched("wait", "--all", "--timeout", "60s", timeout=70)
        self.assertIsNone(child.poll())
        self.assertEqual(self.history(), collections.Counter(
            f"{what} t{i} 1" for what in "SE" for i in range(200)))
        attempts = [run["attempt"] for run in self.json("runs", "--limit", "1000")]
        self.assertEqual(attempts, [1] * 200)
        self.assertLessEqual(len(self.launchers()), 2)

    def test_what_runs_stays_with_its_launcher_and_its_worker(self):
        child = self.serve()
        self.add("a", "--shell", "echo > begun; until [ -e go ]; do sleep 0.02; done; echo end")
        self.until_file("begun", "\n")
        launchers = self.launchers()
        self.reload(child)
        until(lambda: [w["pid"] for w in self.json("status")["workers"]] == [child.pid], "it is on")
        self.assertEqual(self.launchers(), launchers)
        self.add("b", "--wait", "--", "true")
        self.write("go", "")
        self.sched("wait", "a")
        self.assertEqual((self.run_of("a")["attempt"], self.logs("a")), (1, "end\n"))
        child.terminate()
        self.assertEqual(child.wait(20), 0)
        until(lambda: not self.processes(), "nothing is left behind, no zombie either")

    def test_slots_that_follow_the_machine_stay_as_they_are(self):
        child = self.serve("--slots", "3..4000")
        self.stop(child)
        with open(f"{self.store}/workers/{child.pid}", "r+", encoding="ascii") as file:
            words = file.read().split()
            words[1] = "3000"
            file.seek(0)
            file.write(" ".join(words).ljust(159) + "\n")
        self.replace()
        child.send_signal(signal.SIGHUP)
        child.send_signal(signal.SIGCONT)
        wanted = os.stat(self.program).st_ino
        until(lambda: self.generation(child) == wanted, "the new program runs")
        self.add("a", "--wait", "--", "true")
        # Others may strain the machine meanwhile, which takes a quarter in two seconds.
        self.assertGreater(self.json("worker", "list")[0]["slots"], 1000)

    def test_it_can_be_cancelled_after_a_reload(self):
        child = self.serve()
        self.add("a", "--", "sleep", "600")
        self.until_state("a", "running")
        self.reload(child)
        self.sched("cancel", "a")
        self.sched("wait", "a", "--timeout", "20s", code=1)
        self.assertEqual(self.end_of("a"), ("cancelled", "cancelled by a person"))

    def test_another_worker_takes_nothing_over_meanwhile(self):
        child = self.serve()
        self.add("a", "--shell", "echo > begun; until [ -e go ]; do sleep 0.02; done")
        self.until_file("begun", "\n")
        other = self.start("run", "--slots", "1", "--progress", "plain")
        until(lambda: len(self.json("status")["workers"]) == 2, "both are there")
        for _ in range(5):
            self.reload(child)
        self.write("go", "")
        self.sched("wait", "a")
        other.terminate()
        self.assertNotIn("took over", self.finish(other).out)

    def test_a_program_that_cannot_be_executed_changes_nothing(self):
        child = self.serve()
        before = self.generation(child)
        for number, contents in enumerate((b"", b"\x7fELF nonsense", "#!/bin/sh\nexit 1\n",
                                           "#!/no/such/shell\n"), start=1):
            self.replace(contents)
            child.send_signal(signal.SIGHUP)
            until(lambda: self.read_log().count("does not answer to --version") == number,
                  f"it says so of {contents!r}")
        os.unlink(self.program)
        child.send_signal(signal.SIGHUP)
        log = until(lambda: "is not there" in self.read_log() and self.read_log(), "it says so")
        self.assertIn(f"sched run: warning: not reloaded, the old program goes on: '{self.program}' "
                      "is not there\n", log)
        self.assertEqual(self.generation(child), before)
        self.add("a", "--wait", "--", "true")

    def read_log(self):
        with open(self.path("log"), encoding="utf-8") as file:
            return file.read()

    def test_a_draining_worker_is_not_reloaded(self):
        child = self.serve()
        self.add("a", "--shell", "echo > begun; until [ -e go ]; do sleep 0.02; done")
        self.until_file("begun", "\n")
        child.terminate()
        until(lambda: "draining: nothing new starts" in self.read_log(), "it drains")
        child.send_signal(signal.SIGHUP)
        until(lambda: "draining: not reloaded" in self.read_log(), "it says so")
        self.write("go", "")
        self.assertEqual(child.wait(20), 0)


class Hangup(CommandTest):
    def test_on_a_terminal_it_drains(self):
        terminal = self.terminal("run", "--progress", "plain")
        self.add("a", "--shell", "echo > begun; until [ -e go ]; do sleep 0.02; done")
        self.until_file("begun", "\n")
        os.kill(terminal.pid, signal.SIGHUP)
        terminal.expect("draining")
        self.write("go", "")
        self.assertEqual(terminal.finish(), 0)
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_when_the_terminal_closes_it_drains(self):
        terminal = self.terminal("run", "--progress", "plain")
        self.add("a", "--shell", "echo > begun; until [ -e go ]; do sleep 0.02; done")
        self.until_file("begun", "\n")
        os.close(terminal.screen)
        self._terminals.remove(terminal)
        self.add("b", "--", "true")
        time.sleep(0.3)
        self.write("go", "")
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(terminal.pid, 0)[1]), 0)
        self.assertEqual((self.end_of("a")[0], self.run_of("b")["state"]), ("succeeded", "queued"))

    def test_one_that_ends_when_idle_drains(self):
        self.add("a", "--shell", "echo > begun; until [ -e go ]; do sleep 0.02; done")
        child = self.start("run", "--until-idle", start_new_session=True)
        self.until_file("begun", "\n")
        child.send_signal(signal.SIGHUP)
        self.write("go", "")
        self.assertIn("draining", self.finish(child).err)

    def test_under_nohup_it_stays_as_it_is(self):
        child = self.start("run", "--progress", "none",
                           preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
        until(lambda: self.json("status")["workers"], "the worker is there")
        child.send_signal(signal.SIGHUP)
        self.add("a", "--wait", "--", "true")
        self.assertIsNone(child.poll())
        child.terminate()
        self.assertEqual(self.finish(child).err, "")


if __name__ == "__main__":
    main()
