#!/usr/bin/env python3
"""`sched import`: crontabs, timers of systemd and jobs of at become tasks, once, and line by line."""
import os
import pwd

from support import CommandTest, main

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fixtures",
                        "conformance")
ME = pwd.getpwuid(os.getuid())


def expected_lines():
    """What crontabs.tsv says: by file, its format and its lines with their kind."""
    files = {}
    with open(os.path.join(FIXTURES, "crontabs.tsv"), encoding="utf-8") as table:
        for row in table:
            if row.startswith("#"):
                continue
            name, form, line, kind, *rest = row.rstrip("\n").split("\t")
            files.setdefault(name, (form, []))[1].append((int(line), kind, rest))
    return files


class ImportTest(CommandTest):
    def crontab(self, text, *words, name="jobs", code=0, **more):
        return self.sched("import", "crontab", self.write(name, text), *words, code=code, **more)

    def report(self, *words, **more):
        """The objects of the report."""
        return self.json("import", *words, **more)

    def results(self, *words, **more):
        """What became of each job, by task."""
        return {line["task"]: line["result"] for line in self.report(*words, **more)
                if line["is_job"]}

    def names(self):
        return sorted(task["name"] for task in self.json("list"))


class Crontabs(ImportTest):
    def test_each_line_of_the_conformance_files_is_taken_or_refused_as_cron_does(self):
        files = expected_lines()
        self.assertEqual(len(files), 12)
        for name, (form, rows) in files.items():
            with self.subTest(file=name):
                path = os.path.join(FIXTURES, "crontabs", name)
                report = self.report("crontab", path, "--format", form, "--keep-going",
                                     "--dry-run")
                jobs = {row["line"]: row for row in report if row["is_job"]}
                for line, kind, rest in rows:
                    if kind == "job":
                        self.assertIn(line, jobs)
                        job = jobs.pop(line)
                        self.assertEqual(job["schedule"], rest[0])
                        ours = rest[1] in ("", ME.pw_name)
                        self.assertEqual(job["result"], "taken" if ours else "refused", job)
                    elif kind == "error":
                        self.assertTrue(any(row["line"] == line and row["result"] == "refused"
                                            for row in report), line)
                self.assertEqual(jobs, {})
        self.assertFalse(os.path.exists(self.store))

    def test_a_job_is_what_cron_makes_of_it(self):
        self.crontab("HOME=/\nGREETING=hello\nMAILTO=me@example.org\nCRON_TZ=Europe/Berlin\n"
                     "RANDOM_DELAY=5\n# Daily report\n0 9 * * 1-5 report --to x%line 1%line 2\n",
                     env={"SECRET": "1", "LANG": "de_DE.UTF-8", "PATH": os.environ["PATH"]})
        task = self.json("show", "Daily-report")
        self.assertEqual((task["command"], task["shell"]), (["report --to x"], True))
        self.assertEqual(task["stdin_bytes"], len("line 1\nline 2\n"))
        self.assertEqual(task["environment"]["MAILTO"], "me@example.org")
        self.assertEqual(task["directory"], "/")
        self.assertEqual(task["tags"], ["crontab"])
        schedule = task["schedule"]
        self.assertEqual(schedule["timers"],
                         [{"kind": "cron", "text": "0 9 * * 1-5", "normal_form": None}])
        self.assertEqual((schedule["zone"], schedule["catch_up"], schedule["overlap"],
                          schedule["jitter_ms"]), ("Europe/Berlin", "none", "allow", 300_000))

    def test_a_command_gets_the_environment_of_cron_and_its_input(self):
        self.crontab(f"HOME={self.home}\nGREETING=hello\n@yearly env > seen\n"
                     "@yearly cat > copy%one%two\\%\n",
                     env={"SECRET": "1", "LANG": "de_DE.UTF-8"})
        for name in self.names():
            self.sched("start", name)
        self.work()
        self.assertEqual(self.until_file("copy"), "one\ntwo%\n")
        variables = dict(line.split("=", 1) for line in self.until_file("seen").split("\n")
                         if "=" in line)
        wanted = {"GREETING": "hello", "HOME": self.home, "LOGNAME": ME.pw_name,
                  "USER": ME.pw_name, "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh",
                  "SECRET": None, "LANG": None}
        self.assertEqual({name: variables.get(name) for name in wanted}, wanted)

    def test_another_shell_is_given_the_command(self):
        self.crontab("SHELL=/bin/bash\n@daily echo $0\n")
        task = self.json("show", "echo")
        self.assertEqual((task["command"], task["shell"]),
                         (["/bin/bash", "-c", "echo $0"], False))

    def test_importing_twice_changes_nothing(self):
        path = os.path.join(FIXTURES, "crontabs", "user-backup.crontab")
        first = self.results("crontab", path)
        self.assertEqual(set(first.values()), {"taken"})
        before = self.snapshot()
        again = self.results("crontab", path)
        self.assertEqual(again, dict.fromkeys(first, "unchanged"))
        self.assertEqual(self.snapshot(), before)

    def test_only_what_changed_is_changed(self):
        self.crontab("0 1 * * * one\n0 2 * * * two\n0 3 * * * two\n")
        self.sched("edit", "one", "--retries", "4", "--tag", "mine")
        results = self.results("crontab", self.write(
            "jobs", "# moved\n0 1 * * * one\n0 2 * * * two\n0 4 * * * two\n0 5 * * * three\n"))
        self.assertEqual(results, {"one": "updated", "two": "unchanged", "two-2": "updated",
                                   "three": "taken"})
        one = self.json("show", "one")
        self.assertEqual((one["retries"], sorted(one["tags"])), (4, ["crontab", "mine"]))
        self.assertEqual(self.json("show", "two-2")["schedule"]["timers"][0]["text"], "0 4 * * *")
        self.assertEqual(self.names(), ["one", "three", "two", "two-2"])

    def test_a_command_that_was_changed_is_no_new_job(self):
        self.crontab("0 1 * * * one\n0 2 * * * two\n0 2 * * * three\n")
        path = self.write("jobs", "0 1 * * * one --more\n0 2 * * * two\n0 2 * * * four\n")
        expected = {"one": "updated", "two": "unchanged", "three": "updated"}
        self.assertEqual(self.results("crontab", path, "--dry-run"), expected)
        self.assertEqual(self.results("crontab", path), expected)
        self.assertEqual(self.names(), ["one", "three", "two"])
        self.assertEqual(self.json("show", "one")["command"], ["one --more"])
        self.assertEqual(set(self.results("crontab", path).values()), {"unchanged"})
        # Of several at one time nobody knows which became which.
        path = self.write("jobs", "0 1 * * * one --more\n0 2 * * * five\n0 2 * * * six\n")
        self.assertEqual(self.results("crontab", path),
                         {"one": "unchanged", "five": "taken", "six": "taken", "two": "ignored",
                          "three": "ignored"})

    def test_a_name_that_is_taken_by_another_task_is_left_to_it(self):
        self.add("backup", "--manual", "--", "true")
        self.assertEqual(self.results("crontab", self.write("jobs", "@daily /opt/backup.sh -a\n")),
                         {"backup-2": "taken"})

    def test_what_is_gone_is_reported_and_pruned(self):
        self.crontab("0 1 * * * one\n0 2 * * * two\n")
        self.crontab("0 1 * * * elsewhere\n", name="other")
        path = self.write("jobs", "0 1 * * * one\n")
        self.assertEqual(self.results("crontab", path), {"one": "unchanged", "two": "ignored"})
        self.assertEqual(self.results("crontab", path, "--prune", "--dry-run"),
                         {"one": "unchanged", "two": "removed"})
        self.assertEqual(self.names(), ["elsewhere", "one", "two"])
        self.assertEqual(self.results("crontab", path, "--prune"),
                         {"one": "unchanged", "two": "removed"})
        self.assertEqual(self.names(), ["elsewhere", "one"])

    def test_a_dry_run_leaves_no_trace(self):
        path = self.write("jobs", "0 1 * * * one\n")
        self.assertEqual(self.results("crontab", path, "--dry-run"), {"one": "taken"})
        self.assertFalse(os.path.exists(self.store))
        self.add("other", "--manual", "--", "true")
        before = self.snapshot()
        self.assertEqual(self.results("crontab", path, "--dry-run"), {"one": "taken"})
        self.assertEqual(self.snapshot(), before)

    def test_a_refused_line_stops_all_unless_told_to_go_on(self):
        text = "0 1 * * * good\n61 * * * * bad\n0 0 30 2 * never\n"
        done = self.crontab(text, code=2)
        self.assertIn("nothing was imported", done.err)
        self.assertIn("61 is outside 0-59", done.out)
        self.assertIn("never fires", done.out)
        self.assertFalse(os.path.exists(self.store))
        self.crontab(text, "--keep-going")
        self.assertEqual(self.names(), ["good"])

    def test_the_job_of_another_account_is_refused(self):
        done = self.crontab(f"0 1 * * * {ME.pw_name} mine\n0 2 * * * nobody-else theirs\n",
                            "--format", "system", code=2)
        self.assertIn("tasks run as their owner", done.out)
        self.crontab(f"0 1 * * * {ME.pw_name} mine\n", "--format", "system")
        self.assertEqual(self.names(), ["mine"])

    def test_standard_input_is_a_crontab_too(self):
        self.sched("import", "crontab", "-", stdin="@hourly tick\n")
        self.assertEqual(self.names(), ["tick"])
        self.assertEqual(self.results("crontab", "-", stdin="@hourly tick\n"),
                         {"tick": "unchanged"})

    def test_reboot_and_empty_crontabs(self):
        self.assertEqual(self.results("crontab", "-", stdin="@reboot once\n"), {"once": "taken"})
        self.assertEqual(self.results("crontab", "-", "--prune", stdin="# nothing\n"),
                         {"once": "removed"})
        self.assertEqual(self.names(), [])

    def test_what_cron_would_not_read_of_the_system_is_left_out(self):
        root = self.directory + "/root"
        os.makedirs(root + "/etc/cron.d")
        for name, mode in (("good", 0o644), ("old.dpkg-old", 0o644), ("open", 0o666)):
            with open(f"{root}/etc/cron.d/{name}", "w", encoding="utf-8") as file:
                file.write(f"0 1 * * * {ME.pw_name} {name[:4]}\n")
            os.chmod(f"{root}/etc/cron.d/{name}", mode)
        report = self.report("crontab", "--system", "--root", root)
        ignored = {os.path.basename(row["file"]) for row in report if row["result"] == "ignored"}
        if os.getuid() == 0:
            self.assertEqual(ignored, {"old.dpkg-old", "open"})
            self.assertEqual(self.names(), ["good"])
            os.remove(root + "/etc/cron.d/good")
            self.assertEqual(self.results("crontab", "--system", "--root", root, "--prune"),
                             {"good": "removed"})
        else:
            self.assertIn("good", ignored)

    def test_the_crontab_that_cron_keeps_is_read(self):
        root = self.directory + "/root"
        spool = root + "/var/spool/cron/crontabs"
        os.makedirs(spool)
        self.assert_refused("import", "crontab", "--user", "--root", root, code=3,
                            says="there is no crontab")
        with open(f"{spool}/{ME.pw_name}", "w", encoding="utf-8") as file:
            file.write("@daily mine\n")
        self.assertEqual(self.results("crontab", "--user", "--root", root), {"mine": "taken"})
        self.assertEqual(self.json("show", "mine")["key"].split(":")[:3],
                         ["crontab", "user", ME.pw_name])

    def test_wrong_words_are_refused(self):
        for words, says in ((["crontab"], "which crontab"), (["cron", "x"], "no import from"),
                            (["crontab", "x", "--user"], "exclude"),
                            (["crontab", "/nonexistent"], "there is no such file"),
                            (["crontab", "-", "--format", "x"], "neither user nor system"),
                            (["systemd"], "which timer"),
                            (["systemd", "x.timer", "--user"], "for crontabs")):
            with self.subTest(words=words):
                self.assert_refused("import", *words, says=says)


