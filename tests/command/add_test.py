#!/usr/bin/env python3
"""Every option of `sched add`, by its effect in a real run."""
import concurrent.futures
import json
import os

from support import SCHED, CommandTest, main


class Names(CommandTest):
    def test_a_named_task_is_told_with_its_id(self):
        self.assertIn("added hello (task-1)", self.add("hello", "--", "true").out)

    def test_an_unnamed_task_is_called_by_its_id(self):
        self.assertIn("added task-1:", self.add("--", "true").out)
        self.assertEqual(self.json("list")[0]["name"], "task-1")
        self.sched("show", "task-1")
        self.sched("show", "1")

    def test_quiet_prints_the_id_alone(self):
        self.assertEqual(self.add("a", "-q", "--", "true").out, "1\n")
        self.assertEqual(self.add("b", "--quiet", "--", "true").out, "2\n")

    def test_json_tells_id_name_and_run(self):
        told = json.loads(self.add("a", "--json", "--", "true").out)
        self.assertEqual(told, {"id": 1, "name": "a", "added": True, "run": 1, "next_at": None, "deadlines": []})

    def test_a_worker_that_is_not_there_is_told(self):
        self.assertIn("sched run", self.add("a", "--", "true").out)

    def test_the_longest_name_is_taken_and_one_byte_more_is_not(self):
        self.add("n" * 128, "--", "true")
        self.assert_refused("add", "n" * 129, "--", "true")

    def test_a_name_may_have_colons_slashes_dots_and_dashes(self):
        self.add("a/b.c:d-e", "--", "true")
        self.add("below", "--after", "a/b.c:d-e", "--", "true")
        self.add("below2", "--after", "a/b.c:d-e:done", "--", "true")
        self.work()
        self.assertEqual(self.end_of("below")[0], "succeeded")
        self.assertEqual(self.end_of("below2")[0], "succeeded")


class Commands(CommandTest):
    def test_arguments_reach_the_command_as_they_are(self):
        words = ["a b", "$HOME", "*", "", "--", "--wait", "\"'", "ü", "a\nb", "\t"]
        self.add("args", "--", "printf", "%s|", *words)
        self.work()
        self.assertEqual(self.logs("args"), "|".join(words) + "|")

    def test_shell_is_the_one_way_to_a_shell(self):
        self.add("sh", "--shell", "echo $((6 * 7)) | tr 4 5")
        self.work()
        self.assertEqual(self.logs("sh"), "52\n")

    def test_a_missing_program_is_named(self):
        self.add("gone", "--", "no-such-program-here")
        self.work(code=1)
        self.assertEqual(self.end_of("gone"),
                         ("failed", "no such program: 'no-such-program-here'"))

    def test_a_file_that_is_not_executable_is_named(self):
        path = self.write("plain.txt", "text")
        self.add("plain", "--", path)
        self.work(code=1)
        self.assertIn("not executable", self.end_of("plain")[1])

    def test_a_relative_program_is_found_from_the_working_directory(self):
        self.write("here.sh", "#!/bin/sh\necho here\n", 0o755)
        self.add("relative", "--", "./here.sh")
        self.work()
        self.assertEqual(self.logs("relative"), "here\n")

    def test_the_run_is_told_who_it_is(self):
        self.add("who", "--retries", "1", "--backoff", "fixed:0s", "--shell",
                 'echo "$SCHED_TASK $SCHED_RUN_ID $SCHED_ATTEMPT $SCHED_STORE"; '
                 'echo "$SCHED_NOMINAL_TIME" >> times; [ "$SCHED_ATTEMPT" = 2 ]')
        self.work()
        self.assertEqual(self.logs("who"), f"who 1 2 {self.store}\n")
        nominal = self.run_of("who")["nominal_at"]
        times = self.until_file("times").split()
        self.assertEqual(len(set(times)), 1)
        self.assertEqual(times[0][:19], nominal[:19])

    def test_queue_and_slot_are_told(self):
        self.add("where", "--shell", 'echo "[$SCHED_QUEUE] [$SCHED_SLOT]"')
        self.work()
        self.assertRegex(self.logs("where"), r"^\[default\] \[\d+\]\n$")


