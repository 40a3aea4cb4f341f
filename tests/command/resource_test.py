#!/usr/bin/env python3
"""Resources and locks: all of it at once or nothing, and never more than there is."""
import os

from support import CommandTest, main


class Resources(CommandTest):
    def resource(self, name):
        return {line["name"]: line for line in self.json("resource", "list")}[name]

    def obstacle(self, target):
        return next(line for line in self.json("explain", target) if line["kind"] == "resource")

    def test_all_of_it_or_nothing(self):
        self.sched("resource", "add", "licence", "3")
        self.add("a", "--need", "licence=2", "--", "sleep", "60")
        self.add("b", "--need", "licence=2", "--", "true")
        self.add("c", "--need", "licence", "--", "true")
        self.add("d", "--", "true")
        self.worker(slots=4)
        self.sched("wait", "d")
        self.assertEqual(self.obstacle("b")["what"], "needs 2 of licence; 1 of 3 are free")
        self.assertEqual(self.run_of("c")["state"], "queued")  # What is free is kept for b.
        line = self.resource("licence")
        self.assertEqual((line["capacity"], line["used"], line["queued"]), (3, 2, 2))
        self.sched("resource", "edit", "licence", "4")
        self.sched("wait", "b", "c")
        self.sched("cancel", "a")
        self.sched("wait", "a", code=1)
        self.assertEqual(self.resource("licence")["used"], 0)

    def test_never_more_than_there_is_with_several_workers(self):
        self.sched("resource", "add", "r", "2.5")
        log = self.path("log")
        for i in range(10):
            self.add("--need", "r=0.5" if i % 2 else "r=1.5", "--shell",
                     f"echo +{i % 2} >>{log}; sleep 0.05; echo -{i % 2} >>{log}")
        for worker in [self.start("run", "--until-idle", "--progress", "none", "--slots", "8") for _ in range(3)]:
            self.finish(worker)
        used = highest = 0.0
        with open(log, encoding="ascii") as lines:
            for line in lines:
                amount = 0.5 if line[1] == "1" else 1.5
                used += amount if line[0] == "+" else -amount
                highest = max(highest, used)
        self.assertEqual(used, 0)
        self.assertLessEqual(highest, 2.5)
        self.assertGreaterEqual(highest, 1.5)

    def test_locks(self):
        for name in ("read1", "read2"):
            self.add(name, "--lock", "db:shared", "--", "sleep", "60")
        self.worker(slots=4)
        for name in ("read1", "read2"):
            self.until_state(name, "running")
        self.add("write", "--lock", "db", "--", "true")
        self.until_state("write", "queued")
        self.assertEqual(self.obstacle("write")["what"], "another run holds the lock db")
        self.assertEqual((self.resource("db")["kind"], self.resource("db")["used"]), ("lock", 2))
        self.add("read3", "--lock", "db:shared", "--", "true")
        self.add("other", "--lock", "file", "--", "true")
        self.sched("wait", "other")
        self.assertEqual(self.run_of("read3")["state"], "queued")  # Behind the one that wants it alone.
        self.sched("cancel", "read1", "read2")
        self.sched("wait", "write", "read3")

    def test_the_machines_own(self):
        self.add("a", "--need", "cpu=0.5,memory=1M", "--", "true")
        self.assertEqual(self.resource("cpu")["capacity"], len(os.sched_getaffinity(0)))
        self.assertGreater(self.resource("memory")["capacity"], 1 << 25)
        self.assert_refused("add", "b", "--need", "cpu=4000", "--", "true", says="--need cpu=4000: there are")
        self.work()
        self.assertEqual(self.end_of("a")[0], "succeeded")
        self.assertEqual(self.json("show", "a")["needs"], "cpu=0.5,memory=1M")

    def test_edit_replaces_what_it_names(self):
        self.sched("resource", "add", "r", "4")
        self.add("a", "--need", "r=2", "--lock", "x", "--lock", "y:shared", "--", "true")
        self.sched("edit", "a", "--need", "r=3")
        shown = self.json("show", "a")
        self.assertEqual((shown["needs"], shown["locks"]), ("r=3", ["x", "y:shared"]))
        self.assertIn("x, y:shared", self.sched("show", "a").out)
        self.sched("edit", "a", "--need", "", "--lock", "")
        shown = self.json("show", "a")
        self.assertEqual((shown["needs"], shown["locks"]), (None, []))

    def test_more_than_there_is_by_now(self):
        self.sched("resource", "add", "r", "2")
        self.add("a", "--need", "r=2", "--", "true")
        self.sched("resource", "edit", "r", "1")
        self.add("b", "--need", "r", "--", "true")
        self.work()
        self.assertEqual(self.end_of("b")[0], "succeeded")
        told = self.obstacle("a")
        self.assertEqual(told["what"], "needs 2 of r, and there are 1 in all")
        self.assertEqual(told["remove"], "sched resource edit r 2")

    def test_bad_input_changes_nothing(self):
        self.assertIn("no resource yet", self.sched("resource", "list").err)
        self.sched("resource", "add", "r", "2")
        self.add("a", "--need", "r", "--", "true")
        before = self.sched("resource", "list", "--json").out
        for words, says in (
                (("add", "r", "1"), "already"), (("add", "x"), "missing"), (("add",), "no resource"),
                (("add", "x", "0"), "capacity '0'"), (("add", "x=2", "1"), "no name"), (("rm", "r"), "a needs"),
                (("list", "r"), "no name"), (("rm", "r", "3"), "no amount"),
                (("show", "r"), "unknown action")):
            with self.subTest(words=words):
                self.assert_refused("resource", *words, says=says)
        self.assert_refused("resource", "edit", "s", "1", code=3, says="no resource 's'")
        for words, says in ((("--need", "s"), "no resource 's'"), (("--need", "r=3"), "there are 2 in all"),
                            (("--need", "r=0"), "--need 'r=0'"), (("--need", ""), "empty"),
                            (("--lock", "a b"), "--lock 'a b'"), (("--lock", "a:both"), "--lock 'a:both'"),
                            (("--need", "r", "--need", "r"), "twice")):
            with self.subTest(words=words):
                self.assert_refused("add", "x", *words, "--", "true", says=says)
        self.assertEqual(self.sched("resource", "list", "--json").out, before)


if __name__ == "__main__":
    main()
