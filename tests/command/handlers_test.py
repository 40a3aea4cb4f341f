#!/usr/bin/env python3
"""`--on-failure` and `--on-success`: a run for each end, whatever crashes, and none besides."""
import collections
import json
import os
import signal

from care import CareTest
from support import main, until

TELL = ('echo "$SCHED_FOR_TASK $SCHED_FOR_RUN_ID $SCHED_FOR_OUTCOME $SCHED_FOR_REASON" '
        '>> history')


class Handlers(CareTest):
    def handler(self, name="notify", *words):
        self.add(name, "--manual", *words, "--shell", TELL)

    def shown(self, task):
        page = self.json("show", task)
        return page["on_failure"], page["on_success"], page["fallback"], page["runs_for"]

    # What runs when.

    def test_a_bad_end_calls_its_handlers_and_a_good_one_the_others(self):
        self.handler()
        self.handler("second")
        self.handler("cheer")
        self.add("bad", "--on-failure", "notify", "--on-failure", "second", "--on-success",
                 "cheer", "--", "false")
        self.add("good", "--on-failure", "notify", "--on-success", "cheer", "--", "true")
        self.work(code=1)
        run = self.run_of("bad")["id"]
        good = self.run_of("good")["id"]
        self.assertEqual(sorted(self.history()), [
            f"bad {run} failed exit 1", f"bad {run} failed exit 1",
            f"good {good} succeeded exit 0"])
        self.assertEqual(self.run_of("notify")["trigger"], f"failure:{run}.1")
        self.assertEqual(self.run_of("cheer")["trigger"], f"success:{good}.1")

    def test_only_the_last_attempt_is_an_end(self):
        self.handler()
        self.add("job", "--retries", "2", "--backoff", "fixed:0s", "--on-failure", "notify",
                 "--shell", "echo try >> history; exit 3")
        self.work(code=1)
        self.assertEqual(self.history(), ["try"] * 3 + ["job 1 failed exit 3 (attempt 3 of 3)"])

    def test_a_timeout_is_a_failure_and_a_cancelled_run_is_none(self):
        self.handler()
        self.add("slow", "--timeout", "100ms", "--on-failure", "notify", "--", "sleep", "600")
        self.add("off", "--on-failure", "notify", "--", "sleep", "600")
        self.worker()
        self.until_state("off", "running")
        self.sched("cancel", "off")
        self.sched("wait", "off", "slow", code=1)
        self.sched("wait", "--all")
        self.assertEqual(self.history(), ["slow 1 timed_out time limit of 100ms reached"])

    def test_what_is_told_is_the_end_as_it_was_whatever_became_of_the_run(self):
        self.handler()
        self.sched("pause", "notify")
        self.add("job", "--on-failure", "notify", "--shell", "[ -e mended ]")
        self.work(code=1)
        self.write("mended", "")
        self.sched("retry", "job")
        self.work()
        self.sched("edit", "job", "--name", "renamed")
        self.sched("rm", "renamed")
        self.assertEqual(self.history(), [])
        self.sched("resume", "notify")
        self.work()
        self.assertEqual(self.history(), ["job 1 failed exit 1"])
        self.assertEqual(self.run_of("notify")["cause"], {
            "kind": "failure", "run_id": 1, "task": "job", "outcome": "failed",
            "reason": "exit 1"})
        self.assert_sound()

    def test_text_of_the_end_is_never_read_by_a_shell(self):
        name = self.write("x;touch pwned", "")
        self.handler()
        self.add("job", "--on-failure", "notify", "--", name)
        self.work(code=1)
        self.assertEqual(len(self.history()), 1)
        self.assertIn("x;touch pwned", self.history()[0])
        self.assertEqual([], [n for n in self.names(self.home) if n == "pwned"])

    def test_a_retry_by_hand_that_fails_again_calls_again(self):
        self.handler()
        self.add("job", "--on-failure", "notify", "--", "false")
        self.work(code=1)
        self.sched("retry", "job")
        self.work(code=1)
        self.assertEqual(self.history(), ["job 1 failed exit 1"] * 2)

    def test_a_handler_has_handlers_and_tasks_after_it(self):
        self.handler()
        self.add("fix", "--manual", "--on-failure", "notify", "--", "false")
        self.add("log", "--after", "fix:done", "--shell", "echo log >> history")
        self.add("job", "--on-failure", "fix", "--", "false")
        self.work(code=1)
        fix = self.run_of("fix")["id"]
        self.assertEqual(sorted(self.history()), [f"fix {fix} failed exit 1", "log"])

    # Faults.

    def test_each_end_calls_once_though_the_worker_is_killed_again_and_again(self):
        self.handler()
        self.handler("cheer")
        kills = 0
        for batch in range(0, 16, 4):
            for number in range(batch, batch + 4):
                self.add(f"t{number}", "--on-failure", "notify", "--on-success", "cheer", "--shell",
                         f"sleep 0.2; exit {number % 2}")
            while any(run["state"] != "finished" for run in self.json("runs", "--limit", "1000")):
                seen = len(self.history())
                worker = self.worker(slots=2)
                until(lambda: worker.poll() is not None or len(self.history()) > seen or all(
                    run["state"] == "finished" for run in self.json("runs", "--limit", "1000")),
                      "it gets on")
                worker.kill()
                worker.wait()
                kills += 1
        self.assertGreater(kills, 3)
        told = collections.Counter(line.split()[0] for line in self.history())
        self.assertEqual(told, {f"t{number}": 1 for number in range(16)})
        self.assertEqual(len(self.json("runs", "notify", "--limit", "1000")), 8)
        self.assertEqual(len(self.json("runs", "cheer", "--limit", "1000")), 8)
        self.assert_sound()

    def test_an_end_that_came_while_no_worker_was_there_calls_too(self):
        self.handler()
        self.add("job", "--on-failure", "notify", "--shell",
                 "echo begun > begun; until [ -e go ]; do sleep 0.02; done; exit 4")
        worker = self.worker()
        self.until_file("begun")
        worker.kill()
        worker.wait()
        self.write("go", "")
        self.work(code=1)
        self.assertEqual(self.history(), ["job 1 failed exit 4"])

    def test_a_lost_run_calls(self):
        self.handler()
        self.add("job", "--on-failure", "notify", "--shell", "echo > begun; exec sleep 600")
        self.worker()
        self.until_file("begun")
        for pid in self.launchers():
            os.kill(pid, signal.SIGKILL)
        until(self.history, "the handler ran")
        self.assertTrue(self.history()[0].startswith("job 1 lost "), self.history())

    # Saying so, and taking it back.

    def test_show_tells_it_from_both_ends(self):
        self.handler()
        self.add("job", "--on-failure", "notify", "--on-success", "notify", "--", "false")
        self.assertEqual(self.shown("job"), (["notify"], ["notify"], None, []))
        self.assertEqual(self.shown("notify"), ([], [], None, ["job:failure", "job:success"]))
        self.work(code=1)
        page = self.sched("show", "job").out
        self.assertRegex(page, r"On failure +notify")
        self.assertRegex(page, r"On success +notify")
        self.assertRegex(self.sched("show", "notify").out, r"Runs for +job:failure, job:success")
        run = self.run_of("notify")["id"]
        self.assertRegex(self.sched("show", "run-1").out,
                         rf"Followed by +run-{run} of notify \(failure\): succeeded")
        self.assertRegex(self.sched("show", f"run-{run}").out,
                         r"Runs +for run-1 of job, failed: exit 1")
        self.assertEqual([each["id"] for each in self.run_of("run-1")["followers"]], [run])
        self.assertIsNone(self.run_of("run-1")["cause"])

    def test_edit_replaces_those_of_a_kind_and_takes_them_away(self):
        for name in ("a", "b", "c"):
            self.handler(name)
        self.add("job", "--on-failure", "a", "--on-success", "c", "--manual", "--", "false")
        self.sched("edit", "job", "--on-failure", "b", "--on-failure", "a")
        self.assertEqual(self.shown("job"), (["a", "b"], ["c"], None, []))
        self.sched("edit", "job", "--timeout", "1m")
        self.assertEqual(self.shown("job"), (["a", "b"], ["c"], None, []))
        self.sched("edit", "job", "--on-failure", "")
        self.assertEqual(self.shown("job"), ([], ["c"], None, []))
        self.sched("start", "job")
        self.work(code=1)
        self.assertEqual(self.history(), [])

    def test_json_lines_name_each_other_in_any_order(self):
        lines = [{"name": "job", "command": ["false"], "on-failure": ["notify", "log"],
                  "fallback": "rescue"},
                 {"name": "notify", "manual": True, "shell": TELL},
                 {"name": "log", "manual": True, "command": ["true"]},
                 {"name": "rescue", "manual": True, "command": ["true"], "on-success": "log"}]
        self.sched("add", "--from", "-", stdin="\n".join(map(json.dumps, lines)))
        self.assertEqual(self.shown("job"), (["notify", "log"], [], "rescue", []))
        self.assertEqual(self.shown("log")[3], ["job:failure", "rescue:success"])
        self.work()
        self.assertEqual(len(self.json("runs", "log")), 2)

    def test_replace_takes_the_handlers_that_are_given_and_skip_none(self):
        self.handler()
        self.handler("other")
        self.add("job", "--manual", "--on-failure", "notify", "--", "true")
        self.add("job", "--manual", "--on-failure", "other", "--if-exists", "skip", "--", "true")
        self.assertEqual(self.shown("job")[0], ["notify"])
        self.add("job", "--manual", "--on-failure", "other", "--if-exists", "replace", "--",
                 "true")
        self.assertEqual(self.shown("job")[0], ["other"])
        self.add("job", "--manual", "--if-exists", "replace", "--", "true")
        self.assertEqual(self.shown("job")[0], [])

    def test_a_backup_keeps_them_and_ends_that_it_lost_call(self):
        self.handler()
        self.add("job", "--on-failure", "notify", "--", "sleep", "600")
        worker = self.worker()
        self.until_started("job", "sleep")
        backup = self.backup()
        worker.kill()
        worker.wait()
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        until(lambda: not self.processes(), "nothing of it is left")
        self.sched("restore", backup, "--force", code=None)
        self.assertEqual(self.shown("job")[0], ["notify"])
        self.sched("resume", "--all", code=None)
        self.work(code=None)
        self.assertEqual(self.run_of("job")["outcome"], "lost")
        self.assertEqual(len(self.history()), 1, self.sched("runs").out)
        self.assert_sound()

    def test_export_says_what_it_loses(self):
        self.handler()
        self.add("job", "--cron", "0 3 * * *", "--on-failure", "notify", "--fallback", "notify",
                 "--max-fails", "2", "--", "true")
        for language in ("crontab", "systemd"):
            text = self.sched("export", language, "job", code=1).out
            for option in ("--on-failure", "--fallback", "--max-fails"):
                self.assertIn(option, text)
            self.assertNotIn("--on-success", text)

    def test_a_handler_is_not_removed_while_others_call_it(self):
        self.handler()
        self.add("one", "--on-failure", "notify", "--", "false")
        self.add("two", "--on-success", "notify", "--", "false")
        self.assert_refused("rm", "notify", says=["notify runs at the ends of one, two"],
                            hint="sched edit one --on-failure")
        self.assert_refused("rm", "--cascade", "notify", says="runs at the ends of")
        self.assert_refused("rm", "notify", "one", says="runs at the ends of one, two")
        done = self.sched("rm", "notif*", code=None)
        self.assertIn("runs at the ends of others", done.err)
        self.assertEqual(len(self.json("list")), 3)
        self.sched("rm", "notify", "one", "two")
        self.assertEqual(self.json("list"), [])
        self.assert_sound()

    def test_all_are_removed_at_once_and_one_that_is_called_goes_alone(self):
        self.handler()
        self.add("one", "--on-failure", "notify", "--", "false")
        self.work(code=1)
        self.sched("rm", "one")
        self.assertEqual(self.shown("notify")[3], [])
        self.assertEqual(self.run_of("notify")["cause"]["task"], "one")
        self.add("two", "--on-failure", "notify", "--", "false")
        self.sched("rm", "--all")
        self.assertEqual(self.json("list"), [])
        self.assert_sound()

    # Wrong input.

    def test_names_that_are_not_there_or_its_own_are_refused(self):
        self.handler()
        before = self.snapshot()
        for option in ("--on-failure", "--on-success", "--fallback"):
            self.assert_refused("add", "a", option, "notfy", "--", "true", code=3,
                                says=[option + " 'notfy'", "there is no task"], hint="notify")
            self.assert_refused("add", "a", option, "", "--", "true", says="empty")
            self.assert_refused("add", "a", option, "a", "--", "true",
                                says="a task can't handle its own end")
        self.assert_refused("add", "a", "--fallback", "notify", "--fallback", "notify", "--",
                            "true", says="given 2 times")
        self.assert_refused("edit", "notify", "--on-failure", "notify", says="its own end")
        self.assertEqual(self.snapshot(), before)

    def test_cycles_are_refused_and_named_in_full(self):
        self.add("a", "--manual", "--", "true")
        self.add("b", "--manual", "--on-failure", "a", "--", "true")
        self.add("c", "--manual", "--on-success", "b", "--", "true")
        self.assert_refused(
            "edit", "a", "--fallback", "c",
            says="cycle: a --fallback c, c --on-success b, b --on-failure a")
        self.assertEqual(self.shown("a"), ([], [], None, ["b:failure"]))
        self.sched("edit", "a", "--on-success", "")
        lines = [{"name": "x", "manual": True, "command": ["true"], "on-failure": "y"},
                 {"name": "y", "manual": True, "command": ["true"], "fallback": "x"}]
        done = self.sched("add", "--from", "-", stdin="\n".join(map(json.dumps, lines)), code=2)
        self.assertIn("x --on-failure y, y --fallback x", done.err)
        self.assertEqual(len(self.json("list")), 3)

    def test_a_cycle_through_what_comes_after_is_one(self):
        self.add("top", "--manual", "--", "true")
        self.add("below", "--after", "top", "--", "true")
        self.assert_refused("edit", "below", "--on-success", "top",
                            says="cycle: below --on-success top, below --after top")
        self.add("timed", "--cron", "0 3 * * *", "--after", "top", "--on-failure", "top", "--",
                 "true")
        self.assert_refused("add", "below", "--if-exists", "replace", "--after", "top",
                            "--on-failure", "top", "--", "true", says="cycle")
        self.assert_refused("add", "timed", "--if-exists", "replace", "--after", "top",
                            "--on-failure", "top", "--", "true",
                            says="cycle: timed --on-failure top, timed --after top")
        self.sched("edit", "timed", "--timeout", "1m")

    def test_a_handler_that_runs_by_itself_too_is_warned_of(self):
        self.add("once", "--at", "tomorrow 09:00", "--", "true")
        done = self.add("job", "--manual", "--on-failure", "once", "--", "true")
        self.assertIn("also runs once by itself", done.err)
        self.handler()
        self.assertEqual(self.add("calm", "--manual", "--on-failure", "notify", "--",
                                  "true").err, "")

    def test_help_and_completion_know_them(self):
        text = self.sched("add", "--help").out
        for option in ("--on-failure", "--on-success", "--fallback", "--max-fails"):
            self.assertIn(option, text)


if __name__ == "__main__":
    main()