class Surroundings(CommandTest):
    def environment_of(self, task):
        return dict(line.split("=", 1) for line in self.logs(task).splitlines() if "=" in line)

    def test_only_what_a_command_needs_is_captured(self):
        given = {"SECRET": "x", "EDITOR": "vi", "LC_TIME": "C.UTF-8", "SHELL": "/bin/sh",
                 "LOGNAME": "me", "LCX": "no", "LD_PRELOAD": ""}
        self.add("env", "--", "env", env=given)
        self.work()
        seen = {name for name in self.environment_of("env") if not name.startswith("SCHED_")}
        self.assertEqual(seen, {"PATH", "HOME", "SHELL", "USER", "LOGNAME", "LANG", "LC_TIME", "TZ"})

    def test_a_worker_adds_nothing_of_its_own_environment(self):
        self.add("env", "--", "env")
        self.sched("run", "--until-idle", "--progress", "none",
                   env={"WORKER_ONLY": "1", "PATH": "/worker/path:/usr/bin:/bin", "LANG": "C"})
        seen = self.environment_of("env")
        self.assertNotIn("WORKER_ONLY", seen)
        self.assertEqual(seen["PATH"], self.environment["PATH"])
        self.assertEqual(seen["LANG"], "C.UTF-8")

    def test_env_captures_one_more_and_sets_one(self):
        self.add("env", "--env", "EDITOR", "--env", "MODE=a=b c", "--env", "EMPTY=", "--env",
                 "PATH=/bin", "--", "/usr/bin/env", env={"EDITOR": "vi", "OTHER": "x"})
        self.work()
        seen = self.environment_of("env")
        self.assertEqual((seen["EDITOR"], seen["MODE"], seen["EMPTY"], seen["PATH"]),
                         ("vi", "a=b c", "", "/bin"))
        self.assertNotIn("OTHER", seen)

    def test_env_all_captures_all_but_what_tells_of_an_outer_run(self):
        self.add("env", "--env-all", "--", "env",
                 env={"OTHER": "x", "SCHED_TASK": "outer", "SCHED_RUN_ID": "99"})
        self.work()
        seen = self.environment_of("env")
        self.assertEqual((seen["OTHER"], seen["SCHED_TASK"], seen["SCHED_RUN_ID"]),
                         ("x", "env", "1"))

    def test_an_environment_file_is_read_at_each_start_and_never_stored(self):
        secret = "hunter2-never-stored"
        path = self.write("secrets", f"# words\n\nTOKEN={secret}\nQUOTED=\"a b\"\n", 0o600)
        self.add("use", "--env-file", path, "--shell", 'printf %s "$TOKEN" | wc -c; echo "$QUOTED"')
        self.work()
        self.assertEqual(self.logs("use"), f"{len(secret)}\na b\n")
        self.write("secrets", "TOKEN=xyz\n", 0o600)
        self.sched("start", "use")
        self.work()
        self.assertEqual(self.logs("use"), "3\n\n")
        for name in os.listdir(self.store):
            if name.startswith("sched.db"):
                with open(os.path.join(self.store, name), "rb") as file:
                    self.assertNotIn(secret.encode(), file.read(), name)

    def test_an_environment_file_that_is_gone_is_the_reason(self):
        self.add("use", "--env-file", "missing.env", "--", "true")
        self.work(code=1)
        self.assertIn("missing.env", self.end_of("use")[1])

    def test_the_working_directory_is_that_of_add_or_the_one_that_is_given(self):
        os.mkdir(self.path("sub"))
        self.add("here", "--", "pwd")
        self.add("there", "--cwd", "sub", "--", "pwd")
        self.add("root", "--cwd", "/", "--", "pwd")
        self.sched("run", "--until-idle", "--progress", "none", cwd="/tmp")
        self.assertEqual([self.logs(name) for name in ("here", "there", "root")],
                         [self.home + "\n", self.home + "/sub\n", "/\n"])

    def test_a_directory_that_is_not_there_is_warned_of_and_then_named(self):
        done = self.add("gone", "--cwd", "/no/such/place", "--", "pwd")
        self.assertIn("warning: --cwd '/no/such/place'", done.err)
        self.work(code=1)
        self.assertIn("/no/such/place", self.end_of("gone")[1])

    def test_the_umask_is_that_of_add(self):
        for mask, mode in ((0o077, "600"), (0o002, "664")):
            name = f"mask{mask:o}"
            self.add(name, "--shell", f"touch {name}; stat -c %a {name}", umask=mask)
            self.work()
            self.assertEqual(self.logs(name), mode + "\n")

    def test_nice_is_applied(self):
        self.add("nice", "--nice", "7", "--", "nice")
        self.work()
        base = int(self.logs("nice"))
        self.assertEqual(base, min(19, 7))


