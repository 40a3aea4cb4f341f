#!/usr/bin/env python3
"""`sched run`: its end, its progress, signals to it, and two of it on one store."""
import collections
import os
import re
import signal
import time

from support import CommandTest, main, until


class UntilIdle(CommandTest):
    def test_an_empty_store_is_idle(self):
        self.sched("run", "--until-idle")

    def test_its_exit_code_tells_whether_a_run_ended_badly(self):
        self.add("a", "--", "true")
        self.work(code=0)
        self.add("b", "--", "false")
        self.work(code=1)
        self.work(code=0)  # What failed before is not this worker's.

    def test_a_retry_that_succeeds_is_a_good_end(self):
        self.add("a", "--retries", "3", "--backoff", "fixed:10ms", "--shell",
                 '[ "$SCHED_ATTEMPT" = 3 ]')
        self.work(code=0)
        self.assertEqual(self.run_of("a")["attempt"], 3)

    def test_a_skipped_branch_alone_is_no_bad_end(self):
        self.add("a", "--", "true")
        self.add("never", "--after", "a:failure", "--", "true")
        self.work(code=0)
        self.assertEqual(self.end_of("never")[0], "skipped")

    def test_it_does_not_wait_for_what_is_not_due(self):
        self.add("late", "--at", "+1h", "--", "true")
        self.add("held", "--", "true")
        self.sched("hold", "held")
        self.work()
        self.assertEqual(self.run_of("late")["state"], "waiting")

    def test_it_waits_for_a_retry_that_is_to_come(self):
        self.add("a", "--retries", "1", "--backoff", "fixed:300ms", "--shell",
                 '[ "$SCHED_ATTEMPT" = 2 ]')
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_what_a_run_adds_is_run_too(self):
        from support import SCHED
        self.add("outer", "--env-all", "--", SCHED, "--store", self.store, "add", "inner", "--",
                 "true")
        self.work()
        self.assertEqual(self.end_of("inner")[0], "succeeded")


class Progress(CommandTest):
    def tasks(self):
        self.add("good", "--", "true")
        self.add("bad", "--after", "good", "--", "sh", "-c", "exit 9")

    def test_plain_lines_tell_each_start_and_end(self):
        self.tasks()
        out = self.sched("run", "--until-idle", code=1).out
        for words in ("started    good (run-1)", "succeeded  good (run-1)", "started    bad (run-2)",
                      "failed     bad (run-2)", "exit 9"):
            self.assertIn(words, out)
        self.assertRegex(out.splitlines()[-1], r"^2 runs ended, 1 badly, in ")
        self.assertNotIn("\x1b", out)

    def test_none_is_silent(self):
        self.tasks()
        done = self.sched("run", "--until-idle", "--progress", "none", code=1)
        self.assertEqual((done.out, done.err), ("", ""))

    def test_on_a_terminal_a_bar_counts_and_names_what_failed(self):
        for i in range(6):
            self.add(f"t{i}", "--", "sleep", "0.3")
        self.add("bad", "--", "sh", "-c", "exit 9")
        seen = self.on_terminal("run", "--until-idle", "--slots", "2", code=1).decode()
        self.assertIn("exit 9", seen)
        bars = re.findall(r"\[#*\.*\] ([^\r\n\x1b]*)", seen)
        self.assertTrue(any("running" in bar and "waiting" in bar for bar in bars), seen)
        self.assertTrue(any("1 failed" in bar for bar in bars), seen)
        for drawn in re.split(r"[\r\n]+", re.sub(r"\x1b\[K", "", seen)):
            self.assertLessEqual(len(drawn), 80)
        self.assertIn("7 runs ended, 1 badly", seen)

    def test_the_bar_fits_a_narrow_terminal(self):
        self.add("t", "--", "sleep", "0.3")
        seen = self.on_terminal("run", "--until-idle", columns=30).decode()
        for drawn in re.split(r"[\r\n]+", re.sub(r"\x1b\[K", "", seen)):
            if "ended" not in drawn:
                self.assertLessEqual(len(drawn), 30)

    def test_plain_can_be_asked_for_on_a_terminal_and_the_bar_elsewhere(self):
        self.tasks()
        seen = self.on_terminal("run", "--until-idle", "--progress", "plain", code=1)
        self.assertIn(b"started    good", seen)
        self.assertNotIn(b"\x1b", seen)
        self.add("again", "--", "true")
        self.assertIn("\r", self.sched("run", "--until-idle", "--progress", "bar").out)

    def test_its_reader_may_leave(self):
        for i in range(20):
            self.add("--", "true")
        child = self.start("run", "--until-idle", "--progress", "plain")
        child.stdout.readline()
        child.stdout.close()
        self.assertEqual(child.wait(30), 0)
        child.stderr.close()
        self.assertEqual(len(self.json("runs", "--outcome", "succeeded")), 20)


