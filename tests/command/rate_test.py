#!/usr/bin/env python3
"""Rates: how many may start in how long, and what is said of it."""
import signal
import sqlite3

from support import CommandTest, main, until


class Rates(CommandTest):
    def obstacles(self, target):
        return {line["kind"]: line for line in self.json("explain", target)}

    def queue(self, name):
        return {queue["name"]: queue for queue in self.json("queue", "list")}[name]

    def starts(self):
        """When the runs started that did, in milliseconds, in order."""
        with sqlite3.connect(f"file:{self.store}/sched.db?mode=ro", uri=True) as database:
            return [at for (at,) in database.execute(
                "SELECT claimed_at_ms FROM attempts ORDER BY claimed_at_ms")]

    def full_at(self):
        with sqlite3.connect(f"file:{self.store}/sched.db?mode=ro", uri=True) as database:
            return database.execute("SELECT full_at_us FROM guards").fetchone()[0]

    def test_starts_keep_to_the_rate_and_until_idle_waits_for_tokens(self):
        self.sched("queue", "add", "mail", "--rate", "5/s", "--burst", "2")
        for i in range(8):
            self.add(f"m{i}", "--queue", "mail", "--", "true")
        self.work(slots=8)
        starts = self.starts()
        self.assertEqual(len(starts), 8)
        for first in range(8):
            for last in range(first, 8):
                self.assertLessEqual(last - first + 1, 2 + (starts[last] - starts[first]) // 200, starts)
        self.assertTrue(all(self.end_of(f"m{i}")[0] == "succeeded" for i in range(8)))

    def test_a_rate_slows_no_other_queue(self):
        self.sched("queue", "add", "mail", "--rate", "1/d")
        for i in range(5):
            self.add(f"m{i}", "--queue", "mail", "--", "true")
        for i in range(5):
            self.add(f"d{i}", "--", "true")
        self.worker(slots=1)
        for i in range(5):
            self.sched("wait", f"d{i}")
        self.sched("wait", "m0")
        self.assertEqual(self.queue("mail")["queued"], 4)
        told = self.obstacles("m1")["rate"]
        self.assertRegex(told["what"], r"^the rate of queue:mail, 1/d with a burst of 1, is used up: the next may "
                         r"start at \d{4}-.* in (1d|23h59m\d*s?).*; it is the next of its queue$")
        self.assertEqual(told["remove"], "its turn comes; sooner: sched queue edit mail --rate N/min")
        self.assertIn("1 queued run of its queue goes first", self.obstacles("m2")["rate"]["what"])

    def test_more_is_let_through_at_once_when_the_rate_is_raised_or_taken_away(self):
        self.sched("queue", "add", "mail", "--rate", "1/d")
        for i in range(4):
            self.add(f"m{i}", "--queue", "mail", "--", "true")
        self.worker()
        self.sched("wait", "m0")
        self.sched("queue", "edit", "mail", "--burst", "2")
        self.sched("queue", "edit", "mail", "--rate", "5/s")
        self.sched("wait", "m1")
        self.sched("queue", "edit", "mail", "--rate", "1/d", "--burst", "1")
        self.sched("queue", "edit", "mail", "--rate", "none")
        self.sched("wait", "m2", "m3")
        self.assertIsNone(self.queue("mail")["guard"])

    def test_what_remains_is_remembered_through_kill_9(self):
        self.sched("queue", "edit", "default", "--rate", "2/d", "--burst", "3")
        for i in range(5):
            self.add(f"a{i}", "--", "sleep", "60")
        first = self.worker(slots=5)
        for i in range(3):
            self.until_state(f"a{i}", "running")
        before = self.full_at()
        first.send_signal(signal.SIGKILL)
        first.wait()
        self.assertEqual(self.queue("default")["guard"]["tokens"], 0)
        second = self.worker(slots=5)
        until(lambda: self.json("worker", "list")[0]["running"] == 3, "it took over what runs")
        self.assertEqual(self.full_at(), before)
        self.assertEqual([self.run_of(f"a{i}")["state"] for i in range(5)], ["running"] * 3 + ["queued"] * 2)
        second.send_signal(signal.SIGKILL)
        second.wait()

    def test_a_tag_and_a_resource_have_rates_too(self):
        self.sched("resource", "add", "api", "10", "--rate", "1/d")
        self.sched("tag", "edit", "net", "--rate", "1/d", "--burst", "2")
        for i in range(3):
            self.add(f"n{i}", "--tag", "net", "--", "true")
        for i in range(2):
            self.add(f"r{i}", "--need", "api", "--", "true")
        self.add("free", "--", "true")
        self.worker()
        self.sched("wait", "n0", "n1", "r0", "free")
        self.assertEqual(self.run_of("n2")["state"], "queued")
        self.assertEqual(self.run_of("r1")["state"], "queued")
        self.assertIn("the rate of tag:net", self.obstacles("n2")["rate"]["what"])
        self.assertIn("sched tag edit net --rate", self.obstacles("n2")["rate"]["remove"])
        self.assertIn("the rate of resource:api", self.obstacles("r1")["rate"]["what"])
        self.assertEqual([(tag["tag"], tag["tasks"], tag["guard"]["tokens"]) for tag in self.json("tag", "list")],
                         [("net", 3, 0)])
        self.assertEqual(self.json("resource", "list")[0]["guard"]["rate"], "1/d")
        # A tag that is taken away sets its task free; one that is given binds it.
        self.sched("edit", "n2", "--tag", "other")
        self.sched("wait", "n2")
        self.sched("resource", "edit", "api", "--rate", "none")
        self.sched("wait", "r1")
        self.assertEqual(self.json("resource", "list")[0]["capacity"], 10)

    def test_it_is_shown_where_people_look(self):
        self.sched("queue", "add", "mail", "--rate", "60/h", "--burst", "2")
        self.assertRegex(self.sched("queue", "list").out, r"(?m)^NAME .* GUARD$")
        self.assertRegex(self.sched("queue", "list").out, r"(?m)^mail .* 60/h$")
        self.assertIn("60/h, burst 2: 2 may start now", self.sched("queue", "show", "mail").out)
        guard = self.queue("mail")["guard"]
        self.assertEqual((guard["subject"], guard["rate"], guard["burst"], guard["tokens"], guard["next_token_at"],
                          guard["state"]), ("queue:mail", "60/h", 2, 2, None, None))
        self.assertNotIn("Held back", self.sched("status").out)
        for i in range(2):
            self.add(f"m{i}", "--queue", "mail", "--", "true")
        self.work()
        status = self.sched("status").out
        self.assertRegex(status, r"(?m)^Held back\n  queue:mail +60/h, burst 2: used up, the next in (1m|\d+s)$")
        [held] = self.json("status")["guards"]
        self.assertEqual((held["subject"], held["tokens"]), ("queue:mail", 0))
        self.assertIsNotNone(held["next_token_at"])
        self.assertRegex(self.sched("queue", "list").out, r"(?m)^mail .* 60/h used up$")

    def test_wrong_input_is_told_and_changes_nothing(self):
        self.sched("queue", "add", "mail", "--rate", "10/min")
        before = self.json("queue", "list")
        for words, says, hint in (
                (("queue", "edit", "mail", "--rate", "10"), "--rate '10': it names no time", "10/min"),
                (("queue", "edit", "mail", "--rate", "0/s"), "'0' is no whole number of starts", "10/min"),
                (("queue", "edit", "mail", "--rate", "1/year"), "there is no time 'year'", "/min"),
                (("queue", "edit", "mail", "--burst", "0"), "--burst", None),
                (("queue", "edit", "mail", "--rate", "none", "--burst", "5"), "there is no rate", "--rate 10/min"),
                (("queue", "add", "other", "--burst", "5"), "there is no rate", "--rate 10/min"),
                (("queue", "list", "--rate", "1/s"), "list changes no settings", None),
                (("resource", "list", "--rate", "1/s"), "list changes no settings", None),
                (("tag", "edit"), "edit: no tag is named", "sched tag edit"),
                (("tag", "edit", "a", "b", "--rate", "1/s"), "2 tags are named", None),
                (("tag", "edit", "net"), "nothing to change", "--help"),
                (("tag", "edit", "-", "--rate", "1/s"), "tag", None),
                (("tag", "list", "--rate", "1/s"), "list changes no settings", None),
                (("tag", "show"), "unknown action 'show'", "list or edit")):
            with self.subTest(words=words):
                self.assert_refused(*words, says=says, hint=hint)
        self.assert_refused("tag", "list", "nett", code=3, says="no task has the tag nett")
        self.assertEqual(self.json("queue", "list"), before)
        self.assertEqual(self.json("tag", "list"), [])


if __name__ == "__main__":
    main()
