#!/usr/bin/env python3
"""`sched logs`: of what runs, has run, or has yet to start."""
import signal

from support import CommandTest, main


class Logs(CommandTest):
    def test_what_runs_is_read_while_it_runs(self):
        self.add("a", "--shell", "echo one; while [ ! -e go ]; do sleep 0.02; done; echo two")
        self.worker()
        from support import until
        until(lambda: self.logs("a") == "one\n", "the first line")
        self.write("go", "")
        self.sched("wait", "a")
        self.assertEqual(self.logs("a"), "one\ntwo\n")

    def test_following_prints_each_line_as_it_comes_and_ends_with_the_run(self):
        self.add("a", "--shell", "echo one; while [ ! -e go ]; do sleep 0.02; done; echo two")
        follower = self.start("logs", "-f", "a")
        follower.stderr.readline()  # It says that it waits: the run has not begun.
        self.worker()
        self.assertEqual(follower.stdout.readline(), b"one\n")
        self.assertIsNone(follower.poll())
        self.write("go", "")
        self.assertEqual(self.finish(follower).out, "two\n")

    def test_each_attempt_has_its_own(self):
        self.add("a", "--retries", "2", "--backoff", "fixed:0s", "--shell",
                 'echo "try $SCHED_ATTEMPT"; exit 1')
        self.work(code=1)
        self.assertEqual(self.logs("a"), "try 3\n")
        self.assertEqual(self.logs("a", "--attempt", "1"), "try 1\n")
        self.assertEqual(self.logs("run-1", "--attempt", "2"), "try 2\n")
        self.assert_refused("logs", "a", "--attempt", "4", code=3, says="attempt 4", hint="3")
        self.assert_refused("logs", "a", "--attempt", "0")

    def test_each_run_has_its_own(self):
        self.add("a", "--shell", 'echo "$SCHED_RUN_ID"')
        self.work()
        self.sched("start", "a")
        self.work()
        self.assertEqual((self.logs("run-1"), self.logs("run-2"), self.logs("a")),
                         ("1\n", "2\n", "2\n"))

    def test_the_last_lines_alone(self):
        self.add("a", "--shell", "seq 1 100; printf end")
        self.work()
        self.assertEqual(self.logs("a", "--tail", "2"), "100\nend")
        self.assertEqual(self.logs("a", "-n", "0"), "")
        self.assertEqual(len(self.logs("a", "-n", "1000").splitlines()), 101)
        self.assert_refused("logs", "a", "--tail", "-1")

    def test_nothing_written_is_said(self):
        self.add("quiet", "--", "true")
        self.assertIn("has not started", self.sched("logs", "quiet").err)
        self.work()
        done = self.sched("logs", "quiet")
        self.assertEqual(done.out, "")
        self.assertIn("written nothing", done.err)
        self.add("one", "--shell", "echo x")
        self.work()
        self.assertIn("--split-output", self.sched("logs", "one", "--stderr").err)

    def test_a_manual_task_without_a_run_is_refused_with_the_way_out(self):
        self.add("a", "--manual", "--", "true")
        self.assert_refused("logs", "a", code=3, hint="sched start")

    def test_ctrl_c_ends_following_and_not_the_run(self):
        self.add("a", "--shell", "echo one; sleep 600")
        self.worker()
        follower = self.start("logs", "-f", "a")
        self.assertEqual(follower.stdout.readline(), b"one\n")
        follower.send_signal(signal.SIGINT)
        self.finish(follower, code=130)
        self.assertEqual(self.run_of("a")["state"], "running")

    def test_its_reader_may_leave(self):
        self.add("a", "--shell", "seq 1 200000")
        self.work()
        child = self.start("logs", "a")
        child.stdout.readline()
        child.stdout.close()
        self.assertEqual(child.wait(20), 0)
        self.assertEqual(child.stderr.read(), b"")

    def test_json_has_the_text(self):
        self.add("a", "--shell", "echo x")
        self.work()
        self.assertEqual([(line["attempt"], line["stream"], line["text"])
                          for line in self.json("logs", "a")], [(1, "stdout", "x\n")])

    def test_a_log_of_megabytes_comes_whole(self):
        self.add("a", "--shell", "head -c 5000000 /dev/zero | tr '\\0' x")
        self.work()
        self.assertEqual(len(self.logs("a")), 5_000_000)


if __name__ == "__main__":
    main()
