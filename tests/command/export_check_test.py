#!/usr/bin/env python3
"""`sched export` writes what other schedulers read; `sched check` says what looks wrong."""
import os
import pwd

from support import CommandTest, main

HOME = pwd.getpwuid(os.getuid()).pw_dir
AS_CRON = ("--catch-up", "none", "--overlap", "allow")


class ExportTest(CommandTest):
    def setUp(self):
        super().setUp()
        # What cron and systemd set by themselves: nothing is left to be said of it.
        self.environment.update(PATH="/usr/bin:/bin", HOME=HOME, SHELL="/bin/sh")
        del self.environment["LANG"], self.environment["TZ"]

    def add(self, *words, code=0, **more):
        return super().add(*words, code=code, cwd=HOME, **more)

    def add_cron(self, name, *words, zone="UTC", **more):
        return self.add(name, "--zone", zone, *AS_CRON, *words, env={"TZ": "UTC"}, **more)

    def crontab(self, *words, code=0, zone="UTC"):
        """The lines, without the variable that says what zone this test takes for the machine's."""
        out = self.sched("export", "crontab", *words, code=code, env={"TZ": zone}).out
        return [line for line in out.splitlines() if line and line != f"TZ={zone}"]


class Crontab(ExportTest):
    def test_a_task_is_a_line_below_its_name(self):
        self.add_cron("a", "--cron", "0   2 * * mon-fri", "--", "echo", "100%", "two words")
        self.add_cron("b", "--cron", "@daily", "--stdin", "text:in\n", "--shell", "x | y")
        self.add_cron("c", "--cron", "@reboot", "--", "true")
        self.assertEqual(self.crontab(), [
            "# a", "0 2 * * mon-fri echo 100\\% 'two words'",
            "# b", "@daily x | y%in",
            "# c", "@reboot true"])
        self.assertEqual(self.crontab("c"), ["# c", "@reboot true"])

    def test_what_fires_at_the_same_moments_is_said_otherwise(self):
        rows = [(("--calendar", "Mon..Fri 09:00"), "0 9 * * 1-5"),
                (("--calendar", "*:0/15"), "0-45/15 * * * *"),
                (("--every", "15m", "--anchor", "2026-01-01T00:05:00Z"), "5-59/15 * * * *"),
                (("--every", "1h", "--anchor", "2026-01-01T00:05:00Z"), "5 * * * *"),
                (("--every", "6h", "--anchor", "2026-01-01T01:30:00Z"), "30 1-23/6 * * *"),
                (("--every", "1d", "--anchor", "2026-01-01T01:30:00Z"), "30 1 * * *")]
        for words, schedule in rows:
            with self.subTest(words=words):
                self.add_cron("a", *words, "--", "true")
                self.assertEqual(self.crontab()[-1], schedule + " true")
                self.sched("rm", "a")

    def test_an_interval_that_the_clocks_would_shift_is_said_in_utc(self):
        self.add_cron("a", "--every", "6h", "--anchor", "2026-01-01T01:30:00Z", "--", "true",
                      zone="Europe/Berlin")
        lines = self.crontab(zone="Europe/Berlin")
        self.assertIn("CRON_TZ=UTC", lines)
        self.assertEqual(lines[-1], "30 1-23/6 * * * true")

    def test_settings_hold_until_they_are_taken_back(self):
        self.add_cron("a", "--cron", "0 1 * * *", "--jitter", "5m", "--", "true",
                      zone="Asia/Tokyo")
        self.add_cron("b", "--cron", "0 2 * * *", "--", "true")
        self.assertEqual(self.crontab(), [
            "CRON_TZ=Asia/Tokyo", "RANDOM_DELAY=5", "# a", "0 1 * * * true",
            'CRON_TZ=""', "RANDOM_DELAY=0", "# b", "0 2 * * * true"])

    def test_another_directory_is_entered_by_the_command(self):
        os.mkdir(self.path("d"))
        for words, command in ((("--", "true"), f"cd {self.path('d')} && true"),
                               (("--shell", "a; b"), f"cd {self.path('d')} || exit; a; b")):
            CommandTest.sched(self, "add", "a", "--cron", "0 2 * * *", *AS_CRON, *words,
                              cwd=self.path("d"))
            lines = self.crontab()
            self.assertIn("# a: changed: its directory is entered by its command", lines)
            self.assertEqual(lines[-1], "0 2 * * * " + command)
            self.sched("rm", "a")

    def test_what_is_lost_is_a_comment_and_the_exit_code(self):
        rows = [(("--cron", "0 2 * * *", "--retries", "2"), "a: cron can't keep --retries"),
                (("--cron", "0 2 * * *", "--timeout", "1h"), "a: cron can't keep --timeout"),
                (("--cron", "0 2 * * *", "--except", "Sun", "--count", "3"),
                 "a: cron can't keep --except, --count"),
                (("--cron", "0 2 * * *", "--jitter", "30s"), "a: cron can't keep --jitter 30s"),
                (("--every", "7m"),
                 "left out: a: '7m': 7m divides neither an hour nor a day evenly"),
                (("--every", "15m", "--from", "finish"),
                 "left out: a: '15m': it counts from the end of a run"),
                (("--calendar", "09:00:30"), "left out: a: '09:00:30': cron knows no seconds"),
                (("--dialect", "extended", "--cron", "0 0 9 L * ?"),
                 "left out: a: '0 0 9 L * ?': it is in the extended dialect")]
        for words, comment in rows:
            with self.subTest(words=words):
                self.add_cron("a", *words, "--", "true")
                self.assertIn("# " + comment, self.crontab(code=1))
                self.sched("rm", "a")
        self.add("b", "--cron", "0 2 * * *", "--", "true")
        self.assertIn("# b: cron can't keep --catch-up last, --overlap skip",
                      self.crontab(code=1))
        self.add("c", "--at", "2027-01-01T00:00:00Z", "--", "true")
        self.assertEqual(self.crontab("c", code=1),
                         ["# left out: c: cron can't say 'once', at 2027-01-01T00:00:00Z"])
        self.assertNotIn("c:", "".join(self.crontab(code=1)))
        self.add_cron("d", "--cron", "0 2 * * *", "--shell", "x\ny")
        self.assertEqual(self.crontab("d", code=1), [
            "# left out: d: no line of a crontab has this command and input"])
        self.sched("pause", "d")
        self.assertEqual(self.crontab("d", code=1), ["# left out: d: it is paused"])

    def test_import_of_an_export_gives_the_same_tasks(self):
        text = ("PATH=/opt/bin:/usr/bin\n# nightly\n0 2 * * * backup --all %in put%two\n"
                "CRON_TZ=Europe/Berlin\nFOO=a b\nRANDOM_DELAY=3\n"
                "# report\n*/5 9-17 * * mon-fri echo 100\\% | mail x\n"
                "SHELL=/bin/bash\n# reb\n@reboot echo $SHELL\n")
        self.sched("import", "crontab", self.write("jobs", text))
        first = self.sched("export", "crontab").out
        self.write("again", first)
        there = ("--store", self.directory + "/other")
        self.sched(*there, "import", "crontab", self.path("again"))
        self.assertEqual(self.sched(*there, "export", "crontab").out, first)
        for task in ("nightly", "report", "reb"):
            shown = [self.json("show", task), self.json(*there, "show", task)]
            for one in shown:
                for key in ("key", "created_at", "next_at"):
                    del one[key]
            self.assertEqual(*shown)

    def test_wrong_words_are_refused(self):
        self.assert_refused("export", "crontabs", hint="did you mean 'crontab'?")
        self.assert_refused("export", "crontab", "nobody", code=3)
        self.add_cron("a", "--cron", "0 2 * * *", "--", "true")
        self.assert_refused("export", "crontab", "--directory", self.home, says="--directory")


