#!/usr/bin/env python3
"""`sched edit`: each kind of field; `sched rm`: with all that is known, and what it refuses."""
import os

from support import CommandTest, main, until


class Edit(CommandTest):
    def setUp(self):
        super().setUp()
        self.add("a", "--at", "+1h", "--", "true")

    def test_each_field_is_changed(self):
        for words, key, value in (
                (["--retries", "3"], "retries", 3),
                (["--backoff", "fixed:7s"], "backoff", "fixed:7s"),
                (["--retry-on", "1,signal"], "retry_on", "1,signal"),
                (["--no-retry-on", "2,64-78"], "no_retry_on", "2,64-78"),
                (["--timeout", "2h"], "timeout_ms", 7_200_000),
                (["--idle-timeout", "1m"], "idle_timeout_ms", 60_000),
                (["--grace-kill", "3s"], "grace_kill_ms", 3000),
                (["--nice", "5"], "nice", 5),
                (["--contain"], "contain", True),
                (["--preemptible"], "preemptible", True),
                (["--cwd", "/"], "directory", "/"),
                (["--stdin", "text:hello"], "stdin_bytes", 5),
                (["--env-file", "/etc/x.env"], "env_file", "/etc/x.env"),
                (["--split-output"], "split_output", True),
                (["--log-limit", "1M"], "log_limit_bytes", 1 << 20),
                (["--priority", "9"], "priority", 9),
                (["--tag", "x", "--tag", "y"], "tags", ["x", "y"]),
                (["--key", "k"], "key", "k"),
                (["--", "false", "--not-ours"], "command", ["false", "--not-ours"]),
                (["--shell", "exit 0"], "shell", True),
                (["--manual"], "trigger", "manual"),
                (["--name", "other"], "name", "other")):
            with self.subTest(words=words):
                out = self.sched("edit", "1", *words).out
                self.assertTrue(out.startswith("changed "), out)
                self.assertEqual(self.json("show", "1")[key], value)

    def test_a_flag_is_taken_back(self):
        for name in ("contain", "preemptible", "split-output"):
            with self.subTest(name):
                for words, value in ((f"--{name}", True), (f"--{name}=false", False),
                                     (f"--{name}=true", True), (f"--{name}=0", False)):
                    self.sched("edit", "a", words)
                    self.assertEqual(self.json("show", "a")[name.replace("-", "_")], value)
                self.assert_refused("edit", "a", f"--{name}=maybe", says=[f"--{name} 'maybe'", "neither true nor false"])
        self.assert_refused("edit", "a", "--manual=false", says=["--manual takes no value"])
        self.sched("queue", "add", "batch", "--default", "preemptible=true")
        self.add("not", "--manual", "--queue", "batch", "--preemptible=false", "--", "true")
        self.assertFalse(self.json("show", "not")["preemptible"])

    def test_limits_are_changed(self):
        self.sched("edit", "a", "--limit", "cpu=5s,memory=1G,open-files=64")
        limits = self.json("show", "a")["limits"]
        self.assertEqual((limits["cpu_s"], limits["memory_bytes"], limits["open_files"]),
                         (5, 1 << 30, 64))

    def test_what_is_not_named_stays(self):
        before = self.json("show", "a")
        self.sched("edit", "a", "--retries", "3")
        after = self.json("show", "a")
        self.assertEqual({**after, "retries": 0, "runs": []}, {**before, "runs": []})

    def test_a_new_moment_moves_the_run_that_waits(self):
        self.sched("edit", "a", "--at", "2030-01-02 03:04")
        self.assertTrue(self.run_of("a")["due_at"].startswith("2030-01-02T03:04"))
        self.sched("edit", "a", "--at", "now")
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")

    def test_dependencies_are_replaced(self):
        self.add("up", "--at", "+1h", "--", "true")
        self.add("other", "--at", "+1h", "--", "true")
        self.add("b", "--after", "up", "--", "true")
        self.sched("edit", "b", "--after", "other:done")
        self.assertEqual([(edge["task"], edge["condition"])
                          for edge in self.json("show", "b")["upstream"]], [("other", "done")])
        self.sched("rm", "up")

    def test_a_cycle_is_refused_in_full(self):
        self.add("b", "--after", "a", "--", "true")
        self.add("c", "--after", "b", "--", "true")
        before = self.snapshot()
        done = self.assert_refused("edit", "a", "--after", "c")
        for name in "abc":
            self.assertRegex(done.err, rf"\b{name}\b")
        self.assertEqual(self.snapshot(), before)

    def test_one_wrong_field_and_nothing_changes(self):
        self.add("taken", "--key", "k", "--at", "+1h", "--", "true")
        before = self.json("show", "a")
        for words, says in ((["--timeout", "soon"], "timeout"), (["--nice", "99"], "nice"),
                            (["--name", "taken"], "taken"), (["--name", "no way"], "no way"),
                            (["--name", "17"], "17"), (["--key", "k"], "key"),
                            (["--shell", ""], "shell"), (["--join", "2"], "join"),
                            (["--limit", "cpu=-1s"], "cpu")):
            with self.subTest(words=words):
                self.assert_refused("edit", "a", "--retries", "3", *words, says=says)
        self.assert_refused("edit", "a", "--retries", "3", "--")
        self.assertEqual(self.json("show", "a"), before)

    def test_nothing_to_change_is_refused(self):
        self.assert_refused("edit", "a", says="nothing to change")
        self.assert_refused("edit", "aa", "--retries", "1", code=3)
        self.assert_refused("edit")

    def test_what_runs_goes_on_as_it_began(self):
        self.add("b", "--shell", "until [ -e go ]; do sleep 0.02; done; echo old")
        self.worker()
        self.until_state("b", "running")
        self.assertIn("goes on as it began", self.sched("edit", "b", "--", "echo", "new").err)
        self.write("go", "")
        self.sched("wait", "b", "--timeout", "20s")
        self.assertEqual(self.logs("b"), "old\n")
        self.sched("start", "b", "--wait")
        self.assertEqual(self.logs("b"), "new\n")

    def test_a_variable_is_changed_and_the_others_stay(self):
        self.add("b", "--env", "A=1", "--env", "B=2", "--shell", "echo $A $B")
        self.sched("edit", "b", "--env", "B=3")
        self.work()
        self.assertEqual(self.logs("b"), "1 3\n")