class Input(CommandTest):
    def test_without_it_standard_input_is_empty(self):
        self.add("none", "--", "wc", "-c")
        self.work()
        self.assertEqual(self.logs("none"), "0\n")

    def test_a_text_is_kept_with_the_task(self):
        self.add("text", "--stdin", "a line\nand more", "--", "cat")
        self.add("prefixed", "--stdin", "text:/etc/passwd", "--", "cat")
        self.work()
        self.assertEqual(self.logs("text"), "a line\nand more")
        self.assertEqual(self.logs("prefixed"), "/etc/passwd")

    def test_a_file_is_opened_at_each_start(self):
        self.write("in", "one")
        self.add("file", "--stdin", "in", "--", "cat")
        self.add("later", "--stdin", "file:not-yet", "--", "cat")
        self.write("in", "two")
        self.write("not-yet", "three")
        self.work()
        self.assertEqual((self.logs("file"), self.logs("later")), ("two", "three"))

    def test_a_large_text_arrives_whole_and_a_reader_that_leaves_hurts_nobody(self):
        # A word of a command line has at most 128 KiB, so it comes in through a file of tasks.
        text = "x" * 900_000
        self.add("--from", "-", stdin=json.dumps(
            {"name": "large", "stdin": text, "command": ["wc", "-c"]}) + "\n" + json.dumps(
            {"name": "leaver", "stdin": text, "command": ["true"]}))
        self.work()
        self.assertEqual(self.logs("large").strip(), "900000")
        self.assertEqual(self.end_of("leaver")[0], "succeeded")

    def test_a_text_past_the_bound_is_refused_with_the_way_out(self):
        done = self.add("--from", "-", code=2, stdin=json.dumps(
            {"name": "a", "stdin": "x" * 1_100_000, "command": ["cat"]}))
        self.assertIn("file:", done.err)
        self.assertLess(len(done.err), 2000)
        self.assertEqual(self.json("list"), [])


class Output(CommandTest):
    def test_both_streams_are_merged_in_order_or_kept_apart(self):
        text = "for i in 1 2 3; do echo out$i; echo err$i >&2; done"
        self.add("merged", "--shell", text)
        self.add("apart", "--split-output", "--shell", text)
        self.work()
        self.assertEqual(self.logs("merged").split(),
                         ["out1", "err1", "out2", "err2", "out3", "err3"])
        self.assertEqual(self.logs("apart").split(), ["out1", "out2", "out3"])
        self.assertEqual(self.logs("apart", "--stderr").split(), ["err1", "err2", "err3"])

    def test_over_its_cap_a_log_keeps_head_and_tail_and_counts_the_rest(self):
        self.add("long", "--log-limit", "8k", "--shell", "seq 1 20000")
        self.work()
        whole = self.sched("logs", "long")
        self.assertTrue(whole.out.startswith("1\n2\n"))
        self.assertTrue(whole.out.endswith("\n19999\n20000\n"))
        self.assertLessEqual(len(whole.out), 8192)
        total = sum(len(f"{i}\n") for i in range(1, 20001))
        told = self.json("logs", "long")[0]
        self.assertEqual(told["dropped_bytes"] + len(whole.out), total)

    def test_bytes_of_any_kind_come_back_as_they_were(self):
        self.add("bytes", "--shell", r"printf '\000\377\200a\033[1m\n'")
        self.work()
        self.assertEqual(self.sched("logs", "bytes").raw_out, b"\x00\xff\x80a\x1b[1m\n")


class Order(CommandTest):
    def test_with_one_slot_the_higher_priority_goes_first_and_then_the_older(self):
        for name, priority in (("a", "0"), ("b", "5"), ("c", "-5"), ("d", "5"), ("e", "1000")):
            self.add(name, "--priority", priority, "--shell", 'echo "$SCHED_TASK" >> order')
        self.work(slots=1)
        self.assertEqual(self.until_file("order").split(), ["e", "b", "d", "a", "c"])

    def test_at_starts_no_earlier(self):
        self.add("soon", "--at", "+1s", "--", "true")
        self.add("late", "--at", "+1h", "--", "true")
        worker = self.start("run", "--progress", "none")
        self.until_state("soon", "finished")
        run = self.run_of("soon")
        self.assertGreaterEqual(run["started_at"], run["nominal_at"])
        self.assertEqual(self.run_of("late")["state"], "waiting")
        worker.terminate()
        self.finish(worker)

    def test_a_moment_of_the_past_is_run_now(self):
        self.add("past", "--at", "2020-01-01 00:00", "--", "true")
        self.work()
        self.assertEqual(self.end_of("past")[0], "succeeded")

    def test_a_manual_task_waits_for_its_start(self):
        self.add("by-hand", "--manual", "--", "true")
        self.work()
        self.assertEqual(self.json("runs"), [])
        self.sched("start", "by-hand")
        self.work()
        self.assertEqual(self.end_of("by-hand")[0], "succeeded")


