#!/usr/bin/env python3
"""`sched add --from`: one task for each JSON line; nothing where one of them is wrong."""
import json
import os
import signal
import sqlite3

from support import CommandTest, main, until


def lines(*tasks):
    return "".join(json.dumps(task) + "\n" for task in tasks)


class Bulk(CommandTest):
    def refused(self, text, *says, code=2):
        before = self.snapshot()
        done = self.add("--from", "-", stdin=text, code=code)
        self.assertEqual(done.out, "")
        for words in says:
            self.assertIn(words, done.err)
        errors = [line for line in done.err.splitlines() if line.startswith("sched add: ")]
        self.assertEqual(len(errors), 1, done.err)
        self.assertEqual(self.snapshot(), before)
        return done

    def test_every_long_option_is_a_key(self):
        self.add("--from", "-", stdin=lines({
            "name": "all", "command": ["sh", "-c", "cat; echo $A $B; pwd; umask"],
            "retries": 2, "backoff": "fixed:1s", "retry-on": "1,signal", "no-retry-on": "64-78",
            "timeout": "1m", "idle-timeout": "30s", "grace-kill": "2s",
            "limit": {"open-files": 64, "core": "0"}, "nice": 1, "env": {"A": "1", "B": 2},
            "cwd": "/", "stdin": "text", "split-output": True, "log-limit": "1M", "priority": 3,
            "tag": ["x", "y"], "key": "k"}))
        task = self.json("show", "all")
        self.assertEqual(
            (task["retries"], task["backoff"], task["timeout_ms"], task["idle_timeout_ms"],
             task["grace_kill_ms"], task["limits"]["open_files"], task["limits"]["core_bytes"],
             task["nice"], task["directory"], task["split_output"], task["log_limit_bytes"],
             task["priority"], task["tags"], task["key"]),
            (2, "fixed:1s", 60000, 30000, 2000, 64, 0, 1, "/", True, 1 << 20, 3, ["x", "y"], "k"))
        self.work()
        self.assertEqual(self.logs("all").split(), ["text1", "2", "/", "0022"])

    def test_values_may_be_lists_or_single(self):
        self.add("--from", "-", stdin=lines(
            {"name": "a", "shell": "true", "tag": "one"},
            {"name": "b", "shell": "true", "after": "a", "env": ["X=1", "Y=2"],
             "limit": "cpu=5s,core=0"}))
        self.work()
        self.assertEqual(self.end_of("b")[0], "succeeded")

    def test_a_key_that_stands_twice_is_refused(self):
        self.refused('{"name": "a", "shell": "true", "name": "b"}\n', "stdin:1: ", "'name' is there twice")
        self.refused('{"name": "a", "shell": "true", "env": {"X": "1", "X": "2"}}\n', "'X' is there twice")
        self.add("--from", "-", stdin='{"name": "X", "shell": "true", "env": {"name": "1"}}\n')

    def test_edges_go_by_name_within_the_file_forwards_and_back(self):
        self.add("old", "--", "true")
        done = self.add("--from", "-", "-q", stdin=lines(
            {"name": "end", "after": ["middle", "old:done"], "command": ["true"]},
            {"name": "middle", "after": ["first:success"], "command": ["true"]},
            {"name": "first", "command": ["true"]}))
        self.assertEqual(done.out, "2\n3\n4\n")
        self.work()
        runs = {run["task"]: run for run in self.json("runs")}
        self.assertLessEqual(runs["first"]["finished_at"], runs["middle"]["started_at"])
        self.assertLessEqual(runs["middle"]["finished_at"], runs["end"]["started_at"])

    def test_one_wrong_line_and_nothing_is_added(self):
        self.add("there", "--", "true")
        self.refused(lines({"name": "good", "command": ["true"]}, {"name": "bad", "retrys": 3,
                                                                   "command": ["true"]}),
                     "stdin:2: unknown key 'retrys'", "did you mean 'retries'?")
        self.refused(lines({"name": "good", "command": ["true"]},
                           {"name": "there", "command": ["true"]}), "stdin:2: ", "'there'")
        self.refused(lines({"name": "a", "command": ["true"]}, {"name": "a", "command": ["true"]}),
                     "stdin:2: ", "stands twice")
        self.refused(lines({"name": "a", "command": ["true"], "after": ["nope"]}),
                     "stdin:1: ", "'nope'")

    def test_each_wrong_line_is_told_with_its_number(self):
        text = (lines({"nam": 1}) + "not json\n\n[]\n" + lines(
            {"name": "ok", "command": ["true"]}, {"name": "c", "command": "ls -l"},
            {"name": "d", "command": []}, {"name": "e"}, {"name": "f", "command": ["a", 1]},
            {"name": "g", "command": ["true"], "shell": "true"},
            {"name": "h", "command": ["true"], "timeout": None},
            {"name": "i", "command": ["true"], "retries": 1.5},
            {"name": "j", "command": ["true"], "retries": [1, 2]},
            {"name": "k", "command": ["true"], "split-output": "maybe"},
            {"name": 5, "command": ["true"]}))
        done = self.refused(text, "did you mean 'name'?", "12 of its lines can't be taken")
        numbers = [int(line.split(":")[1]) for line in done.err.splitlines()
                   if line.startswith("stdin:")]
        self.assertEqual(numbers, [1, 2, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14])

    def test_mistakes_that_only_the_whole_shows_are_told_by_line(self):
        self.refused(lines({"name": "d", "command": []}), "stdin:1: ", "command is empty")
        self.refused(lines({"name": "e"}), "stdin:1: ", "no command")
        self.refused(lines({"name": "5", "command": ["true"]}), "stdin:1: ")

    def test_a_cycle_is_named_in_full_with_its_line(self):
        done = self.refused(lines(
            {"name": "free", "command": ["true"]},
            {"name": "x", "after": ["z"], "command": ["true"]},
            {"name": "y", "after": ["x"], "command": ["true"]},
            {"name": "z", "after": ["y"], "command": ["true"]}), "x after z after y after x")
        self.assertRegex(done.err, r"stdin:[234]: ")

    def test_a_long_list_is_added_each_behind_what_it_comes_after(self):
        tasks = [{"name": f"t{i}", "command": ["true"], "after": [f"t{i + 1}"]} for i in range(1500)]
        tasks.append({"name": "t1500", "command": ["true"]})
        done = self.add("--from", "-", "-q", stdin=lines(*tasks))
        ids = [int(word) for word in done.out.split()]
        self.assertEqual(sorted(ids), list(range(1, 1502)))
        self.assertEqual(ids, sorted(ids, reverse=True))  # The last of the file comes first.
        self.assertEqual(self.run_of("t1500")["state"], "queued")
        self.assertEqual(self.run_of("t0")["state"], "waiting")
        self.assertIn("1501 tasks added", self.add("--if-exists", "skip", "--from", "-", stdin=lines(*tasks)).out)
        self.assertEqual(self.json("status")["counts"]["tasks"], 1501)

    def test_one_wrong_line_of_a_long_list_and_nothing_is_added(self):
        many = [{"command": ["true"]}] * 1500
        self.add("there", "--", "true")
        self.refused(lines(*many, {"name": "there", "command": ["true"]}), "stdin:1501: ", "'there'")
        self.refused(lines({"name": "x", "command": ["true"], "after": ["nope"]}, *many), "stdin:1: ", "'nope'")
        self.refused(lines({"name": "x", "after": ["y"], "command": ["true"]}, *many,
                           {"name": "y", "after": ["x"], "command": ["true"]}), "y after x")

    def test_a_long_list_with_handlers_is_kept_whole(self):
        many = [{"command": ["true"]}] * 1500
        self.add("--from", "-", stdin=lines({"name": "job", "command": ["true"], "on-failure": "tell"}, *many,
                                            {"name": "tell", "manual": True, "command": ["true"]}))
        self.assertEqual(self.json("show", "job")["on_failure"], ["tell"])

    def test_a_long_list_that_is_interrupted_keeps_what_was_added(self):
        self.add("first", "--", "true")
        self.write("many.jsonl", lines({"command": ["true"]}) * 40_000)
        adding = self.start("add", "--from", "many.jsonl")
        until(lambda: self.json("status")["counts"]["tasks"] > 1, "some are added")
        adding.send_signal(signal.SIGINT)
        done = self.finish(adding, code=130)
        count = self.json("status")["counts"]["tasks"] - 1
        self.assertIn(f"interrupted: {count:,} of 40,000 tasks are added, and stay", done.err)
        self.assertEqual(self.json("status")["counts"]["queued"], count + 1)

    def test_a_task_after_itself_is_refused(self):
        self.refused(lines({"name": "x", "after": ["x"], "command": ["true"]}), "stdin:1: ", "itself")

    def test_a_file_is_named_with_its_lines(self):
        self.write("tasks.jsonl", lines({"name": "a", "command": ["true"]}, {"nope": 1}))
        done = self.add("--from", "tasks.jsonl", code=2)
        self.assertIn("tasks.jsonl:2: ", done.err)

    def test_nul_and_bytes_that_are_no_text_are_refused(self):
        self.refused('{"name": "a", "command": ["a\\u0000b"]}\n', "stdin:1: ", "NUL")
        self.refused('{"name": "a", "command": ["true"], "env": {"A": "x\\u0000"}}\n', "NUL")
        self.refused('{"name": "a", "command": ["true"], "cwd": "/tmp\\u0000/x"}\n', "NUL")
        self.refused('{"name": "a", "shell": "echo \\u0000"}\n', "NUL")
        self.refused('{"name": "a", "command": ["true"], "tag": "x\\u0000"}\n', "stdin:1: ")
        self.refused('{"name": "a", "command": ["true"], "key": "x\\u0000"}\n', "stdin:1: ")
        self.refused('{"name": "a\\u0000", "command": ["true"]}\n', "stdin:1: ")
        self.refused('{"name": "a", "command": ["true"], "env-file": "x\\u0000"}\n', "NUL")
        self.refused('{"name": "a", "command": ["true"], "stdin": "file:x\\u0000"}\n', "NUL")
        self.refused(b'{"name": "a", "command": ["\xff"]}\n', "stdin:1: ", "UTF-8")
        self.refused('{"name": "a", "command": ["\\ud800"]}\n', "stdin:1: ")

    def test_a_nul_in_a_text_for_standard_input_is_data(self):
        self.add("--from", "-", stdin='{"name": "a", "stdin": "text:x\\u0000y", "command": ["wc", "-c"]}\n')
        self.work()
        self.assertEqual(self.logs("a").strip(), "3")

    def test_a_line_of_ten_megabytes_is_refused_quickly_and_shortly(self):
        text = '{"name": "a", "command": ["' + "x" * 10_000_000 + '"]}\n'
        done = self.refused(text, "stdin:1: ")
        self.assertLess(len(done.err), 1000)

    def test_deep_nesting_and_doubled_keys_are_refused_or_harmless(self):
        self.refused("[" * 200_000 + "\n", "stdin:1: ")
        self.refused('{"a":' * 100_000 + "\n", "stdin:1: ")
        self.refused('{"name": "a", "env": ' + "[" * 50_000 + "]" * 50_000 + "}\n", "stdin:1: ")

    def test_many_wrong_lines_end_in_a_count(self):
        done = self.refused("x\n" * 1000, "and 980 more", "1000 of its lines")
        self.assertLess(len(done.err.splitlines()), 30)

    def test_an_empty_file_adds_nothing_and_says_so(self):
        done = self.add("--from", "-", stdin="\n \n")
        self.assertIn("no task", done.err)
        self.assertEqual(json.loads(self.add("--from", "-", "--json", stdin="").out), [])

    def test_the_last_line_needs_no_end_and_dos_ends_are_fine(self):
        self.add("--from", "-", stdin='{"name": "a", "shell": "true"}\r\n{"name": "b", "shell": "true"}')
        self.assertEqual({task["name"] for task in self.json("list")}, {"a", "b"})

    def test_a_name_or_command_beside_it_is_refused(self):
        self.assert_refused("add", "a", "--from", "-")
        self.assert_refused("add", "--from", "-", "--", "true")

    def test_options_beside_it_are_refused_and_not_forgotten(self):
        text = lines({"name": "a", "shell": "true"})
        self.assert_refused("add", "--from", "-", "--retries", "3", stdin=text)
        self.assertEqual(self.json("list"), [])

    def test_what_exists_is_skipped_or_replaced_when_asked(self):
        text = lines({"name": "a", "shell": "echo 1"}, {"name": "b", "shell": "true", "after": "a"})
        self.add("--from", "-", stdin=text)
        self.add("--from", "-", "--if-exists", "skip", stdin=text.replace("echo 1", "echo 2"))
        self.assertEqual(self.json("show", "a")["command"], ["echo 1"])
        self.add("--from", "-", "--if-exists", "replace", stdin=text.replace("echo 1", "echo 2"))
        self.assertEqual(self.json("show", "a")["command"], ["echo 2"])
        self.work()
        self.assertEqual(self.end_of("b")[0], "succeeded")

    def test_a_replacement_that_closes_a_cycle_is_refused(self):
        self.add("--from", "-", stdin=lines({"name": "a", "shell": "true"},
                                            {"name": "b", "shell": "true", "after": "a"}))
        before = self.snapshot()
        done = self.add("--from", "-", "--if-exists", "replace", code=2, stdin=lines(
            {"name": "a", "shell": "true", "after": "b"}))
        self.assertIn("cycle", done.err)
        self.assertEqual(self.snapshot(), before)

    def test_it_can_wait_for_all(self):
        self.worker()
        self.add("--from", "-", "--wait", code=1, stdin=lines(
            {"name": "a", "shell": "true"}, {"name": "b", "shell": "exit 3"}))

    def test_two_thousand_tasks_are_added_at_once(self):
        text = lines(*({"name": f"t{i}", "command": ["true"],
                        **({"after": [f"t{i // 2}"]} if i else {})} for i in range(2000)))
        done = self.add("--from", "-", stdin=text)
        self.assertEqual(done.out, "2000 tasks added\n")

    def test_with_json_the_errors_are_one_object(self):
        done = self.add("--from", "-", "--json", stdin="x\n{}\n", code=2)
        error = json.loads(done.err)["error"]
        self.assertEqual(error["exit_code"], 2)
        self.assertIn("stdin:1", error["message"])

    def test_without_a_worker_each_command_finds_a_short_log_to_read(self):
        log = self.store + "/sched.db-wal"
        self.add("--from", "-", "-q", stdin=lines(*({"command": ["true"]} for _ in range(3000))))
        self.assertLess(os.path.getsize(log), 300_000)
        sizes = []
        for _ in range(60):
            self.add("-q", "--", "true")
            sizes.append(os.path.getsize(log))
        self.assertLess(max(sizes), 300_000)
        self.assertGreater(max(sizes), 100_000, "and is not emptied after each")
        # Beside another that has the store open nobody reads it, and to empty it holds up that one.
        other = sqlite3.connect(self.store + "/sched.db", isolation_level=None)
        other.execute("SELECT count(*) FROM tasks").fetchone()
        for _ in range(30):
            self.add("-q", "--", "true")
        self.assertGreater(os.path.getsize(log), 300_000)
        other.close()
        self.add("-q", "--", "true")
        self.assertLess(os.path.getsize(log), 300_000)
        self.worker()
        self.sched("wait", "--all", "--timeout", "60s")
        self.assertEqual(self.json("status")["counts"]["succeeded"], 3091)


if __name__ == "__main__":
    main()
