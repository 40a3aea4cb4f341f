#!/usr/bin/env python3
"""Bad input: the exit code, one line and at most one hint, and nothing changed."""
import itertools
import json
import os
import re
import shutil
import sqlite3
import subprocess

from support import SCHED, CommandTest, Done, is_open_to_all, main
from terminal_test import COMMANDS


class Words(CommandTest):
    def setUp(self):
        super().setUp()
        self.add("alpha", "--at", "+1h", "--", "true")
        self.add("beta", "--after", "alpha", "--", "true")
        self.before = self.everything()

    def everything(self):
        return (self.snapshot(), [self.json("show", name) for name in ("alpha", "beta")])

    def refuse(self, table, code=2):
        for words, says, hint in table:
            with self.subTest(words=words):
                self.assert_refused(*words, code=code, says=says, hint=hint)
        self.assertEqual(self.everything(), self.before)

    def test_unknown_commands_tell_the_nearest(self):
        self.refuse(((["lst"], "'lst'", "did you mean 'list'?"),
                     (["shwo", "alpha"], "'shwo'", "did you mean 'show'?"),
                     (["xyzzyx"], "'xyzzyx'", "sched --help"),
                     (["--store", "/nowhere", "addd"], "'addd'", "did you mean 'add'?"),
                     (["-x"], "'-x'", "sched --help")))

    def test_unknown_options_tell_the_nearest(self):
        self.refuse(((["add", "x", "--timout", "5s", "--", "true"], "'--timout'", "'--timeout'"),
                     (["add", "--retrys=3", "x", "--", "true"], "'--retrys'", "'--retries'"),
                     (["list", "--stat", "held"], "'--stat'", "'--state'"),
                     (["wait", "alpha", "--tmeout=5s"], "'--tmeout'", "'--timeout'"),
                     (["run", "--until-idel"], "'--until-idel'", "'--until-idle'"),
                     (["logs", "alpha", "--folow"], "'--folow'", "'--follow'"),
                     (["logs", "alpha", "-z"], "'-z'", ""),
                     (["rm", "--cascad", "alpha"], "'--cascad'", "'--cascade'"),
                     (["show", "alpha", "--xyzzyx"], "'--xyzzyx'", "sched show --help")))

    def test_a_word_or_value_that_is_missing_or_too_many(self):
        self.refuse(((["add", "x", "true"], "'true'", "--"),
                     (["show"], (), ""), (["show", "alpha", "beta"], "'beta'", ""),
                     (["add", "x", "--retries"], "--retries wants a value", ""),
                     (["logs", "alpha", "--tail"], "--tail", ""),
                     (["completions"], (), ""), (["completions", "tcsh"], "tcsh", ""),
                     (["logs"], "no TARGET is given", "sched logs --help"),
                     (["list", "--limit", "x"], "--limit", ""),
                     (["list", "--state", "runing"], "runing", "running"),
                     (["list", "--outcome", "faild"], "faild", "failed"),
                     (["run", "--slots", "0"], "--slots", ""),
                     (["run", "--slots", "many"], "--slots", ""),
                     (["run", "--slots", "99999999999999"], "--slots", ""),
                     (["run", "--progress", "brr"], "--progress", ""),
                     (["logs", "alpha", "--attempt", "0"], "attempt", ""),
                     (["logs", "alpha", "--tail", "-1"], "tail", "")))

    def test_an_option_that_is_given_twice_and_takes_one_value_is_named(self):
        seen = 0
        for command in COMMANDS:
            page = self.sched(command, "--help").out
            options = re.findall(r"^ +(?:-\w, )?(--[a-z-]+)(?:,--[a-z-]+)* [A-Z(]", page, re.MULTILINE)
            for option in dict.fromkeys(options):
                done = self.sched(command, option, "1", option, "2", code=None)
                self.assertNotIn("required but received", done.err)
                if f"{option} is given 2 times" in done.err:
                    seen += 1
                    self.assertEqual(done.code, 2)
                    self.assert_one_error(done, hint="give it once")
        self.assertGreater(seen, 40)
        self.assert_refused("run", "--slots", "2", "--slots=2", says="--slots is given 2 times")

    def test_a_task_that_is_not_there_tells_the_nearest(self):
        for command in ("show", "start", "cancel", "retry", "hold", "release", "pause", "resume",
                        "rm", "explain", "logs", "wait"):
            self.refuse(((([command, "alpah"]), "'alpah'", "did you mean 'alpha'?"),
                         ([command, "task-99"], "task-99", ""),
                         ([command, "xyzzyx"], "'xyzzyx'", "")), code=3)
        for command in ("show", "cancel", "retry", "hold", "release", "explain", "logs", "wait"):
            self.refuse(((([command, "run-99"]), "run-99", ""),
                         ([command, "run-99999999999999999999"], "run-9", "")), code=3)
        self.refuse(((["edit", "alpah", "--nice", "1"], "'alpah'", "did you mean 'alpha'?"),), code=3)

    def test_values_that_can_not_be(self):
        names = (f"x{number}" for number in itertools.count())

        def add(*words):
            return ["add", next(names), *words, "--", "true"]

        self.refuse((
            (add("--limit", "cpu=0s"), "cpu", ""), (add("--limit", "cpu=-1s"), "cpu", ""),
            (add("--limit", "cpu=60"), "cpu", "60s"), (add("--limit", "memory=-1"), "memory", ""),
            (add("--limit", "memory=2X"), "memory", ""), (add("--limit", "memory=0"), "memory", ""),
            (add("--limit", "memory=99999999T"), "memory", ""),
            (add("--limit", "open-files=0"), "open-files", ""),
            (add("--limit", "open-files=99999999999999999999"), "open-files", ""),
            (add("--limit", "processes=0"), "processes", ""),
            (add("--limit", "cpuu=1s"), "cpuu", "cpu"),
            (add("--limit", ""), "--limit", "leave"), (add("--after", ""), "--after", "leave"),
            (add("--env-file", ""), "--env-file", "leave"), (add("--timeout", "0s"), "--timeout", ""),
            (add("--wait=no"), "--wait", ""), (["run", "--until-idle=false"], "--until-idle", ""),
            (add("--limit", "cpu"), "cpu", ""), (add("--limit", "cpu=1s,"), "--limit", ""),
            (add("--timeout", "-1s"), "--timeout", ""),
            (add("--timeout", "9999999999999h"), "--timeout", ""),
            (add("--timeout", "soon"), "--timeout", ""), (add("--timeout", "5"), "--timeout", "5s"),
            (add("--retries", "-1"), "--retries", ""), (add("--retries", "1.5"), "--retries", ""),
            (add("--retries", "99999999999"), "--retries", ""),
            (add("--backoff", "linear:1s"), "linear", ""), (add("--backoff", "fixed:"), "fixed", ""),
            (add("--backoff", "exponential:10s..1s"), "--backoff", ""),
            (add("--retry-on", "256"), "256", ""), (add("--retry-on", "signl"), "signl", "signal"),
            (add("--retry-on", "9-3"), "9-3", ""), (add("--nice", "20"), "--nice", ""),
            (add("--nice", "-21"), "--nice", ""), (add("--priority", "1001"), "--priority", ""),
            (add("--at", "yesteryear"), "--at", ""), (add("--at", "2026-02-30 10:00"), "--at", ""),
            (add("--join", "0"), "--join", ""), (add("--join", "2", "--after", "alpha"), "--join", ""),
            (add("--env", "=x"), "--env", ""), (add("--env", ""), "--env", ""),
            (add("--log-limit", "-5"), "--log-limit", ""), (add("--tag", ""), "--tag", ""),
            (add("--after", "alpha:sucess"), "sucess", "success"),
            (add("--after", "alpha:exit=300"), "300", ""),
            (add("--if-exists", "ask"), "ask", ""), (add("--exit-code"), "--wait", "")))
        self.refuse(((add("--after", "alpah"), "alpah", "did you mean 'alpha'?"),), code=None)

    def test_names_that_can_not_be(self):
        for name in ("", " ", "a b", "-x", ".hidden", "a" * 129, "a\nb", "a\x1b[31m", "é", "12",
                     "task-1", "run-1", "last", "a;b", "*"):
            with self.subTest(name=name):
                self.assert_refused("add", name, "--", "true")
        self.assertEqual(self.everything(), self.before)

    def test_commands_that_can_not_be(self):
        self.refuse(((["add", "x"], "no command", "--"), (["add", "x", "--"], "command", "--"),
                     (["add", "x", "--", ""], "empty", ""), (["add", "x", "--shell", ""], "empty", ""),
                     (["add", "x", "--shell", "true", "--", "true"], (), ""),
                     (["add", "alpha", "--", "true"], "alpha", "")))

    def test_bytes_that_are_no_utf_8(self):
        for words in ([b"add", b"x\xff", b"--", b"true"], [b"add", b"x", b"--", b"tr\xffue"],
                      [b"add", b"x", b"--env", b"A=\xc3", b"--", b"true"], [b"show", b"\xff"],
                      [b"x\xff"], [b"list", b"--tag", b"\xed\xa0\x80"], [b"list", b"--\xff"],
                      [b"edit", b"alpha", b"--", b"\xfe"], [b"add", b"x", b"--shell", b"\xf8"]):
            with self.subTest(words=words):
                self.assert_refused(*words, says="UTF-8")
        self.assertEqual(self.everything(), self.before)

    def test_with_json_the_error_is_an_object_with_the_same_code(self):
        for words, code in ((["show", "alpah"], 3), (["list", "--state", "x"], 2),
                            (["wait", "alpha", "--timeout", "1ms"], 6)):
            done = self.sched(*words, "--json", code=code)
            error = json.loads(done.err.splitlines()[-1])["error"]
            self.assertEqual(error["exit_code"], code)
            self.assertEqual(done.out, "")

    def test_cycles_are_named_in_full(self):
        self.add("gamma", "--after", "beta", "--", "true")
        before = self.everything()
        done = self.assert_refused("edit", "alpha", "--after", "gamma")
        self.assertIn("alpha after gamma after beta after alpha", done.err)
        self.assert_refused("edit", "alpha", "--after", "alpha", says="alpha")
        self.assertEqual(self.everything(), before)

    def test_json_lines_that_can_not_be(self):
        big = '{"name": "a", "command": ["' + "x" * 10_000_000 + '"]}\n'
        for line, says in (('{"name": "a", "retrys": 3, "command": ["true"]}\n', "'retries'"),
                           ('{"name": "a", "command": ["a\\u0000b"]}\n', "NUL"),
                           ('{"name": "a", "command": ["a\0b"]}\n', "stdin:1: "),
                           ('{"name": "a", "command": []}\n', "empty"),
                           ('{"name": "a", "command": [""]}\n', "empty"),
                           (b'{"name": "a", "command": ["\xff"]}\n', "UTF-8"),
                           (big, "stdin:1: "), ('{"name": "a",\n', "stdin:1: "),
                           ('{"name": "a", "command": ["true"]} {}\n', "stdin:1: "),
                           ('{"name": "a", "command": ["true"], "limit": "cpu=0s"}\n', "cpu"),
                           ('{"name": "a", "command": ["true"], "after": ["a"]}\n', "stdin:1: ")):
            with self.subTest(line=line[:60]):
                done = self.add("--from", "-", stdin=line, code=2)
                self.assertIn(says, done.err)
                self.assertEqual(done.out, "")
                self.assertLess(len(done.err), 600)
                self.assertNotIn("\0", done.err)
        self.assertEqual(self.everything(), self.before)

    def test_a_file_of_lines_that_is_not_there_or_a_directory(self):
        self.refuse(((["add", "--from", "nowhere.jsonl"], "nowhere.jsonl", ""),
                     (["add", "--from", "/"], "/", "")))


