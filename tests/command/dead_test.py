#!/usr/bin/env python3
"""`sched dead`: what failed for good stands there until somebody has seen to it, and all ways out."""
import os
import signal

from care import CareTest
from support import main, until


class Dead(CareTest):
    def dead(self, *words):
        return [run["task"] for run in self.json("dead", "list", *words)]

    def count(self):
        return self.json("status")["counts"]["dead"]

    def test_bad_ends_stand_in_the_list_with_reason_and_last_output(self):
        self.add("good", "--", "true")
        self.add("bad", "--retries", "1", "--backoff", "fixed:0s", "--shell",
                 "seq 1 20; printf 'no end of line'; exit 3")
        self.add("slow", "--timeout", "100ms", "--", "sleep", "600")
        self.add("below", "--after", "bad", "--", "true")
        self.add("off", "--", "true")
        self.sched("cancel", "off")
        self.work(code=1)
        self.assertEqual(sorted(self.dead()), ["bad", "slow"])
        self.assertEqual(self.count(), 2)
        bad = self.json("dead", "show", "bad")
        self.assertEqual(bad["output"], [str(i) for i in range(12, 21)] + ["no end of line"])
        self.assertEqual((bad["outcome"], bad["attempt"], bad["tries"]), ("failed", 2, 2))
        self.assertIn("exit 3", bad["reason"])
        self.assertIsNone(bad["resolved_at"])
        page = self.sched("dead", "show", "bad").out
        for text in ("exit 3", "2 of 2", "no end of line", f"sched dead retry run-{bad['id']}"):
            self.assertIn(text, page)
        self.assertIn("no end of line", self.sched("dead", "list", env={"COLUMNS": "200"}).out)

    def test_stderr_that_is_kept_apart_is_what_is_shown_and_long_lines_are_cut(self):
        self.add("a", "--split-output", "--shell",
                 "echo out; head -c 5000 /dev/zero | tr '\\0' x >&2; exit 1")
        self.work(code=1)
        self.assertEqual(self.json("dead", "show", "a")["output"], ["x" * 1000])

    def test_a_lost_run_is_one(self):
        self.add("a", "--shell", "echo up > up; exec sleep 600")
        worker = self.worker()
        self.until_file("up")
        launcher = self.json("status")["workers"][0]["launchers"][0]["pid"]
        os.kill(launcher, signal.SIGKILL)
        until(lambda: self.dead() == ["a"], "it is a dead letter")
        self.assertEqual(self.json("dead", "show", "a")["outcome"], "lost")
        worker.terminate()
        worker.wait()

    def test_retry_takes_it_from_the_list_until_it_ends_badly_again(self):
        self.add("a", "--shell", "[ -e mended ]")
        self.work(code=1)
        self.assertIn("retrying a (run-1)", self.sched("dead", "retry", "a").out)
        self.assertEqual(self.dead(), [])
        self.work(code=1)
        self.assertEqual(self.dead(), ["a"])
        self.write("mended", "")
        self.sched("dead", "retry", "run-1")
        self.work()
        self.assertEqual((self.dead(), self.count()), ([], 0))
        self.assertEqual(self.run_of("run-1")["attempt"], 3)

    def test_edit_changes_the_task_and_tries_again_or_does_neither(self):
        self.add("a", "--", "false")
        self.add("b", "--", "false")
        self.work(code=1)
        self.assert_refused("dead", "edit", "a", "--edit", "timeout=soon", says="timeout")
        self.assertEqual(sorted(self.dead()), ["a", "b"])
        self.assert_refused("dead", "edit", "a", says="nothing to change")
        self.assert_refused("dead", "edit", "--all", "--edit", "shell=true", says="one by one")
        self.sched("dead", "edit", "a", "--edit", "shell=true")
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")
        self.assertEqual(self.dead(), ["b"])

    def test_resolve_keeps_the_note(self):
        self.add("a", "--", "false")
        self.work(code=1)
        self.assert_refused("dead", "resolve", "a", says="nothing says", hint="--note")
        self.assertEqual(self.sched("dead", "resolve", "a", "--note", "sent by hand").out,
                         "resolved a (run-1)\n")
        self.assertEqual((self.dead(), self.count()), ([], 0))
        run = self.run_of("a")
        self.assertEqual((run["outcome"], run["resolution"]), ("failed", "sent by hand"))
        self.assertIsNotNone(run["resolved_at"])
        self.assertIn("sent by hand", self.sched("show", "run-1").out)
        self.assertIn("sent by hand", self.sched("dead", "show", "run-1").out)
        self.assert_refused("dead", "resolve", "run-1", "--note", "x", says="sent by hand")
        self.sched("retry", "run-1")
        self.work(code=1)
        self.assertEqual(self.dead(), ["a"])
        self.assertIsNone(self.run_of("a")["resolution"])

    def test_named_ones_are_all_done_or_none(self):
        self.add("a", "--", "false")
        self.add("good", "--", "true")
        self.work(code=1)
        for action in ("retry", "purge", ("resolve", "--note", "x")):
            words = (action,) if isinstance(action, str) else action
            self.assert_refused("dead", *words, "a", "good", code=3, says="no dead letters")
            self.assert_refused("dead", *words, "a", "run-2", says="succeeded")
            self.assertEqual(self.dead(), ["a"])

    def test_purge_removes_run_and_logs_and_says_what_stays(self):
        self.add("once", "--", "sh", "-c", "echo x; exit 1")
        self.add("again", "--manual", "--", "false")
        for _ in range(2):
            self.sched("start", "again")
            self.work(code=1)
        self.assertEqual(len(self.dead()), 3)
        self.assertEqual(self.sched("dead", "purge", "once").out, "removed 1 run and 1 task\n")
        done = self.sched("dead", "purge", "--all", code=4)
        self.assertEqual(done.out, "removed 1 run and 0 tasks\n")
        self.assertIn("1 run stayed (run-3)", done.err)
        self.assertEqual([run["id"] for run in self.json("dead", "list")], [3])
        self.assertEqual([task["name"] for task in self.json("list")], ["again"])
        self.assert_sound()
        self.assertEqual(self.json("doctor")["ailments"], [])

    def test_a_later_success_makes_good_for_earlier_ends(self):
        self.add("a", "--manual", "--shell", "[ -e mended ]")
        self.add("other", "--", "false")
        self.sched("start", "a")
        self.work(code=1)
        self.sched("start", "a")
        self.work(code=1)
        self.assertEqual(sorted(self.dead()), ["a", "a", "other"])
        self.write("mended", "")
        self.sched("start", "a")
        self.work()
        self.assertEqual(self.dead(), ["other"])
        newest = self.run_of("a")["id"]
        for run in self.json("runs", "a", "--outcome", "failed"):
            self.assertEqual(run["resolution"], f"run-{newest} succeeded")

    def test_a_success_does_no_other_firings_work_where_all_are_made_up_for(self):
        self.add("a", "--cron", "0 0 1 1 *", "--catch-up", "all", "--shell", "[ -e mended ]")
        self.sched("start", "a")
        self.work(code=1)
        self.write("mended", "")
        self.sched("start", "a")
        self.work()
        self.assertEqual(self.dead(), ["a"])

    def test_many_are_chosen_by_filter_pattern_or_stdin(self):
        self.sched("queue", "add", "q")
        for name, words in (("mail-1", ("--tag", "m")), ("mail-2", ("--tag", "m")),
                            ("etl", ("--queue", "q")), ("slow", ("--timeout", "50ms"))):
            self.add(name, *words, "--", *(("sleep", "9") if name == "slow" else ("false",)))
        self.work(code=1)
        self.assertEqual(self.dead("--queue", "q"), ["etl"])
        self.assertEqual(self.dead("--outcome", "timed_out"), ["slow"])
        self.assertEqual(sorted(self.dead("mail-*")), ["mail-1", "mail-2"])
        self.assertEqual(self.dead("etl"), ["etl"])
        self.assertEqual(len(self.dead("-n", "2")), 2)
        self.assertEqual(len(self.dead("--since", "1d")), 4)
        self.change("UPDATE runs SET finished_at_ms = finished_at_ms - 172800000 WHERE id = 1")
        self.assertEqual(len(self.dead("--since", "1d")), 3)
        self.sched("dead", "resolve", "--tag", "m", "--since", "1d", "--note", "x")
        self.assertEqual(sorted(self.dead()), ["etl", "mail-1", "slow"])
        self.sched("dead", "resolve", "-", "--note", "x", stdin="etl\n")
        self.sched("dead", "retry", "mail-*")
        self.assertEqual(self.dead(), ["slow"])
        self.sched("dead", "purge", "--all")
        self.assertEqual((self.dead(), self.count()), ([], 0))
        self.assertIn("no dead letters", self.sched("dead", "list").err)

    def test_wrong_input_is_said(self):
        self.add("a", "--", "false")
        self.work(code=1)
        for words, says in ((("lst",), "unknown action"), (("retry",), "nothing says"),
                            (("list", "--note", "x"), "--note"),
                            (("retry", "a", "--edit", "nice=1"), "--edit"),
                            (("show", "--all"), "one at a time"),
                            (("list", "--downstream"), "--downstream"),
                            (("retry", "a", "--since", "1d"), "--since"),
                            (("list", "--since", "soon"), "--since")):
            self.assert_refused("dead", *words, says=says)
        self.assertIn("--json: purge", self.sched("dead", "purge", "a", "--json", code=2).err)
        self.assert_refused("dead", "list", "nobody", code=3, says="nobody")
        self.assert_refused("dead", "show", "run-99", code=3, says="run-99")


if __name__ == "__main__":
    main()
