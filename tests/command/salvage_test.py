#!/usr/bin/env python3
"""sched salvage: all that can be read of a damaged file comes out, and holds together."""
import os

from care import CareTest
from support import main

COUNT = 300


class Salvage(CareTest):
    def setUp(self):
        super().setUp()
        lines = ['{"command": ["true"], "name": "task-named-%d", "tag": ["t"]%s}' % (
            i, f', "after": ["task-named-{i - 1}"]' if i % 3 else "") for i in range(COUNT)]
        self.add("--from", "-", "-q", stdin="\n".join(lines))
        self.work(slots=4, timeout=120)
        self.change("INSERT INTO causes SELECT max(id), 'failure', 1, 1, 'late', 'failed', 'exit 1'"
                    " FROM runs")
        self.add("late", "--at", "+1h", "--on-failure", "task-named-0", "--", "true")
        self.add("final", "--after", "late", "--", "true")
        self.to = self.path("salvaged")

    def tables(self, file=None):
        return {table: set(self.query(f"SELECT * FROM {table}", file)) for table in (
            "surroundings", "tasks", "tags", "dependencies", "runs", "bindings", "attempts",
            "launchers", "handlers", "causes")}

    def root(self, name):
        return self.query(f"SELECT rootpage FROM sqlite_schema WHERE name = '{name}'")[0][0]

    def salvage(self, code=0, file=None):
        done = self.sched("salvage", file or self.database, self.to, code=code)
        self.assert_sound(self.to + "/sched.db")
        self.assertEqual(self.json("--store", self.to, "doctor")["ailments"], [])
        return done

    def test_a_good_file_comes_out_whole_with_what_only_its_log_has(self):
        self.assertGreater(os.path.getsize(self.database + "-wal"), 0)
        before = self.tables()
        done = self.salvage()
        self.assertEqual(done.out, f"salvaged {COUNT + 2} tasks and {COUNT + 2} runs into "
                         f"{self.to}\n")
        self.assertEqual(done.err, "")
        self.assertEqual(self.tables(self.to + "/sched.db"), before)
        self.assertFalse(os.path.exists(self.to + ".part"))
        self.assertFalse(os.path.exists(self.to + "/workshop"))
        self.sched("restore", self.to + "/sched.db")
        self.assertEqual(self.tables(), before)

    def test_a_damaged_header_loses_nothing(self):
        # Else the first page may stand in the write-ahead log as well, and nothing is amiss.
        self.change("PRAGMA wal_checkpoint(TRUNCATE)")
        before = self.tables()
        self.damage(0, count=100)
        self.assert_refused("list", code=5)
        self.salvage()
        self.assertEqual(self.tables(self.to + "/sched.db"), before)

    def test_of_a_damaged_schema_all_rows_come_out(self):
        before = self.tables()
        self.change("PRAGMA wal_checkpoint(TRUNCATE)")
        self.damage(100, count=400)
        self.assert_refused("list", code=5)
        done = self.salvage(code=1)
        self.assertIn("the schema could not be read", done.err)
        after = self.tables(self.to + "/sched.db")
        for table in ("runs", "attempts", "bindings", "dependencies", "tags"):
            self.assertEqual({row[:1] for row in after[table]}, {row[:1] for row in before[table]})

    def test_a_damaged_page_loses_its_rows_and_no_others(self):
        self.change("PRAGMA wal_checkpoint(TRUNCATE)")
        before = self.tables()
        root = self.root("runs")
        with open(self.database, "rb") as file:
            content = file.read()
        page = content[(root - 1) * 4096:root * 4096]
        self.assertEqual(page[0], 5, "an interior page")
        cells = int.from_bytes(page[3:5], "big")
        at = int.from_bytes(page[12 + 2 * (cells // 2):14 + 2 * (cells // 2)], "big")
        leaf = int.from_bytes(page[at:at + 4], "big")
        self.damage((leaf - 1) * 4096, count=4096)
        done = self.salvage(code=1)
        self.assertIn("lost: runs: one place could not be read", done.err)
        self.assertIn("every task is paused", done.err)
        after = self.tables(self.to + "/sched.db")
        lost = {row[0] for row in before["runs"]} - {row[0] for row in after["runs"]}
        self.assertIn(len(lost), range(5, 80))
        self.assertEqual(len(lost), max(lost) - min(lost) + 1, "they are neighbours")
        kept = {row[0]: row for row in after["runs"]}
        for row in before["runs"]:
            if row[0] in kept and row[7] == "finished":
                self.assertEqual(kept[row[0]], row)
        self.assertEqual(len(after["tasks"]), COUNT + 2)
        self.assertTrue(all(task["paused"] for task in self.json("--store", self.to, "list")))

    def test_of_a_truncated_file_comes_out_what_is_left(self):
        self.change("PRAGMA wal_checkpoint(TRUNCATE)")
        # Of what lies behind the first pages of all tables a third is cut off.
        roots = self.query("SELECT max(rootpage) FROM sqlite_schema")[0][0]
        pages = os.path.getsize(self.database) // 4096
        os.truncate(self.database, (roots + (pages - roots) * 2 // 3) * 4096)
        done = self.salvage(code=1)
        self.assertRegex(done.out, r"^salvaged \d+ tasks and \d+ runs")
        after = self.tables(self.to + "/sched.db")
        self.assertGreater(len(after["tasks"]), 50)
        self.assertIn(len(after["runs"]), range(50, COUNT + 2))

    def test_what_can_not_be_salvaged_leaves_nothing(self):
        self.assert_refused("salvage", self.path("nowhere"), self.to, code=3)
        self.assert_refused("salvage", self.write("empty", ""), self.to, code=2)
        self.assert_refused("salvage", self.write("text", "x" * 9000), self.to, code=5,
                            says="nothing of sched can be read")
        self.change("CREATE TABLE notes (a)", self.path("foreign"))
        self.assert_refused("salvage", self.path("foreign"), self.to, code=5)
        self.change("PRAGMA user_version=99; PRAGMA wal_checkpoint(TRUNCATE)")
        self.assert_refused("salvage", self.database, self.to, code=5, says="newer sched")
        self.assertFalse(os.path.exists(self.to))
        self.assertFalse(os.path.exists(self.to + ".part"))
        os.mkdir(self.to)
        self.write("salvaged/file", "")
        self.assert_refused("salvage", self.database, self.to, code=2, says="is there already")


if __name__ == "__main__":
    main()