class Systemd(ExportTest):
    def units(self, *words, code=0):
        return self.sched("export", "systemd", *words, code=code).out.splitlines()

    def test_a_task_is_a_timer_and_a_service(self):
        self.add("a", "--cron", "0 2 * * mon", "--jitter", "5m", "--timeout", "1h", "--nice", "5",
                 "--zone", "UTC", "--", "echo", "100%", "$x")
        self.assertEqual(self.sched("export", "systemd", env={"TZ": "UTC"}).out, f"""# a.timer
[Unit]
Description=a

[Timer]
OnCalendar=Mon *-*-* 02:00:00
Persistent=true
RandomizedDelaySec=5min
FixedRandomDelay=true
AccuracySec=1us
Unit=a.service

[Install]
WantedBy=timers.target

# a.service
[Unit]
Description=a

[Service]
Type=oneshot
ExecStart=echo 100%% $$x
Environment=PATH=/usr/bin:/bin
Environment=SHELL=/bin/sh
WorkingDirectory={HOME}
Nice=5
UMask=0022
TimeoutStartSec=1h
""")

    def test_limits_that_a_cgroup_holds_have_their_lines(self):
        self.add("a", "--cron", "@daily", "--max-rss", "50M", "--cpu-quota", "1.5", "--", "true")
        lines = self.units()
        self.assertIn("MemoryMax=52428800", lines)
        self.assertIn("CPUQuota=150%", lines)

    def test_each_trigger_has_its_line(self):
        rows = [(("--cron", "0 0 13 * 5"), ["OnCalendar=*-*-13 00:00:00",
                                            "OnCalendar=Fri *-*-* 00:00:00"], 0),
                (("--calendar", "Mon 09:00:30"), ["OnCalendar=Mon 09:00:30"], 0),
                (("--cron", "@reboot"), ["OnBootSec=0"], 0),
                (("--every", "15m", "--anchor", "2026-01-01T00:00:00Z"),
                 ["OnCalendar=*-*-* *:00..45/15:00"], 0),
                (("--every", "7m"), ["OnActiveSec=7min", "OnUnitActiveSec=7min"], 1),
                (("--every", "7m", "--from", "finish"),
                 ["OnActiveSec=7min", "OnUnitInactiveSec=7min"], 0)]
        self.environment["TZ"] = "UTC"
        for words, triggers, code in rows:
            with self.subTest(words=words):
                self.add("a", *words, "--", "true")
                self.assertEqual([line for line in self.units(code=code)
                                  if line.startswith("On")], triggers)
                self.sched("rm", "a")
        self.add("b", "--at", "2027-01-01T00:00:00Z", "--", "true")
        self.assertIn("OnCalendar=2027-01-01 00:00:00 UTC", self.units("b"))
        self.add("c", "--manual", "--", "true")
        self.assertIn("# c: no timer: it has no times that systemd knows", self.units("c", code=1))

    def test_handlers_that_are_exported_too_are_named(self):
        self.add("alert", "--manual", "--", "true")
        self.add("a/b", "--cron", "0 2 * * *", "--on-failure", "alert", "--on-success", "alert", "--", "true")
        both = self.units("a/b", "alert")
        self.assertIn("OnFailure=alert.service", both)
        self.assertIn("OnSuccess=alert.service", both)
        self.assertFalse([line for line in both if "no timer" in line])
        alone = self.units("a/b", code=1)
        self.assertIn("# a/b: systemd can't keep --on-failure, --on-success", alone)
        self.assertFalse([line for line in alone if line.startswith(("OnFailure", "OnSuccess"))])
        self.sched("edit", "a/b", "--fallback", "alert")
        self.assertIn("# a/b: systemd can't keep --fallback", self.units("a/b", "alert", code=1))
        self.add("c", "--cron", "0 3 * * *", "--on-failure", "a/b", "--", "true")
        self.assertIn("OnFailure=a\\x2fb.service", self.units("c", "a/b", "alert", code=1))

    def test_what_is_lost_is_a_comment_and_the_exit_code(self):
        self.add("a", "--cron", "0 2 * * *", "--overlap", "queue", "--catch-up", "all",
                 "--retries", "1", "--limit", "core=0", "--", "true")
        self.assertIn("# a: systemd can't keep --catch-up all, --overlap queue, --retries, --limit",
                      self.units(code=1))

    def test_a_command_that_systemd_may_not_find_is_told(self):
        for path, code in (("/opt/bin:/usr/bin", 1), ("/usr/bin:/bin", 0)):
            self.environment["PATH"] = path
            for words, lost in ((("--", "backup"), code), (("--", "/opt/backup"), 0),
                                (("--shell", "backup"), 0)):
                self.add("a", "--cron", "0 2 * * *", *words)
                told = ("# a: systemd looks for 'backup' in its own path, not in that of the task"
                        in self.units(code=lost))
                self.assertEqual(told, lost == 1)
                self.sched("rm", "a")

    def test_import_of_an_export_gives_the_same_units(self):
        first, second = self.path("first"), self.path("second")
        os.mkdir(first)
        os.mkdir(second)
        self.add("a", "--cron", "*/5 9-17 * * mon", "--zone", "Asia/Tokyo", "--jitter", "5m",
                 "--timeout", "1h", "--stdin", "text:in\n", "--shell", "echo 100% \"$HOME\" | x")
        self.add("b", "--calendar", "Mon 09:00:30", "--catch-up", "none", "--nice", "5", "--env",
                 "FOO=a b", "--", "echo", "$x", "two words")
        self.add("c", "--cron", "@reboot", "--", "true")
        self.sched("export", "systemd", "--directory", first, code=None)
        timers = [f"{first}/{name}.timer" for name in "abc"]
        there = ("--store", self.directory + "/other")
        self.sched(*there, "import", "systemd", *timers)
        self.sched(*there, "export", "systemd", "--directory", second)
        self.assertEqual(sorted(os.listdir(first)), sorted(os.listdir(second)))
        for name in os.listdir(first):
            with open(f"{first}/{name}", encoding="utf-8") as one:
                with open(f"{second}/{name}", encoding="utf-8") as other:
                    self.assertEqual([line for line in one if not line.startswith("#")],
                                     other.readlines(), name)

    def test_files_with_other_content_are_kept(self):
        self.add("a", "--cron", "0 2 * * *", "--", "true")
        there = self.path("units")
        self.assert_refused("export", "systemd", "--directory", there, hint="mkdir -p")
        os.mkdir(there)
        wrote = f"wrote {there}/a.timer\nwrote {there}/a.service\n"
        self.assertEqual(self.sched("export", "systemd", "--directory", there).out, wrote)
        self.assertEqual(self.sched("export", "systemd", "--directory", there).out, "")
        os.remove(there + "/a.timer")
        with open(there + "/a.service", "w", encoding="utf-8") as file:
            file.write("mine\n")
        self.assert_refused("export", "systemd", "--directory", there, says="other content",
                            hint="--force")
        self.assertEqual(os.listdir(there), ["a.service"])
        self.assertEqual(self.sched("export", "systemd", "--directory", there, "--force").out,
                         wrote)


