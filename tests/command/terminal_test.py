#!/usr/bin/env python3
"""On a terminal and in a pipe: width, colours, control bytes, the bar, Ctrl-C, readers that leave."""
import re
import signal
import subprocess

from support import SCHED, CommandTest, main, until

COMMANDS = ("add", "edit", "queue", "resource", "tag", "rm", "run", "worker", "start", "cancel", "retry", "dead",
            "breaker", "hold", "release", "pause", "resume", "status", "list", "runs", "show", "logs", "wait", "explain", "next", "check",
            "import", "export", "backup", "restore", "doctor", "prune", "salvage", "completions",
            "manual")
COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
LONG = "a-name-of-more-than-eighty-bytes-" + "x" * 90


class Width(CommandTest):
    def assert_fits(self, text, width=80, spare=()):
        for line in re.split(r"[\r\n]+", re.sub(r"\x1b\[[0-9;]*[mK]", "", text)):
            if not any(word in line for word in spare):
                self.assertLessEqual(len(line), width, line)

    def fill(self):
        words = ["word-%d" % i for i in range(30)]
        self.add("short", "--tag", "one", "--tag", "two", "--", "echo", *words)
        self.add(LONG, "--retries", "1", "--backoff", "fixed:0s", "--shell",
                 "echo " + "y" * 200 + " >&2; exit 3")
        self.add("below", "--after", LONG, "--after", "short:done", "--", "true")
        self.add("gone", "--", "/no/such/program/" + "z" * 100)
        self.add("wide", "--", "echo", "漢字" * 40)
        self.work(code=1)
        self.add("held", "--", "true")
        self.sched("hold", "held")
        self.add("late", "--at", "+400d", "--after", "short", "--", "true")
        self.add("waits", "--after", "late", "--after", "held", "--join", "all", "--", "true")
        self.worker()
        self.add("busy", "--", "sleep", "600")
        self.until_state("busy", "running")

    def test_tables_and_pages_fit_80_columns_in_a_pipe_and_on_a_terminal(self):
        self.fill()
        names = ("short", "below", "gone", "wide", "held", "late", "waits", "busy", LONG)
        pages = [["list"], ["runs"], ["status"], *(["show", name] for name in names),
                 *(["explain", name] for name in names), ["show", "run-1"], ["show", "run-2"],
                 ["show", "run-4"]]
        for words in pages:
            with self.subTest(words=words):
                # A name is never cut where it stands alone, to be copied.
                spare = ("x" * 60, "z" * 60)
                self.assert_fits(self.sched(*words).out, spare=spare)
                self.assert_fits(self.on_terminal(*words).decode(), spare=spare)

    def test_tables_fit_however_long_the_names_are(self):
        self.fill()
        for command in ("list", "runs", "status"):
            with self.subTest(command=command):
                self.assert_fits(self.sched(command).out)

    def test_tables_fit_a_narrow_terminal_and_use_a_wide_one(self):
        self.fill()
        for command in ("list", "runs", "status"):
            self.assert_fits(self.on_terminal(command, columns=60).decode(), 60)
        self.assertIn("word-12", self.on_terminal("list", columns=400).decode())

    def test_help_fits_80_columns(self):
        self.assert_fits(self.sched("--help").out)
        for command in COMMANDS:
            with self.subTest(command=command):
                out = self.sched(command, "--help").out
                self.assert_fits(out)
                self.assertIn(f"Usage: sched {command}", out)
                self.assert_fits(self.on_terminal(command, "--help").decode())

    def test_help_of_a_command_can_be_asked_for_in_front(self):
        for command in COMMANDS:
            self.assertEqual(self.sched("help", command).out, self.sched(command, "--help").out)
        self.assertEqual(self.sched("help").out, self.sched("--help").out)
        self.assert_refused("help", "lst", hint="did you mean 'list'?")

    def test_what_may_be_repeated_is_told_so(self):
        for command, options in (("add", {"after", "calendar", "cron", "deadline", "env", "except", "limit",
                                          "flock", "lock", "max-fails", "need", "need-free", "on-failure",
                                          "on-success", "only", "or-need", "tag"}),
                                 ("edit", {"after", "calendar", "cron", "deadline", "env", "except", "limit",
                                          "flock", "lock", "max-fails", "need", "need-free", "on-failure",
                                          "on-success", "only", "or-need", "tag"}),
                                 ("list", {"state", "outcome", "tag"}), ("retry", {"edit", "outcome", "tag"}),
                                 ("cancel", {"state", "tag"}), ("rm", {"outcome", "state", "tag"}), ("queue", {"default", "share"}),
                                 ("wait", {"tag"}), ("run", set()),
                                 ("next", {"calendar", "cron", "except", "only"})):
            entries = re.split(r"\n  (?=-)", self.sched(command, "--help").out)
            told = {re.search(r"--([a-z-]+)", entry).group(1) for entry in entries[1:]
                    if "(may be repeated)" in re.sub(r"\s+", " ", entry)}
            self.assertEqual(told, options, command)

    def test_every_command_of_the_overview_is_looked_at_here(self):
        out = self.sched("--help").out
        self.assertEqual(sorted(re.findall(r"^  ([a-z]+)  +[A-Z]", out, re.M)), sorted(COMMANDS))


