#!/usr/bin/env python3
"""Who goes first: fair shares, guaranteed slots, alternatives and backfill, with real processes."""
import sqlite3

from support import CommandTest, main, until


class Policies(CommandTest):
    def started(self):
        """The names of all tasks that ever started, in the order of their claims."""
        with sqlite3.connect(f"file:{self.store}/sched.db?mode=ro", uri=True) as database:
            return [name for name, in database.execute(
                "SELECT t.name FROM runs AS r JOIN tasks AS t ON t.id = r.task_id"
                " JOIN attempts AS a ON a.run_id = r.id ORDER BY a.claimed_at_ms, a.token, r.id")]

    def line(self, queue):
        return [place["task"] for place in self.json("queue", "show", queue)["next"]]

    # Fair shares.

    def test_users_share_a_queue_whoever_came_first(self):
        self.sched("queue", "add", "q", "--policy", "fair")
        for user, count in (("alice", 30), ("bob", 10)):
            for i in range(count):
                self.add(f"{user}{i}", "--queue", "q", "--", "sleep", "0.02", env={"USER": user})
        self.work(slots=1)
        first = [name.rstrip("0123456789") for name in self.started()][:16]
        self.assertGreaterEqual(first.count("bob"), 6, first)
        self.assertLessEqual(first.count("bob"), 10, first)

    def test_shares_have_weights_and_are_told(self):
        self.sched("queue", "add", "q", "--policy", "fair,priority", "--fair-by", "tag",
                   "--share", "team-a=3", "--half-life", "2h")
        for team in ("a", "b"):
            for i in range(40):
                self.add(f"{team}{i}", "--queue", "q", "--tag", "nightly", "--tag", f"team-{team}",
                         "--", "sleep", "0.02")
        # Only team-a has a weight: all others are of the share of their first tag.
        self.work(slots=1)
        first = [name.rstrip("0123456789") for name in self.started()][:40]
        self.assertGreaterEqual(first.count("a"), 25, first)
        self.assertLessEqual(first.count("a"), 35, first)
        self.assertEqual(self.json("queue", "list", "q")[0]["fair"],
                         {"by": "tag", "half_life_ms": 7_200_000, "shares": {"team-a": 3}})
        self.assertIn("by tag, half-life 2h: team-a 3, others 1", self.sched("queue", "show", "q").out)

    def test_the_line_of_a_fair_queue_is_drawn_as_it_goes(self):
        self.sched("queue", "add", "q", "--policy", "fair", "--slots", "1")
        for user in ("alice", "bob"):
            for i in range(3):
                self.add(f"{user}{i}", "--queue", "q", "--", "true", env={"USER": user})
        self.sched("queue", "pause", "q")
        self.work()
        order = ["alice0", "bob0", "alice1", "bob1", "alice2", "bob2"]
        self.assertEqual(self.line("q"), order)
        told = {line["kind"]: line["what"] for line in self.json("explain", "bob0")}
        self.assertIn("queue_paused", told)
        self.sched("queue", "resume", "q")
        self.work(slots=1)
        self.assertEqual(self.started()[:2], order[:2])  # From then on by what they really took.

    def test_a_queue_that_is_no_longer_fair_goes_by_rank_again(self):
        self.sched("queue", "add", "q", "--policy", "fair", "--slots", "1")
        for user in ("alice", "alice", "alice", "bob"):
            self.add("--queue", "q", "--", "true", env={"USER": user})
        self.sched("queue", "pause", "q")
        self.work()
        self.assertEqual(self.line("q"), ["task-1", "task-4", "task-2", "task-3"])
        self.sched("queue", "edit", "q", "--policy", "fifo")
        self.assertEqual(self.line("q"), ["task-1", "task-2", "task-3", "task-4"])
        self.sched("queue", "resume", "q")
        self.work()
        self.assertEqual(len(self.json("runs", "--outcome", "succeeded")), 4)

    # Guaranteed slots.

    def test_guaranteed_slots_are_lent_and_come_back(self):
        self.sched("queue", "add", "mine", "--guarantee", "1")
        for i in range(8):
            self.add(f"other{i}", "--shell", f"until [ -e go{i} ]; do sleep 0.01; done")
        self.worker(slots=2)
        self.until_state("other0", "running")
        self.until_state("other1", "running")  # Both slots are lent.
        for i in range(3):
            self.add(f"mine{i}", "--queue", "mine", "--shell", f"until [ -e mine{i} ]; do sleep 0.01; done")
        self.write("go0", "")
        self.until_state("mine0", "running")
        self.write("go1", "")
        self.sched("wait", "other1")
        until(lambda: self.run_of("other2")["state"] == "running" or self.run_of("mine1")["state"] == "running",
              "the other slot is taken in turns")
        self.assertEqual(self.json("queue", "list", "mine")[0]["guaranteed"], 1)

    # Alternatives.

    def test_what_does_as_well_is_taken_where_the_first_is_not_free(self):
        self.sched("resource", "add", "gpu", "1")
        self.sched("resource", "add", "core", "16")
        for i in range(3):
            self.add(f"t{i}", "--need", "gpu", "--or-need", "core=10", "--shell",
                     "echo $SCHED_NEEDS; until [ -e go ]; do sleep 0.01; done")
        self.worker(slots=4)
        self.until_state("t0", "running")
        self.until_state("t1", "running")
        used = {line["name"]: line["used"] for line in self.json("resource", "list")}
        self.assertEqual((used["gpu"], used["core"]), (1, 10))
        told = {line["kind"]: line["what"] for line in self.json("explain", "t2")}
        self.assertEqual(told["resource"], "needs 1 of gpu; 0 of 1 are free")
        self.write("go", "")
        for i in range(3):
            self.sched("wait", f"t{i}")
        self.assertEqual(self.logs("t0"), "gpu=1\n")
        self.assertEqual(self.logs("t1"), "core=10\n")
        self.assertEqual(self.json("show", "t0")["other_needs"], ["core=10"])
        self.assertIn("gpu=1, or core=10", self.sched("show", "t0").out)
        self.sched("edit", "t0", "--or-need", "")
        self.assertEqual(self.json("show", "t0")["other_needs"], [])

    def test_alternatives_that_make_no_sense_are_refused(self):
        self.sched("resource", "add", "gpu", "1")
        for words, says in ((("--or-need", "gpu"), "--or-need without --need"),
                            (("--need", "gpu", "--or-need", "gpu=1"), "stands twice"),
                            (("--need", "gpu", "--or-need", "gpu=3"), "--or-need gpu=3: there are 1 in all"),
                            (("--need", "gpu", "--or-need", "tpu"), "no resource 'tpu'"),
                            (("--need", "gpu", "--or-need", ""), "empty")):
            with self.subTest(words=words):
                self.assert_refused("add", "x", *words, "--", "true", says=says)
        self.add("x", "--need", "gpu", "--or-need", "cpu", "--", "true")
        self.assert_refused("resource", "rm", "cpu", says="x needs the resource cpu")

    # Backfill.

    def test_only_what_ends_in_time_goes_before_the_first_in_line(self):
        self.sched("resource", "add", "r", "2")
        self.add("quick", "--manual", "--need", "r", "--", "true")
        self.sched("start", "quick")
        self.work()  # From then on it has a history.
        self.add("holds", "--need", "r", "--timeout", "1h", "--shell", "until [ -e go ]; do sleep 0.01; done")
        self.worker(slots=4)
        self.until_state("holds", "running")
        self.add("first", "--need", "r=2", "--", "true")
        self.until_state("first", "queued")
        self.add("unknown", "--need", "r", "--", "true")
        self.add("long", "--need", "r", "--timeout", "2h", "--", "true")
        self.add("short", "--need", "r", "--timeout", "1m", "--", "true")
        self.sched("wait", "short")
        self.sched("start", "quick", "--wait")
        self.assertEqual({name: self.run_of(name)["state"] for name in ("first", "unknown", "long")},
                         {"first": "queued", "unknown": "queued", "long": "queued"})
        first = f"run-{self.run_of('first')['id']}"
        for name in ("unknown", "long"):
            told = {line["kind"]: line["what"] for line in self.json("explain", name)}
            self.assertRegex(told["kept"], f"^what it needs is kept for {first}, which is expected to start in 59m")
        told = {line["kind"]: line["what"] for line in self.json("explain", "first")}
        self.assertNotIn("kept", told)
        self.assertRegex(told["expected"], "^it is expected to start in 59m")
        self.sched("queue", "edit", "default", "--backfill", "eager")
        self.sched("wait", "unknown")
        self.assertEqual(self.run_of("long")["state"], "queued")
        self.write("go", "")
        self.sched("wait", "first", "long")
        order = self.started()
        self.assertLess(order.index("first"), order.index("long"))

    def test_bad_settings_change_nothing(self):
        self.sched("queue", "add", "q", "--slots", "2")
        before = self.sched("queue", "list", "--json").out
        for words, says in ((("--share", "a=2"), "not fair"), (("--half-life", "1h"), "not fair"),
                            (("--policy", "fair", "--share", "a=0"), "--share a '0'"),
                            (("--policy", "fair", "--share", "=2"), "not NAME=WEIGHT"),
                            (("--policy", "fair", "--half-life", "1ms"), "--half-life '1ms'"),
                            (("--policy", "fair", "--fair-by", "host"), "--fair-by 'host'"),
                            (("--guarantee", "3"), "2 slots in all"), (("--guarantee", "x"), "--guarantee 'x'"),
                            (("--backfill", "never"), "--backfill 'never'")):
            with self.subTest(words=words):
                self.assert_refused("queue", "edit", "q", *words, says=says)
        self.assertEqual(self.sched("queue", "list", "--json").out, before)


if __name__ == "__main__":
    main()