class Check(CommandTest):
    def findings(self, *words, code=1):
        return {(each["task"], each["kind"]): each
                for each in self.json("check", *words, code=code)}

    def test_nothing_is_wrong(self):
        done = self.sched("check")
        self.assertEqual((done.out, done.err), ("", "nothing looks wrong\n"))
        self.add("a", "--cron", "0 9 * * 1-5", "--", "true")
        self.add("once", "--", "true")
        self.assertEqual(self.findings(code=0), {})
        self.assertEqual(self.sched("check", "once").err, "nothing looks wrong\n")
        self.assert_refused("check", "nobody", code=3)

    def test_each_finding_is_a_line_with_its_hint(self):
        self.add("a", "--cron", "*/7 * * * *", "--", "true")
        self.add("b", "--cron", "0 0 30 2 *", "--force", "--", "true")
        self.add("c", "--cron", "30 2 * * *", "--zone", "Europe/Berlin", "--", "true")
        self.assertEqual(list(self.findings()), [
            ("a", "uneven"), ("b", "never"), ("c", "gap"), ("c", "repeated"), ("c", "zone")])
        self.assertEqual(list(self.findings("b")), [("b", "never")])
        self.assertEqual(set(self.findings("b")["b", "never"]), {"task", "kind", "what", "remedy"})
        self.assertEqual(self.sched("check", "a", "b", code=1).out, (
            "a: '*/7 * * * *' begins anew each hour: its last step is 4m, not 7m\n"
            "  hint: for even steps: --every 7m\n"
            "b: never fires: there is no such moment\n"
            "  hint: give it other times with sched edit b, or sched rm b\n"))
        self.assertLessEqual(max(map(len, self.sched("check", code=1).out.splitlines())), 80)

    def test_runs_are_held_against_the_times(self):
        self.add("a", "--every", "100ms", "--not-before", "2190-01-01", "--", "sleep", "0.3")
        self.assertEqual(self.findings(code=0), {})
        self.sched("start", "a")
        self.work()
        self.assertIn(("a", "always_skips"), self.findings())

    def test_files_of_days_are_read_again(self):
        days = self.write("days", "2026-01-01\n2199-01-01\n")
        self.add("a", "--cron", "0 9 * * *", "--except-on", days, "--", "true")
        self.assertEqual(self.findings(code=0), {})
        self.write("days", "2199-01-02\n")
        found = self.findings()
        self.assertEqual(list(found), [("a", "days_changed")])
        self.sched(*found["a", "days_changed"]["remedy"].split()[1:])
        self.assertEqual(self.findings(code=0), {})
        os.remove(days)
        self.assertEqual(list(self.findings()), [("a", "days_gone")])


if __name__ == "__main__":
    main()