class Colours(CommandTest):
    PAGES = (["list"], ["runs"], ["status"], ["show", "bad"], ["show", "run-2"], ["explain", "bad"])

    def setUp(self):
        super().setUp()
        self.add("good", "--", "true")
        self.add("bad", "--", "sh", "-c", "exit 9")
        self.work(code=1)

    def test_a_terminal_has_them(self):
        for words in self.PAGES:
            self.assertRegex(self.on_terminal(*words), COLOUR, words)

    def test_a_pipe_has_none(self):
        for words in self.PAGES:
            self.assertNotIn(b"\x1b", self.sched(*words, env={"TERM": "xterm"}).raw_out, words)

    def test_no_color_and_a_dumb_terminal_have_none(self):
        for words in self.PAGES:
            for variables in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
                self.assertNotIn(b"\x1b", self.on_terminal(*words, **variables), words)

    def test_an_empty_no_color_does_not_count(self):
        self.assertRegex(self.on_terminal("list", NO_COLOR=""), COLOUR)

    def test_json_has_none(self):
        self.assertNotIn(b"\x1b", self.on_terminal("list", "--json"))


class ControlBytes(CommandTest):
    EVIL = "\x1b]0;owned\x07\x1b[31m\x1b[2J\x08\x9b31m\u202e"

    def assert_tame(self, seen):
        rest = re.sub(rb"\x1b\[[0-9;]*[mK]", b"", seen)
        for byte in rest:
            self.assertTrue(byte in (9, 10, 13) or byte >= 32 and byte != 127, rest)
        self.assertNotIn(b"\x1b[31m\x1b[2J", seen)
        for point in ("\x9b", "\u202e"):
            self.assertNotIn(point.encode(), seen)

    def test_they_never_reach_a_terminal_raw(self):
        self.add("a", "--tag", "t", "--", "printf", "%s", self.EVIL)
        self.add("b", "--", self.EVIL)
        self.add("c", "--cwd", "/" + self.EVIL, "--env", "X=" + self.EVIL, "--", "true")
        self.work(code=1)
        for words in (["list"], ["runs"], ["status"], ["show", "a"], ["show", "b"], ["show", "run-2"],
                      ["show", "c"], ["explain", "b"], ["explain", "c"], ["logs", "a"],
                      ["logs", "-f", "a"], ["show", "a", "--json"], ["logs", "a", "--json"]):
            with self.subTest(words=words):
                self.assert_tame(self.on_terminal(*words))

    def test_errors_quote_them(self):
        for words, code in ((["show", self.EVIL], 3), ([self.EVIL], 2), (["list", "--" + self.EVIL], 2),
                            (["add", self.EVIL, "--", "true"], 2),
                            (["add", "--timeout", self.EVIL, "--", "true"], 2)):
            with self.subTest(words=words):
                self.assert_tame(self.on_terminal(*words, code=code))

    def test_progress_and_wait_quote_them(self):
        self.add("b", "--", self.EVIL)
        self.assert_tame(self.on_terminal("run", "--until-idle", code=1))
        self.assert_tame(self.on_terminal("wait", "b", code=1))
        self.sched("retry", "b")
        self.assert_tame(self.on_terminal("run", "--until-idle", "--progress", "plain", code=1))

    def test_a_pipe_gets_output_as_it_was(self):
        self.add("a", "--", "printf", "%s", self.EVIL)
        self.work()
        self.assertEqual(self.sched("logs", "a").raw_out, self.EVIL.encode())