class Timers(ImportTest):
    def unit(self, name, text):
        directory = self.path("units")
        os.makedirs(os.path.dirname(f"{directory}/{name}"), exist_ok=True)
        with open(f"{directory}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
        return f"{directory}/{name}"

    def test_a_timer_and_its_service_become_a_task(self):
        self.unit("backup.service", "[Service]\nType=oneshot\nNice=7\nUMask=0077\n"
                  f"WorkingDirectory={self.home}\nEnvironment=WHAT=all\nTimeoutStartSec=90\n"
                  "ExecStart=/bin/sh -c 'echo \"got $WHAT\" > result'\n")
        timer = self.unit("backup.timer", "[Timer]\nOnCalendar=daily\nPersistent=true\n"
                          "RandomizedDelaySec=10min\n[Install]\nWantedBy=timers.target\n")
        self.assertEqual(self.results("systemd", timer), {"backup": "taken"})
        task = self.json("show", "backup")
        self.assertEqual((task["key"], task["nice"], task["timeout_ms"], task["directory"]),
                         ("systemd:backup.timer", 7, 90_000, self.home))
        schedule = task["schedule"]
        self.assertEqual((schedule["timers"], schedule["catch_up"], schedule["overlap"],
                          schedule["jitter_ms"]),
                         ([{"kind": "calendar", "text": "daily",
                           "normal_form": "*-*-* 00:00:00"}], "last", "skip", 600_000))
        self.sched("start", "backup")
        self.work()
        self.assertEqual(self.until_file("result"), "got all\n")
        self.assertEqual(self.results("systemd", timer), {"backup": "unchanged"})

    def test_intervals_keep_their_anchor_at_a_second_import(self):
        self.unit("tick.service", "[Service]\nExecStart=/bin/true\n")
        timer = self.unit("tick.timer", "[Timer]\nOnBootSec=0\nOnUnitActiveSec=1h 30min\n")
        self.assertEqual(self.results("systemd", timer), {"tick": "taken"})
        schedule = self.json("show", "tick")["schedule"]
        self.assertEqual([(timer["kind"], timer["text"]) for timer in schedule["timers"]],
                         [("cron", "@reboot"), ("every", "1h30m")])
        self.assertEqual(self.results("systemd", timer), {"tick": "unchanged"})
        self.unit("tick.timer", "[Timer]\nOnUnitInactiveSec=10min\n")
        self.assertEqual(self.results("systemd", timer), {"tick": "updated"})
        after = self.json("show", "tick")["schedule"]
        self.assertEqual((after["from"], after["timers"][0]["text"]), ("finish", "10m"))

    def test_a_file_of_variables_is_read_at_each_start_where_it_is_there(self):
        path = self.write("variables", "WHAT=it\n")
        for files, expected in (([path], [("taken", "is read at each start")]),
                                (["-/no/such/file"], [("changed", "is left out")]),
                                ([path, "-/no/such/file"], [("taken", "is read at each start"),
                                                            ("changed", "is left out")]),
                                ([path, path + "2"], [("taken", "is read at each start"),
                                                      ("refused", "a task has one")])):
            self.unit("job.service", "[Service]\nExecStart=/bin/true\n" +
                      "".join(f"EnvironmentFile={file}\n" for file in files))
            timer = self.unit("job.timer", "[Timer]\nOnCalendar=daily\n")
            code = 2 if expected[-1][0] == "refused" else 0
            report = self.report("systemd", timer, "--dry-run", code=code)
            said = [line for line in report if line["file"].endswith("job.service") and
                    line["line"] >= 3]
            self.assertEqual([line["result"] for line in said], [kind for kind, _ in expected])
            for line, (_, what) in zip(said, expected):
                self.assertIn(what, line["what"])

    def test_drop_ins_count(self):
        self.unit("job.service", "[Service]\nExecStart=/bin/true\n")
        timer = self.unit("job.timer", "[Timer]\nOnCalendar=daily\n")
        self.unit("job.timer.d/when.conf", "[Timer]\nOnCalendar=\nOnCalendar=weekly\n")
        self.sched("import", "systemd", timer)
        (timer,) = self.json("show", "job")["schedule"]["timers"]
        self.assertEqual((timer["kind"], timer["text"]), ("calendar", "weekly"))

    def test_what_would_be_another_job_is_refused(self):
        for service, says in (("[Service]\nExecStart=/bin/true\nUser=nobody-else\n",
                               "tasks run as their owner"),
                              ("[Service]\nType=oneshot\n", "nothing is executed")):
            with self.subTest(says=says):
                self.unit("odd.service", service)
                timer = self.unit("odd.timer", "[Timer]\nOnCalendar=daily\n")
                done = self.sched("import", "systemd", timer, code=2)
                self.assertIn(says, done.out)
        alone = self.unit("alone.timer", "[Timer]\nOnCalendar=daily\n")
        self.assertIn("alone.service is not there",
                      self.sched("import", "systemd", alone, code=2).out)
        self.assert_refused("import", "systemd", "no-such-unit.timer", code=3, says="no timer")
        self.assertFalse(os.path.exists(self.store))


class AtJobs(ImportTest):
    def test_a_job_runs_once_with_its_script_as_input(self):
        spool = self.path("atjobs")
        os.mkdir(spool)
        with open(spool + "/a0001b01c5d2e7", "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n# atrun uid={os.getuid()} gid={os.getgid()}\n# mail me 0\n"
                       "umask 22\nWHAT=it; export WHAT\n"
                       f"cd {self.home} || {{\n\t echo 'Execution directory inaccessible' >&2\n"
                       "\t exit 1\n}\necho \"did $WHAT\" > done\n")
        with open(spool + "/.SEQ", "w", encoding="utf-8") as file:
            file.write("0001b\n")
        self.assertEqual(self.results("at", "--spool", spool), {"at-27": "taken"})
        self.assertEqual(self.results("at", "--spool", spool), {"at-27": "unchanged"})
        self.work()  # its moment has passed
        self.assertEqual(self.until_file("done"), "did it\n")
        self.assertEqual(self.results("at", "--spool", spool), {"at-27": "unchanged"})
        self.assertEqual(len(self.json("runs")), 1)


if __name__ == "__main__":
    main()