class Keys(CommandTest):
    def test_the_same_key_twice_is_one_task(self):
        self.assertEqual(self.add("-q", "--key", "k", "--", "true").out, "1\n")
        again = self.add("--key", "k", "--", "false")
        self.assertIn("is there already", again.out)
        self.assertEqual(self.add("-q", "--key", "k", "--", "true").out, "1\n")
        self.assertEqual([task["command"] for task in self.json("list")], [["true"]])

    def test_a_key_can_be_refused_or_its_task_replaced(self):
        self.add("--key", "k", "--", "true")
        self.assert_refused("add", "--key", "k", "--if-exists", "error", "--", "true")
        done = self.add("--key", "k", "--if-exists", "replace", "--priority", "7", "--", "echo", "2")
        self.assertIn("replaced", done.out)
        self.assertEqual(len(self.json("list")), 1)
        self.assertEqual(self.json("list")[0]["priority"], 7)
        self.work()
        self.assertEqual(self.logs("task-1"), "2\n")

    def test_a_name_that_is_taken_is_refused_skipped_or_replaced(self):
        self.add("a", "--", "true")
        self.assert_refused("add", "a", "--", "false", says="'a'", hint="--if-exists")
        self.add("a", "--if-exists", "skip", "--", "false")
        self.assertEqual(self.json("show", "a")["command"], ["true"])
        self.add("a", "--if-exists", "replace", "--", "false")
        self.assertEqual(self.json("show", "a")["command"], ["false"])

    def test_fifty_at_once_with_one_key_are_one_task(self):
        self.add("first", "--", "true")
        count = 15 if "SCHED_IS_SANITIZED" in os.environ else 50
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            ids = set(pool.map(lambda _: self.add("-q", "--key", "one", "--", "true").out,
                               range(count)))
        self.assertEqual(ids, {"2\n"})
        self.assertEqual(len(self.json("list")), 2)

    def test_fifty_at_once_into_a_store_that_is_not_there_yet_are_all_kept(self):
        # A program with sanitizers starts so slowly that fifty would take more than the ten seconds
        # for which each of them waits for the lock.
        count = 15 if "SCHED_IS_SANITIZED" in os.environ else 50
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            ids = list(pool.map(lambda _: self.add("-q", "--", "true").out, range(count)))
        self.assertEqual(len(set(ids)), count)
        self.assertEqual(len(self.json("list")), count)


class Tags(CommandTest):
    def test_tags_are_kept_and_found(self):
        self.add("a", "--tag", "x,y", "--tag", "z", "--tag", "x", "--", "true")
        self.add("b", "--tag", "y", "--", "true")
        self.assertEqual(self.json("show", "a")["tags"], ["x", "y", "z"])
        self.assertEqual({task["name"] for task in self.json("list", "--tag", "y")}, {"a", "b"})
        self.assertEqual({task["name"] for task in self.json("list", "--tag", "z")}, {"a"})


class Waiting(CommandTest):
    def test_wait_goes_on_until_it_has_ended_and_tells_how(self):
        self.worker()
        self.add("good", "--wait", "--", "true")
        done = self.add("bad", "--wait", "--", "sh", "-c", "exit 7", code=1)
        self.assertIn("exit 7", done.err)
        self.add("code", "--wait", "--exit-code", "--", "sh", "-c", "exit 7", code=7)
        self.add("killed", "--wait", "--exit-code", "--shell", "kill -15 $$", code=143)
        self.add("fine", "--wait", "--exit-code", "--", "true")

    def test_exit_code_without_wait_is_refused(self):
        self.assert_refused("add", "a", "--exit-code", "--", "true", says="--wait")
        self.assertEqual(self.json("list"), [])

    def test_waiting_for_what_has_ended_ends_at_once(self):
        self.add("--key", "k", "--", "false")
        self.work(code=1)
        self.add("--key", "k", "--wait", "--exit-code", "--", "true", code=1)


class Acknowledged(CommandTest):
    def test_what_add_printed_is_kept_though_its_reader_is_gone(self):
        self.assertTrue(os.path.exists(SCHED))
        read, write = os.pipe()
        os.close(read)
        child = self.start("add", "a", "--", "true", stdout=write)
        os.close(write)
        self.finish(child, code=0)
        self.assertEqual(len(self.json("list")), 1)


if __name__ == "__main__":
    main()
