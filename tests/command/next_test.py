#!/usr/bin/env python3
"""`sched next`: when tasks and expressions fire, for eyes and for programs."""
import re

from support import CommandTest, main

BERLIN = ("--zone", "Europe/Berlin")


class Next(CommandTest):
    def at(self, *words, **more):
        """The moments of the firings."""
        return [firing["at"] for firing in self.json("next", *words, **more)]

    def test_an_expression_needs_no_task_and_no_store(self):
        done = self.sched("next", "--cron", "0 9 * * 1", *BERLIN, "-n", "3", "--from", "2026-03-20",
                          "--json")
        self.assertEqual(done.err, "")
        self.assertEqual(self.at("--cron", "0 9 * * 1", *BERLIN, "-n", "3", "--from",
                                 "2026-03-20"),
                         ["2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z", "2026-04-06T07:00:00Z"])
        self.assertEqual(len(self.at("--cron", "@hourly")), 10)
        self.assertRaises(FileNotFoundError, open, self.store)

    def test_each_form_of_expression(self):
        frm = ("--from", "2026-03-01T00:00:00Z", "-n", "2")
        for words, expected in (
                (("--calendar", "Mon..Fri 09:00"), ["2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z"]),
                (("--calendar", "09:00 Asia/Tokyo"), ["2026-03-02T00:00:00Z",
                                                      "2026-03-03T00:00:00Z"]),
                (("--every", "90m"), ["2026-03-01T01:30:00Z", "2026-03-01T03:00:00Z"]),
                (("--every", "90m", "--anchor", "2026-02-28T23:00:00Z"),
                 ["2026-03-01T00:30:00Z", "2026-03-01T02:00:00Z"]),
                (("--at", "2026-03-01 05:00"), ["2026-03-01T05:00:00Z"]),
                (("--at", "2026-03-01 05:00", "--zone", "Asia/Tokyo"), []),
                (("--cron", "0 9 * * *", "--calendar", "10:00"), ["2026-03-01T09:00:00Z",
                                                                  "2026-03-01T10:00:00Z"]),
                (("--cron", "0 0 0 ? * MON#2", "--dialect", "extended"),
                 ["2026-03-09T00:00:00Z", "2026-04-13T00:00:00Z"]),
                (("--cron", "0 9 * * *", "--not-before", "2026-03-05", "--not-after",
                  "2026-03-05 12:00"), ["2026-03-05T09:00:00Z"]),
                (("--cron", "0 9 * * *", "--count", "1"), ["2026-03-01T09:00:00Z"])):
            with self.subTest(words=words):
                self.assertEqual(self.at(*words, *frm, env={"TZ": "UTC"}), expected)

    def test_bounds(self):
        words = ("--cron", "0 * * * *", "--zone", "UTC", "--from", "2026-03-01T09:00:00Z")
        self.assertEqual(self.at(*words, "--until", "2026-03-01T11:00:00Z"),
                         ["2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"])
        self.assertEqual(self.at(*words, "--until", "2026-03-01T11:00:00Z", "-n", "1"),
                         ["2026-03-01T10:00:00Z"])
        self.assertEqual(len(self.at(*words, "--until", "2026-04-01")), 735)
        self.assertEqual(len(self.at(*words, "-n", "20000")), 20000)
        done = self.sched("next", *words, "--until", "2026-01-01", "--json")
        self.assertEqual((done.out, done.err), ("[]\n", "nothing fires in that time\n"))

    def test_other_moments_are_read_from_now_not_from_the_one_asked_for(self):
        at = self.at("--cron", "0 0 * * *", "--zone", "UTC", "--from", "2020-01-01",
                     "--not-before", "now", "-n", "1")
        self.assertGreater(at[0], "2026")

    def test_what_never_fires_is_an_empty_answer_and_said(self):
        for words in (("--cron", "0 0 30 2 *"), ("--calendar", "2020-01-01"),
                      ("--cron", "0 0 * * *", "--except", "Mon..Sun")):
            done = self.sched("next", *words, "--json")
            self.assertEqual((done.out, done.err), ("[]\n", "it never fires\n"))
            done = self.sched("next", *words)
            self.assertEqual((done.out, done.err.splitlines()[-1]), ("", "it never fires"))
        done = self.sched("next", "--cron", "@reboot", "--json")
        self.assertEqual(done.out, "[]\n")
        self.assertIn("when the machine has started", done.err)
        self.assertNotIn("never", done.err)

    def test_what_is_refused_says_why(self):
        for words, what in ((("--cron", "61 * * * *"), "61 is outside 0-59"),
                            (("--calendar", "fri..mon"), "runs backwards"),
                            (("--every", "15"), "has no unit"),
                            (("--cron", "@daily", "--zone", "Nowhere/X"), "is unknown"),
                            (("--cron", "@daily", "-n", "0"), "not a whole number"),
                            (("--cron", "@daily", "--from", "gestern"), "is no moment"),
                            (("--zone", "UTC"), "no expression is given"),
                            (("x", "--cron", "@daily"), "exclude each other")):
            with self.subTest(words=words):
                self.assert_refused("next", *words, says=what)
        self.assert_refused("next", "nobody", code=3, says="there is no task 'nobody'")

    def test_the_table_of_an_expression_has_no_column_of_tasks(self):
        done = self.sched("next", "--cron", "30 2 * * *", *BERLIN, "-n", "3", "--from",
                          "2026-03-28T00:00:00Z")
        lines = done.out.splitlines()
        self.assertRegex(lines[0], r"^LOCAL TIME +ZONE +WHEN$")
        for line, shown in zip(lines[1:], (r"Sat 2026-03-28 02:30:00 \+01:00  Europe/Berlin  .*ago",
                                           r"Sun 2026-03-29 03:00:00 \+02:00  Europe/Berlin  "
                                           r".*ago +clocks \+1h",
                                           r"Mon 2026-03-30 02:30:00 \+02:00  Europe/Berlin  "
                                           r".*ago")):
            self.assertRegex(line, f"^{shown}$")
        done = self.sched("next", "--cron", "0 2 * * *", "--zone",
                          "America/Argentina/ComodRivadavia", "-n", "1")
        self.assertIn("America/Argentina/ComodRivadavia", done.out)
        self.assertTrue(all(len(line) <= 80 for line in done.out.splitlines()), done.out)

    def test_the_day_on_which_the_clocks_change_is_marked_and_no_other(self):
        # In Cairo midnight itself is left out, on Friday 2026-04-24; in Havana it comes twice.
        for zone, frm, days in (("Africa/Cairo", "2026-04-22", ["2026-04-24"]),
                                ("America/Havana", "2026-10-30", ["2026-11-01"]),
                                ("Europe/Berlin", "2026-10-23", ["2026-10-25"])):
            firings = self.json("next", "--cron", "0 12 * * *", "--zone", zone, "--from", frm,
                                "-n", "5")
            self.assertEqual([f["local"][:10] for f in firings if f["clock_change"]], days, zone)

    def test_tasks_by_name_and_all(self):
        self.add("early", "--cron", "0 9 * * *", "--zone", "UTC", "--", "true")
        self.add("late", "--cron", "30 9 * * *", "--zone", "UTC", "--count", "2", "--", "true")
        self.add("hand", "--manual", "--", "true")
        self.add("once", "--at", "+400d", "--", "true")
        firings = self.json("next", "-n", "4")
        self.assertEqual([f["at"] for f in firings], sorted(f["at"] for f in firings))
        # From whatever hour of the day: each is next at its own time.
        self.assertEqual(sorted((f["task"], f["at"][11:16]) for f in firings),
                         [("early", "09:00")] * 2 + [("late", "09:30")] * 2)
        self.assertEqual([f["task"] for f in self.json("next", "late")], ["late", "late"])
        self.assertEqual([f["task"] for f in self.json("next", "once")], ["once"])
        self.assertIn("TASK", self.sched("next").out)
        done = self.sched("next", "hand")
        self.assertEqual(done.out, "")
        self.assertIn("'sched start hand' starts it", done.err)

    def test_holidays_of_a_list_and_of_a_calendar(self):
        ics = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
               "DTSTAMP:20200101T000000Z\r\nDTSTART;VALUE=DATE:20201225\r\nRRULE:FREQ=YEARLY\r\n"
               "END:VEVENT\r\nEND:VCALENDAR\r\n")
        frm = ("--cron", "0 9 * * 1-5", "--zone", "UTC", "--from", "2026-12-24T00:00:00Z", "-n", "2")
        for name, text in (("days", "# closed\n2026-12-25 Christmas\n2026-12-28..2026-12-30\n"),
                           ("days.ics", ics)):
            path = self.write(name, text)
            self.assertNotIn("2026-12-25T09:00:00Z", self.at(*frm, "--except-on", path))
            self.assertEqual(self.at(*frm, "--only-on", path)[0], "2026-12-25T09:00:00Z")
        empty = self.write("empty", "# none yet\n")
        done = self.sched("next", *frm, "--except-on", empty)
        self.assertEqual(len(re.findall("there is no day in it", done.err)), 1, done.err)
        self.assert_refused("next", *frm, "--only-on", empty, says="nothing would ever fire")
        self.assert_refused("next", *frm, "--except-on", "nowhere", says="there is no such file")


if __name__ == "__main__":
    main()
