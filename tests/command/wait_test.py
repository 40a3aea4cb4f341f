#!/usr/bin/env python3
"""`sched wait` and `sched start`: one, many, all, any, and their exit codes."""
import json
import signal
import time

from support import CommandTest, main


class Wait(CommandTest):
    def setUp(self):
        super().setUp()
        self.add("good", "--", "true")
        self.add("bad", "--", "sh", "-c", "exit 7")

    def test_what_has_ended_is_told_at_once(self):
        self.work(code=1)
        self.assertEqual(self.sched("wait", "good").out, "")
        self.assertIn("exit 7", self.sched("wait", "bad", code=1).err)
        self.sched("wait", "good", "bad", code=1)
        self.sched("wait", "run-1")
        self.sched("wait", "--all")

    def test_the_commands_own_exit_code_is_lent(self):
        self.add("killed", "--shell", "kill -9 $$")
        self.add("gone", "--", "no-such-program")
        self.work(code=1)
        self.sched("wait", "bad", "--exit-code", code=7)
        self.sched("wait", "good", "--exit-code", code=0)
        self.sched("wait", "killed", "--exit-code", code=137)
        self.sched("wait", "gone", "--exit-code", code=1)
        self.assert_refused("wait", "good", "bad", "--exit-code")

    def test_all_waits_for_the_last_and_any_for_the_first(self):
        self.add("blocked", "--", "sleep", "600")
        self.worker(slots=4)
        self.sched("wait", "good", "blocked", "--any")
        self.sched("wait", "bad", "blocked", "--any", "--timeout", "20s", code=1)
        waiting = self.start("wait", "--all")
        self.until_state("bad", "finished")
        self.assertIsNone(waiting.poll())
        self.sched("cancel", "blocked")
        done = self.finish(waiting, code=1)
        self.assertIn("cancelled", done.err)

    def test_its_time_may_run_out(self):
        began = time.monotonic()
        done = self.sched("wait", "good", "--timeout", "300ms", code=6)
        self.assertRegex(done.err, r"(?m)^sched wait: .*time is up.*\n  hint: .*sched explain")
        self.assertGreaterEqual(time.monotonic() - began, 0.3)
        self.sched("wait", "good", "--timeout", "0s", code=6)

    def test_it_says_when_no_worker_is_there(self):
        child = self.start("wait", "good")
        line = child.stderr.readline().decode()
        self.assertIn("no worker", line)
        child.send_signal(signal.SIGINT)
        self.finish(child, code=130)

    def test_it_waits_over_retries(self):
        self.add("again", "--retries", "2", "--backoff", "fixed:100ms", "--shell",
                 '[ "$SCHED_ATTEMPT" = 3 ]')
        self.worker()
        self.sched("wait", "again")

    def test_a_tag_names_many(self):
        self.add("x", "--tag", "t", "--", "true")
        self.add("y", "--tag", "t", "--", "true")
        self.work(code=1)
        self.sched("wait", "--tag", "t")
        self.assert_refused("wait", "--tag", "none", code=3)

    def test_wrong_use_is_refused(self):
        self.assert_refused("wait")
        self.assert_refused("wait", "--all", "--any")
        self.assert_refused("wait", "goood", code=3, hint="did you mean 'good'?")
        self.assert_refused("wait", "run-99", code=3)
        self.assert_refused("wait", "good", "--timeout", "5")
        self.assert_refused("wait", "good", "--timeout", "-5s")

    def test_a_task_that_is_removed_meanwhile_ends_the_wait(self):
        child = self.start("wait", "good")
        child.stderr.readline()
        self.sched("rm", "good")
        done = self.finish(child, code=3)
        self.assertIn("removed", done.err)

    def test_json_tells_the_runs(self):
        self.work(code=1)
        runs = json.loads(self.sched("wait", "good", "bad", "--json", code=1).out)
        self.assertEqual({run["task"]: run["outcome"] for run in runs},
                         {"good": "succeeded", "bad": "failed"})

    def test_json_of_a_time_that_ran_out_is_an_object_on_stderr(self):
        done = self.sched("wait", "good", "--timeout", "1ms", "--json", code=6)
        last = done.err.strip().splitlines()[-1]
        self.assertEqual(json.loads(last)["error"]["exit_code"], 6)


class Start(CommandTest):
    def test_a_task_is_run_again_beside_its_earlier_runs(self):
        self.add("a", "--", "true")
        self.work()
        self.assertIn("started a (run-2)", self.sched("start", "a").out)
        self.assertEqual(self.sched("start", "a", "-q").out, "run-3\n")
        self.work()
        self.assertEqual([run["outcome"] for run in self.json("runs")], ["succeeded"] * 3)

    def test_it_can_wait_and_lend_the_exit_code(self):
        self.add("a", "--manual", "--shell", "exit 5")
        self.worker()
        self.sched("start", "a", "--wait", code=1)
        self.sched("start", "a", "--wait", "--exit-code", code=5)
        self.assert_refused("start", "a", "--exit-code", says="--wait")

    def test_a_root_by_hand_brings_its_flow_with_it(self):
        self.add("root", "--manual", "--", "true")
        self.add("below", "--after", "root", "--", "true")
        self.sched("start", "root")
        self.work()
        self.sched("start", "root")
        self.work()
        below = self.json("runs", "below")
        self.assertEqual([run["outcome"] for run in below], ["succeeded", "succeeded"])
        self.assertEqual(len({run["flow_id"] for run in below}), 2)

    def test_a_paused_task_is_started_with_a_warning_and_waits(self):
        self.add("a", "--manual", "--", "true")
        self.sched("pause", "a")
        self.assertIn("paused", self.sched("start", "a").err)
        self.work()
        self.assertEqual(self.json("runs")[0]["state"], "waiting")

    def test_what_is_not_there_is_refused(self):
        self.add("alpha", "--", "true")
        self.assert_refused("start", "alpah", code=3, hint="did you mean 'alpha'?")
        self.assert_refused("start")
        self.assert_refused("start", "run-1", code=3)

    def test_last_is_the_newest_task(self):
        self.add("a", "--", "true")
        self.add("b", "--", "true")
        self.assertIn("started b", self.sched("start", "last").out)


if __name__ == "__main__":
    main()