class Rm(CommandTest):
    def log_files(self):
        return [os.path.join(directory, name)
                for directory, _, names in os.walk(self.store + "/logs") for name in names]

    def test_a_task_goes_with_its_runs_and_logs(self):
        self.add("a", "--retries", "1", "--backoff", "fixed:0s", "--shell", "echo out; exit 1")
        self.work(code=1)
        self.assertTrue(self.log_files())
        self.assertEqual(self.sched("rm", "a").out, "removed a\n")
        self.assertEqual((self.json("list"), self.json("runs"), self.log_files()), ([], [], []))
        for command in ("show", "logs", "wait"):
            self.assert_refused(command, "a", code=3)
        self.assert_refused("show", "run-1", code=3)

    def test_its_name_and_key_are_free_and_its_id_never_comes_again(self):
        self.add("a", "--key", "k", "--", "true")
        self.sched("rm", "a")
        self.assertEqual(self.add("a", "--key", "k", "-q", "--", "true").out, "2\n")
        self.assertEqual(self.run_of("a")["id"], 2)

    def test_what_others_come_after_is_refused(self):
        self.add("a", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        before = self.snapshot()
        self.assert_refused("rm", "a", says="b comes after a", hint="--cascade")
        self.assertEqual(self.snapshot(), before)

    def test_cascade_takes_all_below_and_nothing_else(self):
        self.add("top", "--", "true")
        self.add("a", "--after", "top", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        self.add("c", "--after", "a", "--after", "b", "--", "true")
        self.add("free", "--", "true")
        out = self.sched("rm", "--cascade", "a").out
        self.assertEqual(sorted(out.splitlines()), ["removed a", "removed b", "removed c"])
        self.assertEqual({task["name"] for task in self.json("list")}, {"top", "free"})
        self.work()

    def test_all_of_a_chain_may_be_named_in_any_order(self):
        self.add("a", "--", "true")
        self.add("b", "--after", "a", "--", "true")
        self.sched("rm", "a", "b")
        self.assertEqual(self.json("list"), [])

    def test_what_runs_is_refused_until_it_is_cancelled(self):
        self.add("a", "--", "sleep", "600")
        self.add("b", "--after", "a", "--", "true")
        self.worker()
        self.until_state("a", "running")
        self.assert_refused("rm", "--cascade", "a", says="a is running", hint="sched cancel a")
        self.assertEqual(len(self.json("list")), 2)
        self.sched("cancel", "a")
        self.sched("wait", "a", "--timeout", "20s", code=1)
        self.sched("rm", "--cascade", "a")
        self.assertEqual(self.log_files(), [])
        until(lambda: not self.processes("sleep"), "the command is gone")

    def test_many_or_none(self):
        self.add("alpha", "--", "true")
        self.assert_refused("rm", "alpha", "alpah", code=3, hint="did you mean 'alpha'?")
        self.assert_refused("rm")
        self.assertEqual(len(self.json("list")), 1)


if __name__ == "__main__":
    main()