class Signals(CommandTest):
    def test_the_first_sigterm_drains_what_runs_ends_well_and_nothing_starts(self):
        worker = self.worker(slots=1)
        self.add("now", "--shell", "echo > begun; while [ ! -e go ]; do sleep 0.02; done")
        self.add("next", "--", "true")
        self.until_file("begun", "\n")
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        self.assertIsNone(worker.poll())
        self.write("go", "")
        self.assertEqual(worker.wait(20), 0)
        self.assertEqual(self.end_of("now")[0], "succeeded")
        self.assertEqual(self.run_of("next")["state"], "queued")

    def test_the_second_sigterm_ends_what_runs(self):
        worker = self.worker()
        self.add("long", "--", "sleep", "600")
        self.until_state("long", "running")
        worker.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        self.assertEqual(worker.wait(20), 130)
        self.assertEqual(self.end_of("long"),
                         ("cancelled", "ended with its worker, which was told to stop at once"))
        until(lambda: not self.processes("sleep"), "the command is gone")

    def test_sigint_does_as_sigterm(self):
        worker = self.worker()
        self.assertIsNone(worker.poll())
        worker.send_signal(signal.SIGINT)
        self.assertEqual(worker.wait(20), 0)

    def test_twice_ctrl_c_on_a_terminal_ends_all(self):
        self.add("long", "--", "sleep", "600")
        terminal = self.terminal("run")
        self.until_state("long", "running")
        terminal.send(b"\x03")
        terminal.expect("draining")
        self.assertEqual(self.run_of("long")["state"], "running")
        terminal.send(b"\x03")
        self.assertEqual(terminal.finish(), 130)
        self.assertEqual(self.end_of("long")[0], "cancelled")

    def test_an_idle_worker_goes_at_once_and_leaves_nothing_behind(self):
        worker = self.worker()
        worker.terminate()
        self.assertEqual(worker.wait(20), 0)
        until(lambda: not self.processes(), "no process of this store is left")

    def test_a_stopped_worker_goes_on_where_it_was(self):
        worker = self.worker()
        self.stop(worker)
        self.add("a", "--", "true")
        worker.send_signal(signal.SIGCONT)
        self.sched("wait", "a")


class Workers(CommandTest):
    def test_two_share_a_store_and_start_each_run_once(self):
        self.add("--from", "-", stdin="".join(
            '{"name": "t%d", "shell": "echo $SCHED_RUN_ID $SCHED_ATTEMPT >> %s/history"}\n'
            % (i, self.home) for i in range(150)))
        workers = [self.start("run", "--until-idle", "--slots", "3", "--progress", "plain")
                   for _ in range(2)]
        told = [self.finish(worker, timeout=60).out for worker in workers]
        with open(self.path("history"), encoding="ascii") as file:
            counts = collections.Counter(file.read().splitlines())
        self.assertEqual(len(counts), 150)
        self.assertEqual(set(counts.values()), {1})
        # What waited for a slot in vain is told as one that could not begin, and is started again.
        begun = sum(out.count(" started ") - out.count(" could not begin") for out in told)
        self.assertEqual(begun, 150)

    def test_both_are_shown_and_one_may_leave(self):
        first, second = self.worker(), self.worker()
        self.assertEqual({worker["pid"] for worker in self.json("status")["workers"]},
                         {first.pid, second.pid})
        first.terminate()
        first.wait(20)
        self.add("a", "--wait", "--", "true")
        self.assertEqual([worker["pid"] for worker in self.json("status")["workers"]],
                         [second.pid])

    def test_an_idle_worker_hears_of_a_new_task_at_once(self):
        self.worker()
        began = time.monotonic()
        self.add("a", "--wait", "--", "true")
        self.assertLess(time.monotonic() - began, 1.5)

    def test_slots_bound_what_runs_at_once(self):
        self.worker(slots=2)
        for i in range(4):
            self.add(f"t{i}", "--", "sleep", "600")
        until(lambda: len(self.json("runs", "--state", "running")) == 2, "two run")
        self.assertEqual(len(self.json("runs", "--state", "queued")), 2)


class Children(CommandTest):
    def test_a_grandchild_that_stays_behind_holds_nothing_open(self):
        self.add("daemon", "--shell", "sleep 600 & echo started")
        began = time.monotonic()
        self.work()
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual((self.end_of("daemon")[0], self.logs("daemon")), ("succeeded", "started\n"))
        until(lambda: not self.processes("sleep"), "what was left in its session is ended")

    def test_a_command_has_no_terminal_and_a_session_of_its_own(self):
        self.add("session", "--shell", 'ps -o sid= -p $$ | tr -d " "; echo $$')
        if not os.path.exists("/usr/bin/ps"):
            self.skipTest("ps is not installed")
        self.work()
        session, pid = self.logs("session").split()
        self.assertEqual(session, pid)

    def test_a_command_inherits_no_open_file_of_ours(self):
        self.add("files", "--shell", "ls -l /proc/self/fd | grep -c -e sched -e socket -e journal")
        self.work(code=1)
        self.assertEqual(self.logs("files"), "0\n")

    def test_signals_are_as_a_shell_would_leave_them(self):
        self.add("signals", "--", "grep", "-E", "^Sig(Blk|Ign):", "/proc/self/status")
        self.work()
        self.assertEqual({line.split()[1] for line in self.logs("signals").splitlines()},
                         {"0" * 16})


if __name__ == "__main__":
    main()