class Bar(CommandTest):
    def test_it_is_drawn_on_a_terminal_and_wiped_at_the_end(self):
        for name in "abc":
            self.add(name, "--", "sleep", "0.3")
        seen = self.on_terminal("run", "--until-idle", "--slots", "1").decode()
        self.assertRegex(seen, r"\[#*\.+\] \d+ done, 1 running, \d waiting")
        self.assertRegex(seen, r"\r\x1b\[K3 runs ended, in [^\n]+\r\n$")

    def test_it_has_an_eta_once_there_is_a_history(self):
        for name in "abcd":
            self.add(name, "--", "sleep", "0.3")
        seen = self.on_terminal("run", "--until-idle", "--slots", "1").decode()
        self.assertRegex(seen, r"ETA \d+:\d\d")

    def test_a_pipe_has_none(self):
        self.add("a", "--", "true")
        out = self.sched("run", "--until-idle").out
        self.assertNotIn("\r", out)
        self.assertNotIn("\x1b", out)


class Interrupts(CommandTest):
    def test_ctrl_c_in_wait_is_130(self):
        self.add("a", "--at", "+1h", "--", "true")
        for words in (["wait", "a"], ["logs", "-f", "a"]):
            terminal = self.terminal(*words)
            terminal.expect("\n")
            terminal.send(b"\x03")
            self.assertEqual(terminal.finish(), 130, words)
            self.assertNotIn(b"sched wait:", terminal.seen)

    def test_ctrl_c_in_add_wait_is_130_and_the_task_stays(self):
        terminal = self.terminal("add", "a", "--wait", "--", "true")
        terminal.expect("no worker")
        terminal.send(b"\x03")
        self.assertEqual(terminal.finish(), 130)
        self.assertEqual(self.json("list")[0]["name"], "a")

    def test_ctrl_c_in_logs_of_what_runs_leaves_it_running(self):
        self.add("a", "--shell", "echo ready; until [ -e go ]; do sleep 0.02; done")
        self.worker()
        terminal = self.terminal("logs", "-f", "a")
        terminal.expect("ready")
        terminal.send(b"\x03")
        self.assertEqual(terminal.finish(), 130)
        self.assertEqual(self.run_of("a")["state"], "running")
        self.write("go", "")
        self.sched("wait", "a", "--timeout", "20s")

    def test_sigterm_ends_wait_too(self):
        self.add("a", "--at", "+1h", "--", "true")
        child = self.start("wait", "a")
        child.stderr.readline()
        child.send_signal(signal.SIGTERM)
        self.assertNotEqual(self.finish(child, code=None).code, 0)


class Readers(CommandTest):
    def test_head_1_is_quiet(self):
        lines = "".join('{"name": "t%d", "command": ["true"]}\n' % i for i in range(1500))
        self.add("--from", "-", stdin=lines)
        self.add("long", "--", "seq", "200000")
        self.work(slots=8)
        for words in ("list --limit 0", "runs --limit 0", "list --json", "status", "show t1",
                      "logs long", "logs -f long", "--help", "completions bash", "manual sched"):
            with self.subTest(words=words):
                done = subprocess.run(
                    ["bash", "-c", f"'{SCHED}' {words} | head -1; exit ${{PIPESTATUS[0]}}"],
                    env=self.environment, capture_output=True, timeout=20, check=False)
                self.assertEqual(done.stderr, b"")
                self.assertEqual(done.returncode, 0)
                self.assertEqual(done.stdout.count(b"\n"), 1)

    def test_a_closed_output_is_no_crash(self):
        self.add("a", "--", "true")
        for words in ("list", "status", "show a", "--help", "runs"):
            done = subprocess.run(["bash", "-c", f"'{SCHED}' {words} >&-"], env=self.environment,
                                  capture_output=True, timeout=20, check=False)
            self.assertIn(done.returncode, (0, 1), words)
            until(lambda: not self.processes(), "it has gone")
        self.assertEqual(len(self.json("list")), 1)


if __name__ == "__main__":
    main()
