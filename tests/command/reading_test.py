#!/usr/bin/env python3
"""What the reading commands say, asked of the built program: reading_test.py SCHED"""

import json
import os
import pty
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SCHED = "sched"


class Reading(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory(prefix="sched-reading-")
        self.environment = dict(os.environ, SCHED_STORE=self.directory.name + "/store", TZ="UTC")
        self.environment.pop("NO_COLOR", None)

    def tearDown(self):
        self.directory.cleanup()

    def sched(self, *words, code=0):
        done = subprocess.run([SCHED, *words], env=self.environment, capture_output=True, timeout=60)
        self.assertEqual(done.returncode, code, (words, done.stderr))
        self.out = done.stdout.decode(errors="surrogateescape")
        self.err = done.stderr.decode(errors="surrogateescape")
        return self.out

    def start(self, *words):
        return subprocess.Popen([SCHED, *words], env=self.environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)

    def run_all(self, code=0):
        self.sched("run", "--until-idle", "--progress", "none", code=code)

    def on_terminal(self, *words, **variables):
        """What the command writes to a terminal of its own."""
        screen, theirs = pty.openpty()
        environment = dict(self.environment, TERM="xterm", **variables)
        child = subprocess.Popen([SCHED, *words], env=environment, stdout=theirs,
                                 stderr=subprocess.DEVNULL)
        os.close(theirs)
        seen = b""
        while True:
            try:
                piece = os.read(screen, 65536)
            except OSError:
                break
            if not piece:
                break
            seen += piece
        os.close(screen)
        child.wait()
        return seen

    def test_an_empty_store_says_how_to_begin(self):
        self.assertEqual(self.sched("list"), "")
        self.assertIn("sched add", self.err)
        self.assertEqual(json.loads(self.sched("list", "--json")), [])
        self.assertIn("0 tasks", self.sched("status"))

    def test_filters_pick_and_refuse_with_the_way_out(self):
        self.sched("add", "good", "--tag", "blue", "--", "true")
        self.sched("add", "bad", "--", "sh", "-c", "exit 3")
        self.run_all(code=1)
        names = lambda *words: [task["name"] for task in json.loads(self.sched("list", "--json", *words))]
        self.assertEqual(names(), ["bad", "good"])
        self.assertEqual(names("--outcome", "failed"), ["bad"])
        self.assertEqual(names("--tag", "blue"), ["good"])
        self.assertEqual(names("g*"), ["good"])
        self.assertEqual(names("--tag", "blue", "b*"), [])
        self.assertEqual(names("--state", "running"), [])
        self.assertEqual(names("--limit", "1"), ["bad"])
        self.sched("list", "--state", "failed", code=2)
        self.assertIn("--outcome failed", self.err)
        self.sched("runs", "baad", code=3)
        self.assertIn("did you mean 'bad'?", self.err)
        self.assertEqual(json.loads(self.sched("runs", "bad", "--json"))[0]["exit_code"], 3)

    def test_a_run_is_shown_whole(self):
        self.sched("add", "first", "--", "sh", "-c", "echo hi; exit 3")
        self.sched("add", "second", "--after", "first", "--", "true")
        self.run_all(code=1)
        run = json.loads(self.sched("show", "run-1", "--json"))
        self.assertEqual((run["outcome"], run["attempts"][0]["log_bytes"]), ("failed", 3))
        self.assertEqual(json.loads(self.sched("show", "run-2", "--json"))["edges"][0]["verdict"],
                         "refused")
        self.assertEqual(json.loads(self.sched("show", "first", "--json"))["downstream"][0]["task"],
                         "second")
        self.assertIn("sched retry --downstream run-1", self.sched("explain", "second"))

    def test_secrets_are_not_shown(self):
        self.sched("add", "call", "--env", "API_TOKEN=hunter2", "--", "curl", "--token=hunter2",
                   "https://me:hunter2@example.org/")
        for words in (["show", "call"], ["list"], ["show", "call", "--json"], ["list", "--json"]):
            self.assertNotIn("hunter2", self.sched(*words))

    def test_output_is_raw_for_a_pipe_and_safe_for_a_terminal(self):
        self.sched("add", "loud", "--shell", r"printf '\033[2J\377\n'")
        self.run_all()
        self.assertEqual(self.sched("logs", "loud").encode(errors="surrogateescape"),
                         b"\x1b[2J\xff\n")
        self.assertEqual(self.on_terminal("logs", "loud"), b"\\x1b[2J\\xff\r\n")

    def test_colours_are_for_terminals_that_want_them(self):
        self.sched("add", "task", "--", "true")
        self.assertIn(b"\x1b[", self.on_terminal("list"))
        self.assertNotIn(b"\x1b", self.on_terminal("list", NO_COLOR="1"))
        self.assertNotIn("\x1b", self.sched("list"))

    def test_the_last_lines_and_what_went_over_the_cap(self):
        self.sched("add", "long", "--log-limit", "4k", "--shell", "seq 1 3000")
        self.sched("add", "apart", "--split-output", "--shell", "echo out; echo err >&2")
        self.run_all()
        self.assertEqual(self.sched("logs", "long", "--tail", "2"), "2999\n3000\n")
        whole = self.sched("logs", "long")
        self.assertTrue(whole.startswith("1\n2\n") and whole.endswith("\n3000\n"))
        self.assertIn("bytes dropped", self.err)
        self.assertEqual(self.sched("logs", "apart"), "out\n")
        self.assertEqual(self.sched("logs", "apart", "--stderr"), "err\n")

    def test_following_begins_before_the_start_and_goes_over_attempts(self):
        self.sched("add", "again", "--retries", "1", "--backoff", "fixed:0s", "--shell",
                   'echo "$SCHED_ATTEMPT"; [ "$SCHED_ATTEMPT" = 2 ]')
        follower = self.start("logs", "-f", "again")
        time.sleep(0.3)
        self.run_all()
        out, err = follower.communicate(timeout=30)
        self.assertEqual((out, follower.returncode), ("1\n2\n", 0))
        self.assertIn("attempt 2", err)

    def test_following_ends_with_its_reader_and_with_ctrl_c(self):
        self.sched("add", "never", "--at", "+1h", "--", "true")
        follower = self.start("logs", "-f", "never")
        follower.stdout.close()
        self.assertEqual(follower.wait(timeout=10), 0)
        follower.stderr.close()
        for words in (["logs", "-f", "never"], ["wait", "never"]):
            child = self.start(*words)
            child.stderr.readline()  # It says what it waits for: then it waits.
            child.send_signal(signal.SIGINT)
            self.assertEqual(child.wait(timeout=10), 130, words)
            child.communicate()

    def test_waiting_tells_how_it_ended(self):
        self.sched("add", "good", "--", "true")
        self.sched("add", "bad", "--", "sh", "-c", "exit 7")
        self.sched("add", "killed", "--shell", "kill -9 $$")
        self.run_all(code=1)
        self.sched("wait", "good")
        self.sched("wait", "good", "bad", code=1)
        self.assertIn("exit 7", self.err)
        self.sched("wait", "bad", "--exit-code", code=7)
        self.sched("wait", "killed", "--exit-code", code=137)
        self.sched("wait", "--all")
        self.sched("wait", code=2)
        self.sched("wait", "good", "bad", "--exit-code", code=2)
        ended = json.loads(self.sched("wait", "good", "bad", "--json", code=1))
        self.assertEqual([run["outcome"] for run in ended], ["succeeded", "failed"])
        self.sched("add", "later", "--at", "+1h", "--", "true")
        self.sched("wait", "later", "--timeout", "100ms", code=6)
        self.sched("wait", "later", "good", "--any")


if __name__ == "__main__":
    SCHED = os.path.abspath(sys.argv.pop(1))
    unittest.main()