class Stores(CommandTest):
    def setUp(self):
        super().setUp()
        self.add("alpha", "--", "echo", "hello")
        self.work()
        self.database = self.store + "/sched.db"
        self.fold()

    def fold(self):
        """All into the one file, so that what is done to it is done to all."""
        with sqlite3.connect(self.database) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.close()
        for tail in ("-wal", "-shm"):
            if os.path.exists(self.database + tail):
                os.remove(self.database + tail)

    def contents(self, path=None):
        with open(path or self.database, "rb") as file:
            return file.read()

    def every_command_refuses(self, says, path=None):
        """Reading and writing alike: exit 5, the words, and the file as it was."""
        before = self.contents(path)
        for words in (["list"], ["status"], ["show", "alpha"], ["logs", "alpha"], ["runs"],
                      ["add", "x", "--", "true"], ["rm", "alpha"], ["edit", "alpha", "--nice", "1"],
                      ["run", "--until-idle", "--progress", "none"], ["wait", "alpha"]):
            with self.subTest(words=words):
                self.assert_refused(*words, code=5, says=says)
        self.assertEqual(self.contents(path), before)

    def test_a_newer_version(self):
        with sqlite3.connect(self.database) as db:
            db.execute("PRAGMA user_version=99")
        db.close()
        self.fold()
        self.every_command_refuses("newer sched")

    def test_a_database_of_another_program(self):
        os.remove(self.database)
        with sqlite3.connect(self.database) as db:
            db.execute("CREATE TABLE songs (name TEXT)")
            db.execute("INSERT INTO songs VALUES ('one')")
        db.close()
        os.chmod(self.database, 0o600)
        self.every_command_refuses("another program")

    def test_a_file_that_is_no_database(self):
        with open(self.database, "wb") as file:
            file.write(os.urandom(100_000))
        self.every_command_refuses("no store of sched")

    def test_a_file_that_is_empty(self):
        os.truncate(self.database, 0)
        self.every_command_refuses("empty")

    def test_a_file_that_is_cut(self):
        os.truncate(self.database, os.path.getsize(self.database) // 3 + 100)
        before = self.contents()
        for words in (["list"], ["runs"], ["status"], ["show", "alpha"]):
            self.assert_refused(*words, code=5, says="damaged")
        self.assertEqual(self.contents(), before)

    def test_pages_of_noise(self):
        size = os.path.getsize(self.database)
        with open(self.database, "r+b") as file:
            file.seek(4096)
            file.write(os.urandom(size - 4096))
        before = self.contents()
        for words in (["list"], ["runs"], ["show", "alpha"], ["add", "x", "--", "true"]):
            self.assert_refused(*words, code=5, says="store")
        self.assertEqual(self.contents(), before)

    def test_a_file_that_is_gone_while_its_logs_are_left(self):
        os.remove(self.database)
        for words in (["list"], ["add", "x", "--", "true"], ["run", "--until-idle"]):
            self.assert_refused(*words, code=5, says="gone", hint="backup")
        self.assertFalse(os.path.exists(self.database))

    def test_a_file_in_the_place_of_the_directory(self):
        path = self.write("plain", "mine\n")
        self.assert_refused("list", code=5, says="plain", env={"SCHED_STORE": path})
        self.assert_refused("--store", path, "add", "x", "--", "true", code=5, says="plain")
        self.assert_refused("--store", path + "/below", "list", code=5, says="plain")
        self.assertEqual(self.contents(path), b"mine\n")

    def test_a_directory_in_the_place_of_the_file(self):
        os.remove(self.database)
        os.mkdir(self.database)
        self.assert_refused("list", code=5, says="sched.db")

    def test_a_store_that_others_may_write(self):
        os.chmod(self.store, 0o777)
        done = self.sched("list", code=None)
        self.assertIn(done.code, (4, 5))
        self.assert_one_error(done, "store")

    def test_a_writer_that_stays_makes_it_busy_and_readers_go_on(self):
        db = sqlite3.connect(self.database, isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        try:
            self.sched("list")
            self.assert_refused("add", "x", "--", "true", code=5, says="busy")
        finally:
            db.execute("ROLLBACK")
            db.close()
        self.assertEqual(len(self.json("list")), 1)

    def test_no_place_at_all(self):
        environment = {key: value for key, value in self.environment.items()
                       if key not in ("HOME", "SCHED_STORE")}
        done = subprocess.run([SCHED, "list"], env=environment, capture_output=True, check=False)
        self.assertEqual(done.returncode, 2)
        self.assert_one_error(Done(2, done.stdout, done.stderr), "HOME", "--store")

    def test_logs_that_are_gone_are_said_and_nothing_breaks(self):
        shutil.rmtree(self.store + "/logs")
        done = self.sched("logs", "alpha", code=None)
        self.assertEqual(done.out, "")
        self.assertNotEqual(done.err, "")
        self.sched("list")
        self.sched("rm", "alpha")

    def test_a_directory_without_permission(self):
        # Root may go everywhere, so somebody else asks.
        other = {"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}
        if other and not is_open_to_all(SCHED):
            self.skipTest("nobody can't execute the program")
        os.chmod(self.directory, 0o755)
        closed = self.directory + "/closed"
        os.mkdir(closed)
        if other:
            os.chown(closed, 65534, 65534)
        os.chmod(closed, 0)
        for place in (closed, closed + "/below"):
            with self.subTest(place=place):
                for words in (["list"], ["add", "a", "--", "true"]):
                    self.assert_refused(*words, code=5, env={"SCHED_STORE": place}, cwd="/",
                                        timeout=5, says="store ", hint="--store", **other)
        os.chmod(closed, 0o700)

    def test_closed_standard_streams_break_nothing(self):
        for words, code in (("add b -- echo b", 0), ("run --until-idle", 0), ("list", 0),
                            ("list --foo", 2), ("show nowhere", 3), ("add c --cwd /x -- true", 0)):
            for streams in ("<&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-", "2>/dev/full", ">&- 2>/dev/full"):
                with self.subTest(words=words, streams=streams):
                    done = subprocess.run(["sh", "-c", f"'{SCHED}' {words} {streams}"],
                                          env=self.environment, capture_output=True, timeout=20,
                                          check=False)
                    # What is written to nobody is an error of its own; to die of it is not.
                    self.assertIn(done.returncode, (code, 1, 2))
        self.assertIn("b", [task["name"] for task in self.json("list")])
        self.assertEqual(self.logs("b"), "b\n")

    def test_an_output_that_can_not_be_written_is_told(self):
        for words in (["list"], ["runs"], ["show", "alpha"], ["status"], ["--help"],
                      ["add", "--help"], ["logs", "alpha"], ["completions", "bash"]):
            with self.subTest(words=words), open("/dev/full", "wb") as full:
                done = self.finish(self.start(*words, stdout=full), code=1)
                self.assert_one_error(done, "written")


if __name__ == "__main__":
    main()
